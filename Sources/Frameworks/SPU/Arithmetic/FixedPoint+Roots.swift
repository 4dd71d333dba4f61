import Foundation

/// Roots and powers: `hal/fxp_approx.cc`, `hal/polymorphic.cc`.
extension SPU.FixedPoint {
    /// `f_rsqrt` (Lu et al., "Faster Secure Multiparty Computation of Adaptive Gradient Descent", 2020).
    mutating func rsqrt(_ x: Ring) -> Ring {
        let power = highestOneBit(x) << 1
        let guess = rsqrtGuess(x, power)
        return trunc(guess &* rsqrtCompensation(power))
    }

    /// `rsqrt_init_guess`: a polynomial on the number scaled to between ¼ and ½.
    private mutating func rsqrtGuess(_ x: Ring, _ power: Ring) -> Ring {
        let factor = mask(bitrev(power, end: 2 * fractionBits), bits: 2 * fractionBits)
        let scaled = trunc(x &* factor)
        let coefficients: [Float] =
            settings.lowersRsqrtAccuracy
            ? [0, -5.9417, 4.7979] : [0, -15.47994394, 38.4714796, -49.86605845, 26.02942339]
        let start: Float = settings.lowersRsqrtAccuracy ? 3.1855 : 4.14285016
        return polynomial(scaled, coefficients, isPositive: true, isResultPositive: true) &+ constant(start)
    }

    /// `rsqrt_comp`: the root of the power of two by which the number was scaled.
    private mutating func rsqrtCompensation(_ power: Ring) -> Ring {
        guard power != 0 else { return 0 }
        let place = power.trailingZeroBitCount
        let bits = fractionBits / 2 * 2
        let factor = mask(bitrev(Ring(1) << (place / 2), end: bits), bits: bits)
        let half = Double(sign: .plus, exponent: fractionBits / 2, significand: 1)
        let root = Foundation.sqrt(2)
        let ofEven = fractionBits % 2 == 1 ? Ring(1) << ((fractionBits + 3) / 2) : Ring(half * root)
        let ofOdd = fractionBits % 2 == 1 ? Ring(half * 2 * root) : Ring(half)
        return (place % 2 == 0 ? ofEven : ofOdd) &* factor
    }

    /// `f_sqrt`: one of Goldschmidt's steps from the reciprocal root (6.1 of eprint 2012/405).
    mutating func sqrt(_ x: Ring) -> Ring {
        let inverse = rsqrt(x)
        let root = fmul(x, inverse)
        let half = fmul(inverse, by: 0.5)
        let rest = constant(1.5) &- fmul(root, half)
        return fmul(root, rest)
    }

    /// `power` of fixed-point numbers: exp(y log |x|) by the most exact methods, and the sign.
    ///
    /// - Parameter isPublic: whether everybody knows the exponent.
    mutating func power(_ x: Ring, _ y: Ring, isPublic: Bool) -> Ring {
        let logarithm = minmaxLogarithm(abs(x))
        let value = padeExponential(isPublic ? fmul(logarithm, by: y) : fmul(y, logarithm))
        return isNegative(x) && rshift(y, fractionBits) & 1 == 1 ? 0 &- value : value
    }

    /// Whole powers, as jax lowers `integer_pow`: squares of squares, and the reciprocal for negative exponents.
    mutating func integerPower(_ x: Ring, _ exponent: Int) -> Ring {
        var rest = exponent.magnitude
        var base = x
        var product: Ring?
        while rest > 0 {
            if rest & 1 == 1 { product = product.map { fmul($0, base) } ?? base }
            rest >>= 1
            if rest > 0 { base = fmul(base, base) }
        }
        let result = product ?? one
        return exponent < 0 ? reciprocal(result) : result
    }

    /// `Remainder` in `kernel/hlo/basic_binary.cc`: the quotient, rounded towards zero, times the divisor.
    mutating func remainder(_ x: Ring, _ y: Ring) -> Ring {
        let quotient = divide(x, by: y)
        let whole = isNegative(quotient) ? ceil(quotient) : floor(quotient)
        return x &- fmul(whole, y)
    }

    /// `jnp.remainder`: with the sign of the divisor.
    mutating func flooredRemainder(_ x: Ring, _ y: Ring) -> Ring {
        let rest = remainder(x, y)
        let differs = less(rest, 0) != less(y, 0) && rest != 0
        return differs ? rest &+ y : rest
    }
}
