import IR
import Pricing

/// Fixed-point arithmetic: `hal/fxp_base.cc`.
extension SPU.HAL {
    /// `f_mul`: a product and a truncation. Public operands only need the latter.
    mutating func fmul(_ x: Value, _ y: Value, isPositive: Bool = false) -> Value {
        scope(.fMul, max(x.count, y.count)) { hal in
            let product = hal.mul(x, y)
            return hal.trunc(product, isPositive: isPositive)
        }
    }

    /// `f_square`
    mutating func fsquare(_ x: Value) -> Value {
        scope(.fSquare, x.count) { hal in
            let square = hal.square(x)
            return hal.trunc(square, isPositive: true)
        }
    }

    /// `f_mmul`: a matrix product and a truncation of the result.
    mutating func fmmul(_ x: Value, _ y: Value, _ p: Int, _ q: Int, _ r: Int) -> Value {
        scope(.fMmul, of: Sizes(n: p *| r, p: p, q: q, r: r)) { hal in
            let product = hal.mmul(x, y, p, q, r)
            return hal.trunc(product)
        }
    }

    /// `polynomial`: all powers by a tree of products, then one truncation of their weighted sum.
    ///
    /// - Parameter degree: the highest power, at least 1.
    mutating func polynomial(_ x: Value, degree: Int, isPositive: Bool = false, isResultPositive: Bool = false) -> Value
    {
        scope(.polynomial, x.count) { hal in
            var powers = 1
            for _ in 0..<degree.ceilLog2 {
                let next = min(powers, degree - powers)
                let stacked = Value(count: next *| x.count, share: x.share, kind: x.kind)
                _ = hal.fmul(stacked, stacked, isPositive: isPositive)
                powers += next
            }
            let sum = hal.mul(x, hal.constant(1, like: x))
            return hal.trunc(sum, isPositive: isResultPositive)
        }
    }

    /// `_prefix_or`: every bit below the highest one set.
    mutating func prefixOr(_ x: Value) -> Value {
        scope(.prefixOr, x.count) { hal in
            var ones = hal.preferBoolean(x)
            for level in 0..<hal.ringBits.ceilLog2 {
                let shifted = hal.rshift(ones, 1 << level)
                ones = hal.or(ones, shifted)
            }
            return ones
        }
    }

    /// `highestOneBit`
    mutating func highestOneBit(_ x: Value) -> Value {
        let ones = prefixOr(x)
        let shifted = rshift(ones, 1)
        return xor(ones, shifted)
    }

    /// `maskNumberOfBits`: the lowest bits. Version 0.9.5 makes the mask from a 64-bit constant, which a 32-bit ring does
    /// not hold.
    mutating func mask(_ x: Value, bits: Int) -> Value {
        if ringBits == 32 { fail("SPU 0.9.5 cannot make a 64-bit mask in the ring FM32") }
        let mask = Value(count: x.count, share: .plain(bits: min(bits, ringBits)), kind: .integer)
        return and(x, mask).typed(x.kind)
    }

    /// `_prefer_a`
    mutating func preferArithmetic(_ x: Value) -> Value { x.isPublic ? x : toArithmetic(x) }

    /// `_prefer_b`
    mutating func preferBoolean(_ x: Value) -> Value { toBoolean(x) }

    /// `_popcount`: number of ones among the lowest bits.
    mutating func popcount(_ x: Value, bits: Int) -> Value {
        scope(.popcount, x.count) { hal in
            let x = hal.preferBoolean(x)
            if x.isPublic { return Value(count: x.count, share: .plain(bits: hal.ringBits), kind: .integer) }
            // Bits are added in a tree whose first level converts its left and right halves.
            let half = Value(count: bits / 2 *| x.count, share: .boolean(bits: 1), kind: .integer)
            _ = hal.toArithmetic(half)
            _ = hal.toArithmetic(half)
            if bits % 2 == 1 {
                _ = hal.toArithmetic(Value(count: x.count, share: .boolean(bits: 1), kind: .integer))
            }
            return hal.secret(x.count, .integer)
        }
    }

