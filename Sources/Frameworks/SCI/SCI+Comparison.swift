import Pricing

extension SCI {
    /// SCI's protocols on shares of a given width, as pure values: what a call sends.
    struct Protocols: Hashable, Sendable {
        /// How oblivious transfers are made.
        var transfer = ObliviousTransfer.extended
        /// Leaves of a comparison all of full size and triples all alike, which saves rounds and costs bytes (the macro
        /// `WAN_EXEC` of SCI/src/Millionaire/millionaire.h, which EzPC defines). Without it the first leaf has no equality
        /// bit, the last one has the size it needs, and triples that share a factor are made together.
        var isUniform = true
        /// Whether both directions run at once on two connections, as in EzPC, or after each other on one.
        var hasTwoConnections = true

        /// A transfer from each side, on shares of a bit known to nobody.
        func bothWays(_ exchange: Exchange) -> Exchange {
            hasTwoConnections ? exchange.alongside(exchange.reversed) : exchange.then(exchange.reversed)
        }
    }
}

// MARK: Comparisons (Rathee et al., CryptFlow2, CCS 2020, section 3)

extension SCI.Protocols {
    typealias Step = SCI.Step
    typealias Exchange = SCI.Exchange

    /// The millionaires' problem on numbers of `bits` bits: digits of 4 bits are compared by one-of-16 transfers, the results
    /// joined in a tree with two bit triples a node, one in the leftmost branch, whose equality nobody asks for.
    func millionaires(bits: Int, _ count: Int) -> Step {
        guard count > 0, bits > 0 else { return Step(nothing: .millionaires) }
        guard bits > 4 else { return Step(.millionaires, [leaves(bits, count, bits: 1)], bits, count) }
        let (padded, digits) = (count.roundedUpTo8, bits.dividedRoundingUp(by: 4))
        let levels = digits.ceilLog2
        let triplesPerComparison = 2 * digits - 2 - levels
        var parts: [Step]
        if isUniform {
            parts = [
                Step(
                    .leafOt, transfer.oneOf(16, bits: 2, count: padded * digits), sizes: Sizes(n: padded * digits)),
                triples(triplesPerComparison * padded),
            ]
        } else {
            parts = trimmedLeaves(bits: bits, padded, first: 1, others: 2)
            parts += unevenTriples(perComparison: triplesPerComparison, levels: levels, padded)
        }
        parts.append(opening(triplesPerComparison * padded, levels: levels))
        return Step(.millionaires, parts, bits, count)
    }

    /// The millionaires' problem and equality at once (SCI/src/Millionaire/millionaire_with_equality.h). It opens every masked
    /// bit twice.
    func comparisonWithEquality(bits: Int, _ count: Int) -> Step {
        guard count > 0, bits > 0 else { return Step(nothing: .compareWithEq) }
        guard bits > 4 else { return Step(.compareWithEq, [leaves(bits, count, bits: 2)], bits, count) }
        let (padded, digits) = (count.roundedUpTo8, bits.dividedRoundingUp(by: 4))
        let needed = (2 * digits - 2) * padded
        let parts =
            fullLeaves(bits: bits, padded, messageBits: 2) + [
                pairedTriples(needed), opening(2 * needed, levels: digits.ceilLog2),
            ]
        return Step(.compareWithEq, parts, bits, count)
    }

    /// Equality (SCI/src/Millionaire/equality.h). It opens every masked bit twice, too.
    func equality(bits: Int, _ count: Int) -> Step {
        guard count > 0, bits > 0 else { return Step(nothing: .equality) }
        guard bits > 4 else { return Step(.equality, [leaves(bits, count, bits: 1)], bits, count) }
        let (padded, digits) = (count.roundedUpTo8, bits.dividedRoundingUp(by: 4))
        let needed = (digits - 1) * padded
        let parts =
            fullLeaves(bits: bits, padded, messageBits: 1) + [
                transferredTriples(needed), opening(2 * needed, levels: digits.ceilLog2),
            ]
        return Step(.equality, parts, bits, count)
    }

