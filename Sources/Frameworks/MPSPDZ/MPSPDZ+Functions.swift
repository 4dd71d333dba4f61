import IR
import Pricing

/// MP-SPDZ's functions over fixed-point numbers: `Compiler/types.py`, `comparison.py`, `floatingpoint.py`, `mpc_math.py`,
/// `library.py` of HawkEye d737722, whose `exp` and division are not those of MP-SPDZ itself.
extension MPSPDZ.Functions {
    /// The truncation after a fixed-point product.
    func truncate(_ count: Int, isNonNegative: Bool) throws -> Call {
        try truncate(count, bits: settings.totalBits + settings.fractionBits, by: settings.fractionBits)
    }

    /// A product with public numbers: local, but for the truncation.
    ///
    /// - Parameter fraction: bits after the binary point of the public numbers.
    func publicProduct(_ count: Int, fraction: Int) throws -> Call {
        try truncate(count, bits: settings.totalBits + fraction, by: fraction)
    }

    /// The bits after the binary point that a public number needs, at most `sfix.f`: the compiler drops zeros at its end
    /// (`_fix.mul`).
    func fractionBits(of number: Double) -> Int {
        var bits = 0
        var rest = number
        while bits < settings.fractionBits, rest != rest.rounded() {
            rest *= 2
            bits += 1
        }
        return bits
    }

    /// Whether one fixed-point number is less than another.
    func ltz(_ count: Int) -> Call { ltz(count, bits: settings.totalBits) }

    /// Whether one number of that many bits is less than another: the sign of their difference, which has one bit more
    /// (`LtzRing`).
    func ltz(_ count: Int, bits: Int) -> Call {
        let sizes = Sizes(n: count, bits: bits)
        guard settings.split == .three else {
            // A value masked by a random number of known bits is opened; a tree of carries; the last sum.
            let depth = bits.ceilLog2
            let carries = products((2 * (bits - 1) - depth) *| count, rounds: depth)
            return Call(
                MPSPDZ.Function.ltz, sizes: sizes, [masked(count, bits: bits + 1), carries, products(count, rounds: 1)])
        }
        var circuit = BooleanCircuit()
        let depth = circuit.sign(bits + 1) ?? 0
        return Call(MPSPDZ.Function.ltz, sizes: sizes, [and(circuit, depth: depth, count), bitToArithmetic(count)])
    }

    /// Whether fixed-point numbers are zero.
    func eqz(_ count: Int) -> Call { eqz(count, bits: settings.totalBits) }

    /// Whether numbers of that many bits are zero (`EQZ`).
    func eqz(_ count: Int, bits: Int) -> Call {
        let sizes = Sizes(n: count, bits: bits)
        guard settings.split == .three else {
            let tree = products((bits - 1) *| count, rounds: bits.ceilLog2)
            return Call(MPSPDZ.Function.eqz, sizes: sizes, [masked(count, bits: bits), tree])
        }
        var circuit = BooleanCircuit()
        let depth = circuit.isZero(bits) ?? 0
        return Call(MPSPDZ.Function.eqz, sizes: sizes, [and(circuit, depth: depth, count), bitToArithmetic(count)])
    }

    /// Opens values under masks that are made of random bits, one at a time.
    private func masked(_ count: Int, bits: Int) -> Call {
        let mask = Call(
            MPSPDZ.Function.bit, cost: randomness(count *| bits), sizes: Sizes(n: count, bits: bits))
        return Call(MPSPDZ.Function.maskedOpen, sizes: Sizes(n: count, bits: bits), [mask, open(count)])
    }

    /// So many products on the levels of a tree.
    private func products(_ count: Int, rounds: Int) -> Call {
        let cost = mul(ElementwiseProduct(count)).cost.online
        return Call(
            MPSPDZ.Function.mul, cost: Cost(online: Traffic(bytes: cost.bytes, rounds: rounds)), sizes: Sizes(n: count))
    }

    /// Both comparisons at once, then two selections.
    func clip(_ count: Int) -> Call {
        Call(
            MPSPDZ.Function.clip, sizes: Sizes(n: count),
            [ltz(2 *| count), select(count), select(count)])
    }

    /// One integer product.
    func select(_ count: Int) -> Call { mul(ElementwiseProduct(count)) }

    /// A fixed-point product of two secrets, of which there can be fewer on one side.
    private func scaled(_ function: MPSPDZ.Function, _ count: Int) throws -> Call {
        Call(
            function, sizes: Sizes(n: count),
            [mul(ElementwiseProduct(count)), try truncate(count, isNonNegative: false)])
    }

    /// `(1 + x / 2^I)^(2^I)` (`mpc_math.exp_fx`), with I = 8 unless a caller says otherwise.
    func exp(_ count: Int) throws -> Call { try power(count, squarings: 8) }

    private func power(_ count: Int, squarings: Int) throws -> Call {
        Call(
            MPSPDZ.Function.exp, sizes: Sizes(n: count),
            [try publicProduct(count, fraction: squarings), try scaled(.scaledSquare, count).repeated(squarings)])
    }

    /// `1/y` by nine Newton steps `z ← 2z - y z z` from `3 exp(1 - 2y) + 0.003`, whose exponential squares nine times
    /// (`library.Reciprocal`, `sfix.div_iters`).
    ///
    /// - Parameter isPositive: whether the program says so (`sfix.all_pos`); else the sign is taken off and put back.
    func reciprocal(_ count: Int, isPositive: Bool) throws -> Call {
        let product = try scaled(.scaledMul, count)
        let newton = Call(MPSPDZ.Function.newton, sizes: Sizes(n: count), [product, product])
        let steps = [try power(count, squarings: 9), newton.repeated(9)]
        return Call(
            MPSPDZ.Function.reciprocal, sizes: Sizes(n: count),
            isPositive ? steps : [ltz(count), select(count)] + steps + [select(count)])
    }

    /// Division by a public number that is no power of two: a sign, and Goldschmidt steps on the dividend alone
    /// (`library.sint_cint_division`).
    func publicDivision(_ count: Int) throws -> Call {
        // θ = ⌈log2(k / 3.5)⌉, and one step less.
        var steps = 0
        while 7 << steps < 2 * settings.totalBits { steps += 1 }
        let step = try truncate(count, bits: 2 * settings.totalBits, by: settings.fractionBits)
        return Call(
            MPSPDZ.Function.div, sizes: Sizes(n: count),
            [
                ltz(count, bits: settings.totalBits - 1), select(count), step.repeated(max(0, steps - 1)),
                select(count),
            ])
    }

    /// `softmax` as the fork's `vec_softmax` runs it: besides maximum, exponentials and division it computes an equality, a
    /// cube and a comparison that nobody reads.
    func softmax(rows: Int, length: Int) throws -> Call {
        let count = rows *| length
        let unread = Call(
            MPSPDZ.Function.unread, sizes: Sizes(n: count),
            [eqz(count), try scaled(.scaledMul, count).repeated(2), ltz(count)])
        return Call(
            MPSPDZ.Function.softmax, sizes: Sizes(n: count, p: rows, q: length),
            [
                try maximum(rows: rows, length: length), unread, try exp(count),
                try reciprocal(rows, isPositive: true), try scaled(.scaledMul, count),
            ])
    }
}
