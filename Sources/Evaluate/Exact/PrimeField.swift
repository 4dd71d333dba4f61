/// Arithmetic modulo a prime below 2^61 that is 3 modulo 4.
///
/// There are two of them, p and q = (p - 1) / 2, so that the powers of a number of order q modulo p turn sums modulo q
/// into products modulo p: exponentials can be computed exactly (Wu et al., "Mirage", OSDI 2025). Both are
/// such that 2, 3, 5 and 7 are squares.
struct PrimeField: Sendable {
    /// The prime.
    let modulus: UInt64

    /// The field that values are computed in: the integers modulo p.
    static let values = PrimeField(modulus: 2_305_843_009_213_690_799)
    /// The field that exponents are computed in: the integers modulo q.
    static let exponents = PrimeField(modulus: 1_152_921_504_606_845_399)
    /// A number whose powers modulo p repeat after q of them.
    static let base: UInt64 = 4

    func add(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let sum = a + b
        return sum >= modulus ? sum - modulus : sum
    }

    func negate(_ a: UInt64) -> UInt64 { a == 0 ? 0 : modulus - a }

    func multiply(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return modulus.dividingFullWidth(product).remainder
    }

    /// - Complexity: O(log exponent).
    func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
        var (result, factor, rest) = (UInt64(1), base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = multiply(result, factor) }
            factor = multiply(factor, factor)
            rest >>= 1
        }
        return result
    }

    /// The number whose product with that one is 1; nil for 0.
    func inverse(_ a: UInt64) -> UInt64? { a == 0 ? nil : power(a, modulus - 2) }

    /// A function that is multiplicative, and gives for every square a root of it that is itself a square.
    func root(_ a: UInt64) -> UInt64 { power(a, (modulus + 1) / 4) }

    /// The number that stands for an integer.
    func image(_ value: Int) -> UInt64 {
        let rest = UInt64(value.magnitude) % modulus
        return value < 0 ? negate(rest) : rest
    }

    /// The number that stands for a finite floating-point number, exactly.
    func image(_ value: Double) -> UInt64 {
        guard value != 0, value.isFinite else { return 0 }
        let significand = Int(value.significand * 0x1p52)
        let exponent = Int(value.exponent) - 52
        let scale = power(2, UInt64(exponent.magnitude))
        let magnitude = multiply(image(significand), exponent < 0 ? inverse(scale) ?? 0 : scale)
        return value < 0 ? negate(magnitude) : magnitude
    }

    /// A number that looks drawn at random, the same for the same words.
    func hash(_ words: [UInt64]) -> UInt64 {
        var state: UInt64 = modulus
        for word in words {
            state = (state ^ word) &+ 0x9e37_79b9_7f4a_7c15
            state = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            state = (state ^ (state >> 27)) &* 0x94d0_49bb_1331_11eb
            state ^= state >> 31
        }
        return state % modulus
    }
}