    /// `reciprocal_goldschmidt_normalized_approx`: Goldschmidt's iteration on a number scaled to between ½ and 1.
    private mutating func normalizedReciprocal(_ x: Value, factor: Value) -> Value {
        scope(.goldschmidt, x.count) { hal in
            let normalized = hal.fmul(x, factor, isPositive: true)
            var result = normalized
            var error = hal.fmul(normalized, normalized, isPositive: true)
            let iterations =
                hal.fractionBits >= 30 ? max(3, hal.settings.divisionIterations) : hal.settings.divisionIterations
            for iteration in 1...max(1, iterations) {
                result = hal.fmul(result, error, isPositive: true)
                if iteration < iterations { error = hal.fsquare(error) }
            }
            return result
        }
    }

    /// Two to the number of places by which a positive number has to be shifted to lie between ½ and 1.
    private mutating func scalingFactor(_ x: Value) -> Value {
        let highest = highestOneBit(x)
        let reversed = bitrev(highest, end: 2 * fractionBits)
        return preferArithmetic(mask(reversed, bits: 2 * fractionBits)).typed(.fixedPoint)
    }

    /// `div_goldschmidt_general`
    ///
    /// - Parameter isPositive: whether the sign of the divisor (and of the dividend) is known to be positive.
    mutating func divide(_ x: Value, _ y: Value, isPositive: Bool = false) -> Value {
        var sign: Value?
        var divisor = y
        if !isPositive {
            let negative = preferArithmetic(msb(y))
            divisor = mux(negative, negate(y), y)
            sign = negative
        }
        let factor = scalingFactor(divisor)
        let inverse = normalizedReciprocal(divisor, factor: factor)
        let quotient = fmul(inverse, x, isPositive: isPositive)
        let scaled = fmul(quotient, factor, isPositive: isPositive)
        guard let sign else { return scaled }
        return mux(sign, negate(scaled), scaled)
    }

    /// `f_div`
    mutating func fdiv(_ x: Value, _ y: Value) -> Value {
        if x.isPublic, y.isPublic { return plain(x.count) }
        return scope(.div, x.count) { $0.divide(x, y) }
    }

    /// `f_reciprocal`
    mutating func reciprocal(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.reciprocal, x.count) { hal in
            let negative = hal.preferArithmetic(hal.msb(x))
            let positive = hal.mux(negative, hal.negate(x), x)
            let result = hal.positiveReciprocal(positive)
            return hal.mux(negative, hal.negate(result), result)
        }
    }

    /// `reciprocal_goldschmidt_positive`
    mutating func positiveReciprocal(_ x: Value) -> Value {
        let factor = scalingFactor(x)
        let inverse = normalizedReciprocal(x, factor: factor)
        return fmul(inverse, factor, isPositive: true)
    }

    /// `_sign`: plus or minus one, plus for zero.
    mutating func sign(_ x: Value) -> Value {
        scope(.sign, x.count) { hal in
            let negative = hal.msb(x)
            let doubled = hal.mul(hal.ringConstant(2, like: x), negative)
            return hal.add(hal.ringConstant(1, like: x), hal.negate(doubled)).typed(.integer)
        }
    }

    /// `f_abs`, `i_abs`
    mutating func abs(_ x: Value) -> Value {
        if x.isPublic { return x }
        return scope(.abs, x.count) { hal in
            let sign = hal.sign(x)
            return hal.mul(sign, x)
        }
    }

    /// `f_floor`: a boolean share, as it comes from a shift.
    mutating func floor(_ x: Value) -> Value {
        scope(.floor, x.count) { hal in
            let shifted = hal.arshift(x, hal.fractionBits)
            return hal.lshift(shifted, hal.fractionBits)
        }
    }

    /// `dtype_cast` from fixed-point numbers to integers, towards zero.
    mutating func toInteger(_ x: Value) -> Value {
        guard x.kind == .fixedPoint else { return x }
        return scope(.fxp2int, x.count) { hal in
            let negative = hal.msb(x)
            let correction = hal.mul(hal.ringConstant(1, like: x), negative)
            let sum = hal.add(x, correction)
            return hal.arshift(sum, hal.fractionBits).typed(.integer)
        }
    }

    /// `dtype_cast` from integers to fixed-point numbers: a shift.
    func toFixedPoint(_ x: Value) -> Value {
        x.kind == .fixedPoint ? x : lshift(x, fractionBits).typed(.fixedPoint)
    }
}
