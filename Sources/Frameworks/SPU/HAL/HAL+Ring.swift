import Pricing

/// Operations on ring elements: `hal/ring.cc`, dispatched by how the operands are shared as in `mpc/api.cc`.
extension SPU.HAL {
    typealias Value = SPU.Value

    /// `_2a`: an arithmetic share of a secret.
    mutating func toArithmetic(_ x: Value) -> Value {
        guard case .boolean(let bits) = x.share else { return x }
        record(kernels.b2a(x.count, bits: bits))
        return Value(count: x.count, share: .arithmetic, kind: x.kind)
    }

    /// `_2b`: a boolean share of a secret.
    mutating func toBoolean(_ x: Value) -> Value {
        guard case .arithmetic = x.share else { return x }
        record(kernels.a2b(x.count))
        return Value(count: x.count, share: .boolean(bits: ringBits), kind: x.kind)
    }

    /// `_p2s`: a public value made a secret.
    mutating func share(_ x: Value) -> Value {
        guard x.isPublic else { return x }
        record(kernels.p2a(x.count))
        return Value(count: x.count, share: .arithmetic, kind: x.kind)
    }

    /// `_add`, `_sub`: local, on arithmetic shares.
    mutating func add(_ x: Value, _ y: Value) -> Value {
        if x.isPublic, y.isPublic { return Value(count: x.count, share: .plain(bits: ringBits), kind: x.kind) }
        if !x.isPublic { _ = toArithmetic(x) }
        if !y.isPublic { _ = toArithmetic(y) }
        return Value(count: x.count, share: .arithmetic, kind: x.kind)
    }

    /// `_negate`
    mutating func negate(_ x: Value) -> Value {
        x.isPublic ? Value(count: x.count, share: .plain(bits: ringBits), kind: x.kind) : toArithmetic(x)
    }

    /// `_mul`
    mutating func mul(_ x: Value, _ y: Value) -> Value {
        let kind: Value.Kind = x.kind == .fixedPoint || y.kind == .fixedPoint ? .fixedPoint : .integer
        if x.isPublic, y.isPublic { return Value(count: x.count, share: .plain(bits: ringBits), kind: kind) }
        if x.isPublic || y.isPublic { return toArithmetic(x.isPublic ? y : x).typed(kind) }
        let result = Value(count: x.count, share: .arithmetic, kind: kind)
        switch (x.share, y.share) {
        case (.arithmetic, .boolean(1)), (.boolean(1), .arithmetic):
            if let product = kernels.mulA1B(x.count) {
                record(product)
                return result
            }
        case (.boolean(1), .boolean(1)):
            record(kernels.andBB(x.count, bits: 1))
            return Value(count: x.count, share: .boolean(bits: 1), kind: kind)
        default: break
        }
        _ = toArithmetic(x)
        _ = toArithmetic(y)
        record(kernels.mulAA(x.count))
        return result
    }

    /// `_square`
    mutating func square(_ x: Value) -> Value {
        guard case .arithmetic = x.share, let square = kernels.squareA(x.count) else { return mul(x, x) }
        record(square)
        return x
    }

    /// `_and`
    mutating func and(_ x: Value, _ y: Value) -> Value {
        let (left, right) = (toBoolean(x), toBoolean(y))
        let bits = min(left.bits ?? ringBits, right.bits ?? ringBits)
        if x.isPublic, y.isPublic { return Value(count: x.count, share: .plain(bits: bits), kind: x.kind) }
        if !x.isPublic, !y.isPublic { record(kernels.andBB(x.count, bits: bits)) }
        return Value(count: x.count, share: .boolean(bits: bits), kind: x.kind)
    }

    /// `_xor`: local, on boolean shares.
    mutating func xor(_ x: Value, _ y: Value) -> Value {
        let (left, right) = (toBoolean(x), toBoolean(y))
        let bits = max(left.bits ?? ringBits, right.bits ?? ringBits)
        let isPublic = x.isPublic && y.isPublic
        return Value(count: x.count, share: isPublic ? .plain(bits: bits) : .boolean(bits: bits), kind: x.kind)
    }

