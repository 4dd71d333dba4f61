import IR
import Pricing

/// Functions on numbers of either kind: `hal/polymorphic.cc` and the lowering of comparisons in
/// `dialect/pphlo/transforms/decompose_patterns.td`.
extension SPU.HAL {
    /// `mul`: mixed products of integers and fixed-point numbers need no truncation.
    mutating func multiply(_ x: Value, _ y: Value) -> Value {
        guard x.kind == .fixedPoint, y.kind == .fixedPoint else { return mul(x, y) }
        return fmul(x, y)
    }

    /// `matmul`: p × q by q × r.
    mutating func matmul(_ x: Value, _ y: Value, _ p: Int, _ q: Int, _ r: Int) -> Value {
        guard x.kind == .fixedPoint, y.kind == .fixedPoint else { return mmul(x, y, p, q, r) }
        return fmmul(x, y, p, q, r)
    }

    /// `select`
    mutating func select(_ predicate: Value, _ a: Value, _ b: Value) -> Value { mux(predicate, a, b) }

    /// `maximum`, `minimum`: a comparison and a selection.
    mutating func maximum(_ x: Value, _ y: Value) -> Value {
        scope(.max, max(x.count, y.count)) { hal in
            let isGreater = hal.less(y, x)
            return hal.select(isGreater, x, y)
        }
    }

    /// `logical_not`: one minus the bit, or its flip.
    mutating func logicalNot(_ x: Value) -> Value {
        if case .boolean = x.share { return xor(x, ringConstant(1, like: x)) }
        return x
    }

    /// `Sign`: zero for zero.
    mutating func signOrZero(_ x: Value) -> Value {
        let sign = sign(x)
        let isZero = equal(x, constant(0, like: x))
        return select(isZero, ringConstant(0, like: sign), sign)
    }

    /// `Round_RNTE`: to the nearest whole number, ties to even.
    mutating func roundToEven(_ x: Value) -> Value {
        scope(.round, x.count) { hal in
            let bits = hal.preferBoolean(x)
            let whole = hal.floor(bits)
            let one = hal.ringConstant(1, like: x)
            let odd = hal.and(hal.rshift(bits, hal.fractionBits), one)
            let half = hal.and(hal.rshift(bits, hal.fractionBits - 1), one)
            let below = hal.anyBit(count: x.count, bits: hal.fractionBits - 1)
            let either = hal.or(below, odd)
            let up = hal.and(half, either)
            return hal.add(whole, up)
        }
    }

    /// Whether one of that many bits is set, by a tree of ORs.
    private mutating func anyBit(count: Int, bits: Int) -> Value {
        var left = bits
        while left > 1 {
            let half = Value(count: left / 2 *| count, share: .boolean(bits: 1), kind: .integer)
            _ = or(half, half)
            left -= left / 2
        }
        return Value(count: count, share: .boolean(bits: 1), kind: .integer)
    }

    /// `idiv` of integers: the quotient of the numbers' sizes as fixed-point numbers, corrected by one up or down.
    mutating func integerQuotient(_ x: Value, _ y: Value) -> Value {
        if x.isPublic, y.isPublic { return plain(x.count, .integer) }
        return scope(.idiv, x.count) { hal in
            let (signX, signY) = (hal.sign(x), hal.sign(y))
            let (sizeX, sizeY) = (hal.mul(x, signX), hal.mul(y, signY))
            let ratio = hal.fdiv(hal.toFixedPoint(sizeX), hal.toFixedPoint(sizeY))
            let guess = hal.toInteger(ratio)
            let product = hal.mul(sizeY, guess)
            let isTooSmall = hal.logicalNot(hal.less(sizeX, hal.add(product, sizeY)))
            let isTooLarge = hal.less(sizeX, product)
            let raised = hal.add(guess, isTooSmall)
            let quotient = hal.add(raised, hal.negate(isTooLarge))
            return hal.mul(quotient, hal.mul(signX, signY)).typed(.integer)
        }
    }

    /// `Remainder` of integers: the quotient times the divisor.
    mutating func integerRemainder(_ x: Value, _ y: Value) -> Value {
        let quotient = integerQuotient(x, y)
        let product = mul(quotient, y)
        return add(x, negate(product))
    }

    /// `Remainder` of fixed-point numbers: the quotient, rounded towards zero, times the divisor.
    mutating func remainder(_ x: Value, _ y: Value) -> Value {
        scope(.remainder, x.count) { hal in
            let quotient = hal.fdiv(x, y)
            let negative = hal.less(quotient, hal.constant(0, like: x))
            let isPositive = hal.logicalNot(negative)
            let (down, up) = (hal.floor(quotient), hal.floor(quotient))
            let whole = hal.select(isPositive, down, up)
            let product = hal.fmul(whole, y)
            return hal.add(x, hal.negate(product))
        }
    }

    /// Whole powers, as jax lowers `integer_pow`: squares of squares, and the reciprocal for negative exponents.
    mutating func integerPower(_ x: Value, _ exponent: Int) -> Value {
        scope(.pow, x.count) { hal in
            var rest = exponent.magnitude
            var base = x
            var product: Value?
            while rest > 0 {
                if rest & 1 == 1 { product = product.map { hal.multiply($0, base) } ?? base }
                rest >>= 1
                if rest > 0 { base = hal.multiply(base, base) }
            }
            let result = product ?? hal.constant(1, like: x)
            return exponent < 0 ? hal.reciprocal(result) : result
        }
    }

    /// `atan2_minimax`
    mutating func atan2(_ y: Value, _ x: Value) -> Value {
        if x.isPublic, y.isPublic { return plain(x.count) }
        return scope(.atan2, x.count) { hal in
            let both = hal.secret(2 *| x.count)
            let signs = hal.preferArithmetic(hal.msb(both))
            _ = hal.mux(signs, hal.negate(both), both)
            let (sign, size) = (hal.secret(x.count, .integer), hal.secret(x.count))
            let isSteep = hal.preferArithmetic(hal.less(size, size))
            let larger = hal.mux(isSteep, size, size)
            let tangent = hal.scope(.div, x.count) { $0.divide(size, larger, isPositive: true) }
            var angle = hal.polynomial(
                tangent, degree: hal.fractionBits <= 20 ? 6 : 10, isPositive: true, isResultPositive: true)
            for bit in [isSteep, sign, sign] { angle = hal.mux(bit, hal.negate(angle), angle) }
            return angle
        }
    }

    /// `acos_minimax`. The arc sine is a difference from it.
    mutating func arcCosine(_ x: Value) -> Value {
        if x.isPublic { return plain(x.count) }
        return scope(.acos, x.count) { hal in
            let sign = hal.preferArithmetic(hal.msb(x))
            let size = hal.mux(sign, hal.negate(x), x)
            let factor = hal.polynomial(size, degree: hal.fractionBits <= 20 ? 3 : 7)
            let root = hal.sqrt(hal.add(hal.constant(1, like: x), hal.negate(size)))
            let angle = hal.fmul(root, factor, isPositive: true)
            return hal.mux(sign, hal.negate(angle), angle)
        }
    }
}
