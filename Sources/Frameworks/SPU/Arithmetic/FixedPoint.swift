import IR

extension SPU {
    /// Numbers of SPU's ring, computed with as the protocols do: the same methods on the same integers, wrapping around where they do.
    /// What is random is drawn: the shares that a truncation starts from.
    ///
    /// Functions have the names and the order of ``HAL``, which prices them; coefficients stand in SPU's sources, next to the function
    /// that the comment names (`libspu/kernel/hal`).
    struct FixedPoint<Ring: FixedWidthInteger & SignedInteger> {
        /// The configuration.
        let settings: Settings
        /// How the protocol truncates.
        private(set) var truncation: Truncation
        /// Bits behind the binary point.
        let fractionBits: Int
        /// What shares are drawn from.
        var random: NumberSource
        /// Whether SPU would throw.
        var hasFailed = false

        /// The numbers of a configuration.
        init(_ settings: Settings, truncation: Truncation, random: NumberSource) {
            self.settings = settings
            self.truncation = truncation
            fractionBits = settings.fractionBits
            self.random = random
        }
    }
}

extension SPU.FixedPoint {
    /// What is computed with public numbers alone.
    mutating func publicly<Result>(_ body: (inout Self) -> Result) -> Result {
        let own = truncation
        truncation = .plain
        defer { truncation = own }
        return body(&self)
    }
}

/// Encoding: `core/encoding.cc`, `hal/constants.cc`.
extension SPU.FixedPoint {
    /// `encodeToRing`: towards zero, at most a quarter of the ring.
    func encode(_ number: Double) -> Ring {
        guard !number.isNaN else { return 0 }
        let quarter = Ring(1) << (Ring.bitWidth - 2)
        let scaled = number * Double(sign: .plus, exponent: fractionBits, significand: 1)
        if scaled >= Double(quarter - 1) { return quarter - 1 }
        return scaled <= -Double(quarter) ? -quarter : Ring(scaled)
    }

    /// What has been computed, and is a number of the ring whatever its size.
    func ringElement(_ number: Double) -> Ring {
        let scaled = (number * Double(sign: .plus, exponent: fractionBits, significand: 1)).rounded(.towardZero)
        if let whole = Ring(exactly: scaled) { return whole }
        return encode(number)
    }

    /// `decodeFromRing`
    func decode(_ x: Ring) -> Double { Double(x) * Double(sign: .plus, exponent: -fractionBits, significand: 1) }

    /// `constant` of a 32-bit floating-point number, which is what literals of SPU's sources and of jax's programs are.
    func constant(_ number: Float) -> Ring { encode(Double(number)) }

    /// One.
    var one: Ring { constant(1) }
}

/// Operations on ring elements: `hal/ring.cc`.
extension SPU.FixedPoint {
    /// `_msb`
    func isNegative(_ x: Ring) -> Bool { x < 0 }

    /// `_less`: the sign of the difference.
    func less(_ x: Ring, _ y: Ring) -> Bool { isNegative(x &- y) }

    /// `hal::max`
    func maximum(_ x: Ring, _ y: Ring) -> Ring { less(y, x) ? x : y }

    /// `f_abs`
    func abs(_ x: Ring) -> Ring { isNegative(x) ? 0 &- x : x }

    /// `_clamp`
    func clamp(_ x: Ring, _ low: Ring, _ high: Ring) -> Ring {
        let raised = less(x, low) ? low : x
        return less(raised, high) ? raised : high
    }

    /// `_prefix_or`: every bit below the highest one set.
    func prefixOr(_ x: Ring) -> Ring {
        var ones = x
        var distance = 1
        while distance < Ring.bitWidth {
            ones |= rshift(ones, distance)
            distance <<= 1
        }
        return ones
    }

    /// `highestOneBit`
    func highestOneBit(_ x: Ring) -> Ring {
        let ones = prefixOr(x)
        return ones ^ rshift(ones, 1)
    }

    /// `_bitrev`: the bits below `end` reversed.
    func bitrev(_ x: Ring, end: Int) -> Ring {
        var result = x & ~lowest(end)
        for bit in 0..<end where (x >> bit) & 1 == 1 { result |= Ring(1) << (end - 1 - bit) }
        return result
    }

    /// `maskNumberOfBits`. Version 0.9.5 makes the mask from a 64-bit constant, which a 32-bit ring does not hold.
    mutating func mask(_ x: Ring, bits: Int) -> Ring {
        if Ring.bitWidth == 32 { hasFailed = true }
        return x & lowest(bits)
    }

    /// Ones in the lowest bits.
    func lowest(_ bits: Int) -> Ring { bits >= Ring.bitWidth ? -1 : (Ring(1) << bits) &- 1 }

    /// `_popcount` of the lowest bits.
    func popcount(_ x: Ring, bits: Int) -> Ring { Ring((x & lowest(bits)).nonzeroBitCount) }
}
