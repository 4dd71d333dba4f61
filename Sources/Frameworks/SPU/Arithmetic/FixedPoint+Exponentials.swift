import Foundation

/// Exponentials and logarithms: `hal/fxp_approx.cc`.
extension SPU.FixedPoint {
    /// `f_exp`
    mutating func exp(_ x: Ring) -> Ring {
        switch settings.exponential {
        case .taylor: return taylorExponential(x)
        case .pade:
            // 32 / log2 e, beyond which a power of two has more than five bits in front of the binary point.
            let limit = constant(22.180_709_838_867_188)
            return padeExponential(clamp(x, 0 &- limit, limit))
        case .prime: return primeExponential(x)
        }
    }

    /// `exp_taylor`: (1 + x / 2^n)^(2^n), as CrypTen has it.
    private mutating func taylorExponential(_ x: Ring) -> Ring {
        var result = trunc(x, settings.exponentialIterations) &+ one
        for _ in 0..<settings.exponentialIterations { result = fsquare(result) }
        return result
    }

    /// `exp_pade`
    mutating func padeExponential(_ x: Ring) -> Ring { exp2(fmul(x, by: 1.442_695_021_629_333_5)) }

    /// `exp2_pade`: the whole part bit by bit, the fraction by a polynomial of degree 5 (Chapter 5 of "Benchmarking Privacy Preserving
    /// Scientific Operations").
    private mutating func exp2(_ x: Ring) -> Ring {
        let wholeBits = 5
        let whole = rshift(x, fractionBits)
        var result = fractionalPower(x &- whole << fractionBits)
        for bit in 0..<wholeBits {
            let digit = mask(rshift(whole, bit) & 1, bits: 1)
            if digit == 1 { result = result << min(1 << bit, Ring.bitWidth - 2) }
        }
        let inverse = trunc(result, 1 << wholeBits)
        return isNegative(x) ? inverse : result
    }

    /// `exp2_pade_normalized`
    private mutating func fractionalPower(_ x: Ring) -> Ring {
        var powers = [x]
        for index in 0..<4 { powers.append(fmul(x, powers[index])) }
        let weights: [Float] = [
            0.693147180426163, 0.240226510710170, 0.555040686204663 / 10, 0.961834122588046 / 100,
            0.133273035928143 / 100,
        ]
        return weightedSum(powers, weights.map(constant)) &+ constant(0.100000007744302 * 10)
    }

    /// `f_log`
    mutating func log(_ x: Ring) -> Ring {
        switch settings.logarithm {
        case .minmax: minmaxLogarithm(x)
        case .pade: fmul(log2(x), by: 0.6931472)
        case .newton: householderLogarithm(x)
        }
    }

    /// `f_log1p`
    mutating func log1p(_ x: Ring) -> Ring { log(one &+ x) }

    /// `log_minmax`: of a number scaled to between 1 and 2, a polynomial of degree 8 (4.1.44 of the "Handbook of Mathematical
    /// Functions").
    mutating func minmaxLogarithm(_ x: Ring) -> Ring {
        let bits = 2 * fractionBits + 1
        let places = popcount(prefixOr(x), bits: bits + 1)
        let factor = mask(bitrev(highestOneBit(x), end: bits), bits: bits)
        let normalized = fmul(x, factor)
        let coefficients: [Float] = [
            0, 0.9999964239, -0.4998741238, 0.3317990258, -0.2407338084, 0.1676540711, -0.0953293897, 0.0360884937,
            -0.0064535442,
        ]
        let logarithm = polynomial(normalized &- one, coefficients, isPositive: true, isResultPositive: true)
        // The shares of the exponent have no bits behind the binary point: their product with log 2 is always rounded up.
        let exponent = (shares(places) + (0 &- Ring(fractionBits + 1))).scaled(by: Ring(1) << fractionBits)
        return logarithm &+ trunc(exponent.scaled(by: encode(Foundation.log(2))))
    }

    /// `log2_pade`: a quotient of polynomials of degree 3 on a number scaled to between ½ and 1.
    private mutating func log2(_ x: Ring) -> Ring {
        let places = popcount(prefixOr(x), bits: Ring.bitWidth)
        let factor = mask(bitrev(highestOneBit(x), end: 2 * fractionBits), bits: 2 * fractionBits)
        let normalized = fmul(x, factor)
        let square = fsquare(normalized)
        let powers = [normalized, square, fmul(square, normalized)]
        let over: [Float] = [-0.88626599391 * 10, 0.610585199015 * 10, 0.481147460989 * 10]
        let under: [Float] = [0.454517087629 * 10, 0.642784209029 * 10, 0.1 * 10]
        let numerator = weightedSum(powers, over.map(constant)) &+ constant(-0.205466671951 * 10)
        let denominator = weightedSum(powers, under.map(constant)) &+ constant(0.353553425277)
        return divide(numerator, by: denominator) &+ (places &- Ring(fractionBits)) << fractionBits
    }

    /// `log_householder`: modified Householder steps from a guess that is meant for 0.0001 to 250 (CrypTen, A.2.4).
    private mutating func householderLogarithm(_ x: Ring) -> Ring {
        let term = divide(x, byPublic: 120)
        let decay = fmul(exp(0 &- (fmul(x, by: 2) &+ one)), by: 20)
        var result = term &- decay &+ constant(3)
        let coefficients = [0] + (0..<settings.logarithmOrders).map { Float(1 / (1 + Double($0))) }
        for _ in 0..<settings.logarithmIterations {
            let step = one &- fmul(x, exp(0 &- result))
            result = result &- polynomial(step, coefficients)
        }
        return result
    }

    /// `f_div` of a secret by a public number, whose reciprocal everybody computes.
    private mutating func divide(_ x: Ring, byPublic divisor: Float) -> Ring {
        let factor = scalingFactor(constant(divisor))
        let inverse = publicly { $0.normalizedReciprocal($0.constant(divisor), factor: factor) }
        return fmul(fmul(x, by: inverse), by: factor)
    }
}
