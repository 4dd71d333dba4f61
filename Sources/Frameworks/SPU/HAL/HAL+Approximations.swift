import IR
import Pricing

/// Transcendental functions: `hal/fxp_approx.cc`.
extension SPU.HAL {
    /// `f_exp`
    mutating func exp(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.exp, x.count) { hal in
            switch hal.settings.exponential {
            case .taylor: hal.taylorExponential(x)
            case .pade:
                hal.padeExponential(hal.clamp(x, hal.constant(-32, like: x), hal.constant(32, like: x)))
            case .prime: hal.primeExponential(x)
            }
        }
    }

    /// (1 + x / 2^n)^(2^n)
    private mutating func taylorExponential(_ x: Value) -> Value {
        var result = trunc(x, settings.exponentialIterations)
        for _ in 0..<settings.exponentialIterations { result = fsquare(result) }
        return result
    }

    /// `exp_prime`
    private mutating func primeExponential(_ x: Value) -> Value {
        guard let exponential = kernels.expA(x.count) else {
            fail("EXP_PRIME needs SEMI2K with two parties, FM128 and experimental_enable_exp_prime")
            return x
        }
        var x = x
        if !settings.primeExponentialHasNoLowerBound {
            x = mux(less(x, constant(-1, like: x)), constant(-1, like: x), x)
        }
        if settings.primeExponentialHasUpperBound { x = mux(less(x, constant(1, like: x)), x, constant(1, like: x)) }
        _ = toArithmetic(x)
        record(exponential)
        return x
    }

    /// `exp_pade`
    mutating func padeExponential(_ x: Value) -> Value {
        let scaled = fmul(x, constant(1.4427, like: x))
        return exp2(scaled)
    }

    /// `exp2_pade`: the whole part bit by bit, the fraction by a polynomial of degree 5.
    private mutating func exp2(_ x: Value) -> Value {
        scope(.exp2, x.count) { hal in
            let wholeBits = 5
            let bits = hal.preferBoolean(x)
            let sign = hal.rshift(bits, hal.ringBits - 1).typed(.integer)
            let whole = hal.rshift(bits, hal.fractionBits)
            let fraction = hal.add(x, hal.negate(hal.lshift(whole, hal.fractionBits)))
            var power = fraction
            for _ in 0..<4 { power = hal.fmul(fraction, power) }
            var result = hal.trunc(power)
            for bit in 0..<wholeBits {
                let shifted = hal.rshift(whole, bit)
                let single = hal.mask(hal.and(shifted, hal.ringConstant(1, like: x)), bits: 1)
                let factor = hal.preferArithmetic(single)
                result = hal.mul(result, factor)
            }
            let inverse = hal.trunc(result, 1 << wholeBits)
            let difference = hal.add(inverse, hal.negate(result))
            let product = hal.mul(sign, difference)
            return hal.add(result, product).typed(.fixedPoint)
        }
    }

    /// `f_log`
    mutating func log(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.log, x.count) { hal in
            switch hal.settings.logarithm {
            case .minmax: hal.minmaxLogarithm(x)
            case .pade:
                hal.fmul(hal.constant(0.6931, like: x), hal.log2(x))
            case .newton: hal.householderLogarithm(x)
            }
        }
    }

    /// `log_minmax`: of a number scaled to between 1 and 2, a polynomial of degree 8.
    mutating func minmaxLogarithm(_ x: Value) -> Value {
        let bits = 2 * fractionBits + 1
        let ones = prefixOr(x)
        let places = popcount(ones, bits: bits + 1)
        let highest = xor(ones, rshift(ones, 1))
        let factor = mask(bitrev(highest, end: bits), bits: bits).typed(.fixedPoint)
        let normalized = fmul(x, factor)
        let logarithm = polynomial(normalized, degree: 8, isPositive: true, isResultPositive: true)
        let exponent = fmul(lshift(places, fractionBits).typed(.fixedPoint), constant(0.6931, like: x))
        return add(logarithm, exponent)
    }

    /// `log2_pade`
    private mutating func log2(_ x: Value) -> Value {
        let ones = prefixOr(x)
        let places = popcount(ones, bits: ringBits)
        let highest = highestOneBit(x)
        let reversed = bitrev(highest, end: 2 * fractionBits)
        let factor = mask(reversed, bits: 2 * fractionBits).typed(.fixedPoint)
        let normalized = fmul(x, factor)
        let square = fsquare(normalized)
        _ = fmul(square, normalized)
        let numerator = trunc(normalized)
        let denominator = trunc(normalized)
        let quotient = scope(.div, numerator.count) { $0.divide(numerator, denominator) }
        return add(quotient, places)
    }

    /// `log_householder`
    private mutating func householderLogarithm(_ x: Value) -> Value {
        let third = constant(1, like: x)
        _ = fdiv(x, constant(120, like: x))
        let doubled = fmul(x, constant(2, like: x))
        var result = fmul(exp(add(doubled, third)), constant(20, like: x))
        for _ in 0..<settings.logarithmIterations {
            let step = fmul(x, exp(negate(result)))
            result = polynomial(step, degree: settings.logarithmOrders)
        }
        return result
    }

    /// `_clamp`
    mutating func clamp(_ x: Value, _ low: Value, _ high: Value) -> Value {
        scope(.clamp, x.count) { hal in
            let below = hal.less(x, low)
            let raised = hal.mux(below, low, x)
            let inside = hal.less(raised, high)
            return hal.mux(inside, raised, high)
        }
    }

    /// `compute_chebyshev_polynomials`, and the product of public weights with them.
    private mutating func chebyshev(_ x: Value, terms: Int) -> Value {
        _ = fsquare(x)
        for _ in 1..<terms { _ = fmul(x, x) }
        return fmmul(plain(terms), secret(terms *| x.count), 1, terms, x.count)
    }

    /// `tanh_chebyshev`: clamped to ±5, a sum of 9 polynomials.
    mutating func tanh(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.tanh, x.count) { hal in
            let clamped = hal.clamp(x, hal.constant(-5, like: x), hal.constant(5, like: x))
            let scaled = hal.fmul(hal.constant(0.2, like: x), clamped)
            return hal.chebyshev(scaled, terms: 9)
        }
    }

    /// `sin_chebyshev`: brought to ±π, a sum of 5 polynomials. The cosine is the sine of a difference.
    mutating func sine(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.sine, x.count) { hal in
            let turns = hal.fmul(x, hal.constant(0.159, like: x))
            let whole = hal.floor(turns)
            let full = hal.fmul(whole, hal.constant(6.283, like: x))
            let rest = hal.add(x, hal.negate(full))
            let scaled = hal.fmul(hal.constant(0.254, like: x), rest)
            return hal.chebyshev(scaled, terms: 5)
        }
    }

    /// `f_rsqrt`
    mutating func rsqrt(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.rsqrt, x.count) { hal in
            let power = hal.lshift(hal.highestOneBit(x), 1)
            let guess = hal.rsqrtGuess(x, power)
            let compensation = hal.rsqrtCompensation(power)
            let product = hal.mul(guess, compensation)
            return hal.trunc(product).typed(.fixedPoint)
        }
    }

    private mutating func rsqrtGuess(_ x: Value, _ power: Value) -> Value {
        let reversed = bitrev(power, end: 2 * fractionBits)
        let factor = mask(reversed, bits: 2 * fractionBits)
        let scaled = trunc(mul(x, factor)).typed(.fixedPoint)
        return polynomial(
            scaled, degree: settings.lowersRsqrtAccuracy ? 2 : 4, isPositive: true, isResultPositive: true)
    }

    /// The power of two, and whether its exponent is odd.
    private mutating func rsqrtCompensation(_ power: Value) -> Value {
        let half = Value(count: power.count, share: .plain(bits: ringBits / 2), kind: .integer)
        let separated = power
        let even = and(separated, half)
        let odd = and(rshift(separated, ringBits / 2), half)
        let exponent = xor(odd, even)
        let parity = and(even, ringConstant(1, like: power)).typed(.integer)
        let bits = fractionBits / 2 * 2
        let reversed = bitrev(exponent, end: bits)
        let factor = mask(reversed, bits: bits)
        let chosen = mux(parity, ringConstant(2, like: power), ringConstant(1, like: power))
        return mul(chosen, factor)
    }

    /// `f_sqrt`
    mutating func sqrt(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.sqrt, x.count) { hal in
            let inverse = hal.rsqrt(x)
            let root = hal.fmul(x, inverse)
            let half = hal.fmul(inverse, hal.constant(0.5, like: x))
            let rest = hal.fmul(root, half)
            let result = hal.fmul(root, rest)
            _ = hal.fmul(half, rest)
            return result
        }
    }

    /// `f_erf`: one minus the reciprocal of a polynomial's fourth power, one from 3 on.
    mutating func erf(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.erf, x.count) { hal in
            let negative = hal.less(x, hal.constant(0, like: x))
            let size = hal.abs(x)
            let isSmall = hal.less(size, hal.constant(3, like: x))
            var value = hal.polynomial(size, degree: 4, isPositive: true, isResultPositive: true)
            value = hal.fsquare(value)
            value = hal.fsquare(value)
            value = hal.positiveReciprocal(value)
            value = hal.mux(isSmall, value, hal.constant(1, like: x))
            return hal.mux(negative, hal.negate(value), value)
        }
    }

    /// `power` of fixed-point numbers: exp(y log |x|) by the most exact methods, and the sign.
    mutating func power(_ x: Value, _ y: Value) -> Value {
        if x.isPublic, y.isPublic { return plain(x.count) }
        return scope(.pow, x.count) { hal in
            let negative = hal.msb(x)
            let sign = hal.preferArithmetic(negative)
            let size = hal.share(hal.mux(sign, hal.negate(x), x))
            let logarithm = hal.scope(.log, x.count) { $0.minmaxLogarithm(size) }
            let product = hal.fmul(y, logarithm)
            let value = hal.padeExponential(product)
            let whole = hal.rshift(y, hal.fractionBits)
            let odd = hal.and(whole, hal.ringConstant(1, like: x))
            let flips = hal.and(negative, odd).typed(.integer)
            return hal.mux(flips, hal.negate(value), value)
        }
    }
}
