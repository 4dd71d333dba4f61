import Pricing

// MARK: Building blocks on shares of different widths (Rathee et al., SIRNN, IEEE S&P 2021; SCI/src/BuildingBlocks)

extension SCI.Protocols {
    /// A secret bit times a secret value of `bits` bits.
    func multiplexer(bits: Int, _ count: Int) -> Step {
        Step(.mux, bothWays(transfer.correlated(bits: bits, count: count)), sizes: Sizes(n: count, bits: bits))
    }

    /// A shared bit as shares of `bits` bits.
    func b2a(bits: Int, _ count: Int) -> Step {
        Step(
            .b2a, bits > 1 ? transfer.correlated(bits: bits, count: count) : .none, sizes: Sizes(n: count, bits: bits))
    }

    /// Products of shared bits: two in a one-of-16 transfer, with nothing opened.
    func and(_ count: Int) -> Step {
        Step(.and, transfer.oneOf(16, bits: 2, count: count.dividedRoundingUp(by: 2)), sizes: Sizes(n: count))
    }

    /// A table with `2^index` rows of `bits` bits.
    func lookup(index: Int, bits: Int, _ count: Int) -> Step {
        Step(
            .lookupTable, transfer.oneOf(1 << index, bits: bits, count: count, word: 64),
            sizes: Sizes(n: count, bits: bits))
    }

    /// Whether shares wrap around, from the sign of what they share.
    func msbToWrap(_ count: Int) -> Step {
        Step(.msbToWrap, transfer.oneOf(4, bits: 1, count: count), sizes: Sizes(n: count))
    }

    /// The wrap bit, from the sign if it is known.
    func wrap(bits: Int, _ count: Int, signIsKnown: Bool) -> Step {
        signIsKnown ? msbToWrap(count) : wrap(bits: bits, count)
    }

    /// Division by `2^shift` on shares of `bits` bits, exactly rounded down. A known sign saves the comparison of the upper
    /// bits.
    func truncate(bits: Int, shift: Int, _ count: Int, signIsKnown: Bool = false) -> Step {
        guard shift > 0 else { return Step(nothing: .truncate) }
        let upper =
            signIsKnown
            ? [msbToWrap(count)] : [comparisonWithEquality(bits: bits - shift, count), and(count)]
        return Step(
            .truncate,
            [wrap(bits: shift, count)] + upper + [b2a(bits: shift, count), b2a(bits: bits, count)], shift, count)
    }

    /// Division by `2^shift` as the library for networks of one width does it (`funcTruncateTwoPowerRing` in
    /// SCI/src/functionalities_uniform.h): the carry of the lower bits through an unsplit IKNP with whole words, the wrap of
    /// the upper ones by one of four words, and the sign unless it is known. Read from the source; not measured.
    func uniformTruncate(bits: Int, shift: Int, _ count: Int, signIsKnown: Bool = false) -> Step {
        guard shift > 0 else { return Step(nothing: .truncate) }
        let sign = signIsKnown ? [] : [drelu(bits: bits, count)]
        return Step(
            .truncate,
            [wrap(bits: shift, count)] + sign + [
                Step(.msbToWrap, transfer.oneOf(4, bits: bits, count: count, word: 64), sizes: Sizes(n: count)),
                Step(.b2a, SCI.ObliviousTransfer.unsplit(sent: 8 * count, count: count), sizes: Sizes(n: count)),
            ], shift, count)
    }

    /// Division by `2^shift` to shares that are as much shorter.
    func truncateAndReduce(bits: Int, shift: Int, _ count: Int) -> Step {
        guard shift > 0 else { return Step(nothing: .truncateAndReduce) }
        return Step(
            .truncateAndReduce, [wrap(bits: shift, count), b2a(bits: bits - shift, count)], shift, count)
    }

    /// The same value on longer shares.
    func extend(from bits: Int, to wider: Int, _ count: Int, signIsKnown: Bool = false) -> Step {
        guard wider > bits else { return Step(nothing: .extend) }
        return Step(
            .extend, [wrap(bits: bits, count, signIsKnown: signIsKnown), b2a(bits: wider - bits, count)], wider, count)
    }
}

// MARK: Non-linear layers (SCI/src/NonLinear)

