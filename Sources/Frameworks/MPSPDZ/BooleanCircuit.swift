import Pricing

/// A binary circuit as MP-SPDZ's compiler writes it, run on depths instead of bits: how many AND gates it has, and how many
/// of them stand one behind the other. Gates that nobody reads count: the compiler does not remove them unless told to.
///
/// Source: `Compiler/types.py` (`_bitint`), `Compiler/comparison.py` and `Compiler/floatingpoint.py` of HawkEye d737722,
/// which agree with MP-SPDZ's.
struct BooleanCircuit {
    /// A bit, by the number of AND gates on the longest path to it; nil for a constant zero.
    typealias Wire = Int?

    /// A carry: whether one that comes in goes on, and whether there is one.
    struct Carry {
        var propagate: Wire
        var generate: Wire
    }

    /// Number of AND gates.
    private(set) var gates = 0

    private mutating func and(_ left: Wire, _ right: Wire) -> Wire {
        guard let left, let right else { return nil }
        gates += 1
        return max(left, right) + 1
    }

    private func xor(_ wires: Wire...) -> Wire { wires.compactMap { $0 }.max() }

    private mutating func halfAdder(_ left: Wire, _ right: Wire) -> Carry {
        Carry(propagate: xor(left, right), generate: and(left, right))
    }

    /// Three shares of that many bits each, added to two summands (`split_to_two_summands`).
    ///
    /// - Parameter withCarry: whether the last carry makes one more position.
    private mutating func twoSummands(_ bits: Int, withCarry: Bool = false) -> (sums: [Wire], carries: [Wire]) {
        var (sums, carries): ([Wire], [Wire]) = ([], [nil])
        for _ in 0..<bits {
            sums.append(0)
            carries.append(and(0, 0))
        }
        guard withCarry else { return (sums, carries.dropLast()) }
        // The last position holds the carry alone.
        sums.append(carries.removeLast())
        carries.append(nil)
        return (sums, carries)
    }

    private mutating func combine(_ low: Carry, _ high: Carry, propagates: Bool) -> Carry {
        let propagate = propagates ? and(high.propagate, low.propagate) : nil
        return Carry(propagate: propagate, generate: xor(high.generate, and(high.propagate, low.generate)))
    }

    /// The carry out of a sum, in a tree (`CarryOutRaw`).
    private mutating func carryOut(_ left: [Wire], _ right: [Wire]) -> Wire {
        var level: [Carry] = []
        for (one, other) in zip(left, right) { level.append(halfAdder(one, other)) }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { place in
                guard place + 1 < level.count else { return level[place] }
                return combine(level[place], level[place + 1], propagates: place > 0)
            }
        }
        return level.first?.generate
    }

    /// All carries, in a tree (`PreOpL2`).
    private mutating func carries(_ items: [Carry]) -> [Carry] {
        guard !items.isEmpty else { return [] }
        var pairs: [Carry] = []
        for place in 0..<items.count / 2 {
            pairs.append(combine(items[2 * place], items[2 * place + 1], propagates: true))
        }
        let prefixes = carries(pairs)
        var result = items
        for place in prefixes.indices { result[2 * place + 1] = prefixes[place] }
        for place in 1..<max(1, (items.count + 1) / 2) {
            result[2 * place] = combine(prefixes[place - 1], items[2 * place], propagates: true)
        }
        return result
    }

    /// The sign of a number of that many bits (`LtzRing`).
    mutating func sign(_ bits: Int) -> Wire {
        let summands = twoSummands(bits)
        let carry = carryOut(summands.sums.dropLast(), summands.carries.dropLast())
        return xor(carry, summands.sums.last ?? nil, summands.carries.last ?? nil)
    }

    /// Whether a number of that many bits is zero (`EQZ`).
    mutating func isZero(_ bits: Int) -> Wire {
        let summands = twoSummands(bits)
        var items = [Carry(propagate: nil, generate: nil)]
        for place in 1..<max(1, bits) {
            items.append(halfAdder(summands.sums[place], summands.carries[place]))
        }
        let carries = self.carries(items)
        var level: [Wire] = [summands.sums[0]]
        for place in 1..<max(1, bits) {
            level.append(xor(summands.sums[place], summands.carries[place], carries[place - 1].generate))
        }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { place in
                place + 1 < level.count ? and(level[place], level[place + 1]) : level[place]
            }
        }
        return level[0]
    }

    /// The carry out of a random number of that many bits that was drawn as three shares (`get_random_int`); one more carry,
    /// that of the first addition, comes with it.
    mutating func randomNumber(_ bits: Int) -> Wire {
        let summands = twoSummands(bits, withCarry: true)
        return carryOut(summands.carries.dropLast(), summands.sums.dropLast())
    }
}
