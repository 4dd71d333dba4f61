import Pricing

// MARK: Products by oblivious transfer (SCI/src/LinearOT/linear-ot.cpp)

extension SCI {
    /// Who has the factors of a product in plaintext.
    enum Owner: Hashable, Sendable {
        /// Nobody: both are shared.
        case nobody
        /// The server has the left factor.
        case serverHasLeft
        /// The server has the right factor.
        case serverHasRight
        /// The client has the left factor.
        case clientHasLeft
        /// The client has the right factor.
        case clientHasRight
    }

    /// Matrix sizes p × q by q × r and widths of both factors and of the product.
    struct Product: Hashable, Sendable {
        var p: Int
        var q: Int
        var r: Int
        var leftBits: Int
        var rightBits: Int
        var bits: Int

        /// A product within one ring.
        init(_ p: Int, _ q: Int, _ r: Int, bits: Int) {
            self.init(p, q, r, leftBits: bits, rightBits: bits, bits: bits)
        }

        /// A product of shares of different widths.
        init(_ p: Int, _ q: Int, _ r: Int, leftBits: Int, rightBits: Int, bits: Int) {
            (self.p, self.q, self.r) = (p, q, r)
            (self.leftBits, self.rightBits, self.bits) = (leftBits, rightBits, bits)
        }

        var leftCount: Int { p * q }
        var rightCount: Int { q * r }
        var sizes: Sizes { Sizes(n: p * r, p: p, q: q, r: r, bits: bits) }

        /// SCI's estimate of the bits sent if the receiver chooses by the left factor.
        fileprivate var estimateByLeft: Double {
            Self.estimate(leftCount, messages: r, chosen: leftBits, bits: bits)
        }

        /// SCI's estimate if it chooses by the right factor.
        fileprivate var estimateByRight: Double {
            Self.estimate(rightCount, messages: p, chosen: rightBits, bits: bits)
        }

        private static func estimate(_ elements: Int, messages: Int, chosen: Int, bits: Int) -> Double {
            let (chosen, bits) = (Double(chosen), Double(bits))
            let sent = chosen * (bits - chosen) + (chosen * chosen + chosen) / 2
            return Double(elements) * (chosen * 128 + Double(messages) * sent)
        }
    }
}

extension SCI.Protocols {
    typealias Product = SCI.Product

    /// The share of one party times the share of the other, in each direction that is needed: the receiver chooses by the bits
    /// of its factor, the sender answers with multiples of a row of the other.
    ///
    /// A factor that one party has whole is needed in one direction only. The orientation is then fixed: the receiver chooses
    /// by the right factor if the names of SCI's modes begin with Alice, by the left one else.
    func crossTerms(_ product: Product, owner: SCI.Owner = .nobody) -> Step {
        let byLeft = { batched(product.leftCount, messages: product.r, chosen: product.leftBits, bits: product.bits) }
        let byRight = {
            batched(product.rightCount, messages: product.p, chosen: product.rightBits, bits: product.bits)
        }
        let exchange: Exchange =
            switch owner {
            case .serverHasLeft: byRight()
            case .serverHasRight: byRight().reversed
            case .clientHasLeft: byLeft()
            case .clientHasRight: byLeft().reversed
            case .nobody: bothWays(product.estimateByLeft > product.estimateByRight ? byRight() : byLeft())
            }
        return Step(.crossTerms, exchange, sizes: product.sizes)
    }

    /// Correlated transfers by the bits of `elements` numbers, each with `messages` messages that get a bit shorter from bit
    /// to bit. The transfers are made in batches of about 2^24 messages.
    private func batched(_ elements: Int, messages: Int, chosen: Int, bits: Int) -> Exchange {
        guard elements > 0, messages > 0 else { return .none }
        let transfers = elements * chosen
        // SCI divides in single precision.
        let most = Int((Float(1 << 24) / Float(elements * messages)).rounded(.up)) * elements
        let batch = min(transfers, most)
        let (full, rest) = transfers.quotientAndRemainder(dividingBy: batch)
        let sent = (0..<chosen).reduce(0) { $0 + elements * (messages * (bits - $1)).dividedRoundingUp(by: 8) }
        let matrix = full * SCI.ObliviousTransfer.padded(batch) + SCI.ObliviousTransfer.padded(rest)
        return Exchange(
            server: sent, client: 16 * matrix, messages: SCI.ObliviousTransfer.inOrder,
            repetitions: full + (rest > 0 ? 1 : 0))
    }