extension SCI.Protocols {
    /// `max(x, 0)`: the sign, and a transfer in each direction that gives the value or zero.
    func relu(bits: Int, _ count: Int) -> Step {
        let select = bothWays(transfer.oneOfTwo(bits: bits, count: count))
        return Step(.relu, [drelu(bits: bits, count), Step(.select, select, sizes: Sizes(n: count))], bits, count)
    }

    /// `max(x, 0)` of the mathematical library, which selects with correlated transfers.
    func multiplexedRelu(bits: Int, _ count: Int) -> Step {
        Step(.relu, [drelu(bits: bits, count), multiplexer(bits: bits, count)], bits, count)
    }

    /// Maxima of rows, one candidate after another.
    func maxPool(rows: Int, length: Int, relu: Step) -> Step {
        Step(
            .max, sizes: Sizes(n: rows, q: length),
            [Step(.relu, count: max(0, length - 1), sizes: relu.sizes, relu.parts)])
    }

    /// The position of the maximum of a vector: a tree whose levels are padded to a multiple of 8, and whose last levels are
    /// run on 8 nodes until that has been done four times.
    ///
    /// - Parameter drelu: the sign of that many differences.
    func argMax(bits: Int, length: Int, drelu: (Int) -> Step) -> Step {
        let levels = Self.argMaxLevels(length).map { nodes in
            // The value and its position travel together: two halves of a word or of a block.
            let transferred =
                bits <= 32
                ? transfer.oneOfTwo(bits: 64, count: nodes) : transfer.oneOfTwoBlocks(count: nodes)
            return Step(
                .level, sizes: Sizes(n: nodes),
                [drelu(nodes), Step(.select, bothWays(transferred), sizes: Sizes(n: nodes))])
        }
        return Step(.argmax, sizes: Sizes(n: 1, q: length), levels)
    }

    /// Nodes on each level of the tree.
    static func argMaxLevels(_ length: Int) -> [Int] {
        var (nodes, ofEight, levels): (Int, Int, [Int]) = (length + length % 2, 0, [])
        while nodes > 1 {
            let next = nodes.dividedRoundingUp(by: 2).roundedUpTo8
            if next == 8 { ofEight += 1 }
            if ofEight >= 5 { break }
            levels.append(next)
            nodes = next
        }
        return levels
    }

    /// Division of shares of `bits` bits by a public number that is no power of two (CryptFlow2, section 4;
    /// `funcAvgPoolTwoPowerRing` in SCI/src/functionalities_uniform.h): the sign, a correction of one in four, two or three
    /// small comparisons, and their sum through an unsplit IKNP with whole words.
    func divide(bits: Int, by divisor: Int, _ count: Int) -> Step {
        let small = SCI.divisionBits(divisor)
        let comparisons =
            count * (SCI.needsTwoComparisons(remainder: SCI.powerOfTwo(bits, modulo: divisor), divisor) ? 2 : 3)
        return Step(
            .divide,
            [
                drelu(bits: bits, count), correction(bits: bits, small: small, count),
                millionaires(bits: small - 1, comparisons),
                Step(
                    .b2a, SCI.ObliviousTransfer.unsplit(sent: 8 * comparisons, count: comparisons),
                    sizes: Sizes(n: comparisons)),
            ], bits, count)
    }

    /// The correction by the sign: one of four pairs of numbers, as blocks where a pair does not fit into a word.
    func correction(bits: Int, small: Int, _ count: Int) -> Step {
        let width = bits + small <= 64 ? bits + small : 128
        return Step(
            .correction, transfer.oneOf(4, bits: width, count: count, word: 64), sizes: Sizes(n: count))
    }
}

extension SCI {
    /// Bits of the small comparisons in a division: `log2(6 · divisor)`, rounded up.
    static func divisionBits(_ divisor: Int) -> Int { (6 * divisor).ceilLog2 }

    /// Whether one of the three cases of a division cannot occur.
    static func needsTwoComparisons(remainder: Int, _ divisor: Int) -> Bool { 2 * remainder < divisor }

    /// `2^exponent` modulo a number.
    static func powerOfTwo(_ exponent: Int, modulo divisor: Int) -> Int {
        (0..<max(0, exponent)).reduce(1 % divisor) { power, _ in power * 2 % divisor }
    }
}