    /// The sign bit: the millionaires' problem on what is below it.
    func drelu(bits: Int, _ count: Int) -> Step {
        Step(.drelu, [millionaires(bits: bits - 1, count)], bits, count)
    }

    /// Whether the sum of two shares of `bits` bits wraps around.
    func wrap(bits: Int, _ count: Int) -> Step { Step(.wrap, [millionaires(bits: bits, count)], bits, count) }

    // MARK: Parts

    /// Transfers by digits of at most 4 bits.
    private func leaves(_ digit: Int, _ count: Int, bits: Int) -> Step {
        Step(
            .leafOt,
            digit > 1
                ? transfer.oneOf(1 << digit, bits: bits, count: count)
                : transfer.oneOfTwo(bits: bits, count: count, word: 8),
            sizes: Sizes(n: count))
    }

    /// All digits, of which the last has the size it needs.
    private func fullLeaves(bits: Int, _ count: Int, messageBits: Int) -> [Step] {
        let (digits, rest) = (bits.dividedRoundingUp(by: 4), bits % 4)
        guard rest > 0 else { return [leaves(4, count * digits, bits: messageBits)] }
        return [leaves(4, count * (digits - 1), bits: messageBits), leaves(rest, count, bits: messageBits)]
    }

    /// The same with the first digit apart, which has messages of its own size.
    func trimmedLeaves(bits: Int, _ count: Int, first: Int, others: Int) -> [Step] {
        let (digits, rest) = (bits.dividedRoundingUp(by: 4), bits % 4)
        let middle = rest == 0 ? digits - 1 : digits - 2
        return [leaves(4, count, bits: first), leaves(4, count * middle, bits: others)]
            + (rest == 0 ? [] : [leaves(rest, count, bits: others)])
    }

    /// Bit triples: two come out of a one-of-16 transfer, or of random transfers in both directions.
    func triples(_ count: Int) -> Step {
        guard transfer == .extended else {
            let seeds = Exchange(
                server: 16, client: 16, messages: [.from(.server), .from(.client)], correlations: 2 * count)
            return Step(.triples, count > 0 ? seeds : .none, sizes: Sizes(n: count))
        }
        return transferredTriples(count)
    }

    /// Bit triples of which two come out of a one-of-16 transfer.
    private func transferredTriples(_ count: Int) -> Step {
        Step(.triples, transfer.oneOf(16, bits: 2, count: count / 2), sizes: Sizes(n: count))
    }

    /// Bit triples that share a factor: two come out of a one-of-8 transfer.
    private func pairedTriples(_ count: Int) -> Step {
        Step(.correlatedTriples, transfer.oneOf(8, bits: 2, count: count / 2), sizes: Sizes(n: count))
    }

    /// One triple a level stands alone, in the leftmost branch; the others share a factor.
    func unevenTriples(perComparison: Int, levels: Int, _ comparisons: Int) -> [Step] {
        [pairedTriples((perComparison - levels) * comparisons), triples(levels * comparisons)]
    }

    /// The masked bits of that many products, level by level: two bits each, from both sides.
    func opening(_ triples: Int, levels: Int) -> Step {
        guard triples > 0 else { return Step(nothing: .and) }
        let bytes = 2 * (triples / 8)
        let messages: [SCI.Message] = hasTwoConnections ? [.both] : [.from(.server), .from(.client)]
        return Step(
            .and, Exchange(server: bytes, client: bytes, messages: messages, repetitions: levels),
            sizes: Sizes(n: triples))
    }
}

extension SCI.Step {
    /// A protocol on so many shares of so many bits.
    init(_ function: SCI.Function, _ parts: [SCI.Step], _ bits: Int, _ count: Int) {
        self.init(function, sizes: Sizes(n: count, bits: bits), parts)
    }
}