    /// A product of shares of different widths on a wide enough ring: one factor is extended against overflow of the sum,
    /// cross terms are computed, wrapped shares corrected, and the result brought back.
    ///
    /// - Parameters:
    ///   - accumulates: a matrix product, not an elementwise one.
    ///   - leftSign: the sign of the left factor is known.
    ///   - rightSign: the sign of the right factor is known.
    func matrixProduct(_ product: Product, accumulates: Bool, leftSign: Bool = false, rightSign: Bool = false) -> Step {
        var wide = product
        let extra = accumulates ? product.q.ceilLog2 : 0
        let costs = (
            Self.extensionCost(product.leftCount, product.leftBits, extra, signIsKnown: leftSign),
            Self.extensionCost(product.rightCount, product.rightBits, extra, signIsKnown: rightSign)
        )
        var parts: [Step] = []
        if costs.0 > costs.1 {
            wide.leftBits += extra
            parts.append(
                extend(from: product.leftBits, to: wide.leftBits, product.leftCount, signIsKnown: leftSign))
        } else {
            wide.rightBits += extra
            parts.append(
                extend(from: product.rightBits, to: wide.rightBits, product.rightCount, signIsKnown: rightSign))
        }
        wide.bits += extra
        parts.append(crossTerms(wide))
        if wide.bits > wide.leftBits {
            parts.append(wrap(bits: wide.leftBits, wide.leftCount, signIsKnown: leftSign))
            parts.append(wrapCorrection(wide.leftCount, messages: wide.r, bits: wide.bits - wide.leftBits))
        }
        if wide.bits > wide.rightBits {
            parts.append(wrap(bits: wide.rightBits, wide.rightCount, signIsKnown: rightSign))
            parts.append(wrapCorrection(wide.rightCount, messages: wide.p, bits: wide.bits - wide.rightBits))
        }
        parts.append(truncateAndReduce(bits: wide.bits, shift: extra, wide.p * wide.r))
        return Step(.matmul, sizes: product.sizes, parts)
    }

    /// Elementwise product of `count` shares.
    func hadamard(
        _ count: Int, leftBits: Int, rightBits: Int, bits: Int, leftSign: Bool = false, rightSign: Bool = false
    ) -> Step {
        let product = Product(1, count, 1, leftBits: leftBits, rightBits: rightBits, bits: bits)
        let parts = matrixProduct(product, accumulates: false, leftSign: leftSign, rightSign: rightSign).parts
        return Step(.hadamard, parts, bits, count)
    }

    /// Wrap bits times the other factor: chosen messages, both of which are sent.
    private func wrapCorrection(_ count: Int, messages: Int, bits: Int) -> Step {
        let sent = 2 * count * (messages * bits).dividedRoundingUp(by: 8)
        let oneWay = Exchange(
            server: sent, client: 16 * SCI.ObliviousTransfer.padded(count), messages: SCI.ObliviousTransfer.inOrder)
        return Step(.wrapCorrection, bothWays(oneWay), sizes: Sizes(n: count, bits: bits))
    }

    /// SCI's estimate of what extending a factor costs, which decides which one is extended.
    private static func extensionCost(_ count: Int, _ bits: Int, _ extra: Int, signIsKnown: Bool) -> Double {
        let (from, to) = (Double(bits), Double(bits + extra))
        return Double(count) * (signIsKnown ? 128 * (from + 1) + 13 * from + to : 128 * 2 - from + to + 2)
    }
}