    /// `_or`: x ^ y ^ (x & y), each part converting arithmetic operands for itself.
    mutating func or(_ x: Value, _ y: Value) -> Value {
        let both = and(x, y)
        let rest = xor(y, both)
        return xor(x, rest)
    }

    /// `_not`
    mutating func not(_ x: Value) -> Value {
        switch x.share {
        case .boolean: xor(x, ringConstant(-1, like: x))
        case .plain: x
        case .arithmetic: negate(x)
        }
    }

    /// `_lshift`: local.
    func lshift(_ x: Value, _ bits: Int) -> Value {
        guard let width = x.bits else { return x }
        return x.resized(min(ringBits, width + bits))
    }

    /// `_rshift`
    mutating func rshift(_ x: Value, _ bits: Int) -> Value {
        let x = toBoolean(x)
        return x.resized(max(0, (x.bits ?? ringBits) - bits))
    }

    /// `_arshift`
    mutating func arshift(_ x: Value, _ bits: Int) -> Value { toBoolean(x).resized(ringBits) }

    /// `_bitrev`: the bits below `end` reversed.
    mutating func bitrev(_ x: Value, end: Int) -> Value {
        let x = toBoolean(x)
        return x.resized(max(x.bits ?? ringBits, end))
    }

    /// `_trunc`
    mutating func trunc(_ x: Value, _ bits: Int? = nil, isPositive: Bool = false) -> Value {
        if x.isPublic { return x }
        let x = toArithmetic(x)
        record(kernels.truncA(x.count, bits: bits ?? fractionBits, isPositive: isPositive))
        return x
    }

    /// `_msb`: a boolean share of one bit.
    mutating func msb(_ x: Value) -> Value {
        let bit = Value(count: x.count, share: .boolean(bits: 1), kind: .integer)
        switch x.share {
        case .plain: return Value(count: x.count, share: .plain(bits: 1), kind: .integer)
        case .boolean: return rshift(x, ringBits - 1).typed(.integer)
        case .arithmetic:
            guard let msb = kernels.msbA2B(x.count) else { return rshift(x, ringBits - 1).typed(.integer) }
            record(msb)
            return bit
        }
    }

    /// `_less`: the sign of the difference.
    mutating func less(_ x: Value, _ y: Value) -> Value {
        scope(.less, max(x.count, y.count)) { hal in
            let difference = hal.add(x, hal.negate(y))
            return hal.msb(difference)
        }
    }

    /// `_equal`
    mutating func equal(_ x: Value, _ y: Value) -> Value {
        if x.isPublic, y.isPublic { return Value(count: x.count, share: .plain(bits: 1), kind: .integer) }
        let isMixed = x.isPublic || y.isPublic
        let isArithmetic = x.share == .arithmetic || y.share == .arithmetic
        if isArithmetic, let test = isMixed ? kernels.equalAP(x.count) : kernels.equalAA(x.count) {
            if !x.isPublic { _ = toArithmetic(x) }
            if !y.isPublic { _ = toArithmetic(y) }
            record(test)
            return Value(count: x.count, share: .boolean(bits: kernels.equalityBits), kind: .integer)
        }
        let (below, above) = (less(x, y), less(y, x))
        return and(xor(below, ringConstant(1, like: x)), xor(above, ringConstant(1, like: x)))
    }
}

extension SPU.Value {
    /// The same with another width; arithmetic shares have none.
    fileprivate func resized(_ bits: Int) -> SPU.Value {
        switch share {
        case .plain: SPU.Value(count: count, share: .plain(bits: bits), kind: kind)
        case .boolean: SPU.Value(count: count, share: .boolean(bits: bits), kind: kind)
        case .arithmetic: self
        }
    }
}
