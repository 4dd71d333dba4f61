import IR
import Pricing

extension SPU {
    /// Sums, products and quotients.
    static let arithmeticRows: [Row] = [
        Row("Add", "Sub", "Sum", "Mean") { operation in
            let count = try operation.resultCount()
            var sum = try operation.value(0, count: count)
            let others = try operation.site.inputs.indices.dropFirst().map { try operation.value($0, count: count) }
            return try operation.price { hal in
                for other in others { sum = hal.add(sum, other) }
                if operation.node.has(.average), others.count > 0 { _ = hal.trunc(sum) }
            }
        },
        Row("Neg") { try $0.unary { hal, x in _ = hal.negate(x) } },
        Row("Mul") { operation in
            if operation.isOne(0) || operation.isOne(1) { return operation.price([]) }
            if operation.isSecret(0) != operation.isSecret(1), operation.isScalingTakenOver() {
                return operation.price([])
            }
            let (left, right) = try operation.factors(counts: try operation.resultCount())
            return try operation.price { hal in _ = hal.multiply(left, right) }
        },
        Row("Div", price: div),
        Row("Mod") { operation in
            let isFixedPoint = operation.isFixedPoint(0)
            return try operation.binary { hal, x, y in
                _ = isFixedPoint ? hal.remainder(x, y) : hal.integerRemainder(x, y)
            }
        },
        Row("Pow", price: pow),
        Row("Max", "Min") { operation in
            let count = try operation.resultCount()
            var result = try operation.value(0, count: count)
            let others = try operation.site.inputs.indices.dropFirst().map { try operation.value($0, count: count) }
            return try operation.price { hal in for other in others { result = hal.maximum(result, other) } }
        },
    ]

    /// Division by a constant is a product. By a broadcast secret it divides every element, unless the compiler is told to
    /// take reciprocals first.
    private static func div(_ operation: Operation<Functions>) throws -> OperatorPrice? {
        guard operation.isFixedPoint(0) || operation.isFixedPoint(1) else {
            return try operation.binary { hal, x, y in _ = hal.integerQuotient(x, y) }
        }
        let count = try operation.resultCount()
        if operation.isConstant(1) {
            if operation.isOne(1) || operation.isScalingTakenOver() { return operation.price([]) }
            let dividend = try operation.value(0, count: count)
            return try operation.price { hal in _ = hal.fmul(dividend, hal.plain(count)) }
        }
        let divisor = try operation.value(1, count: operation.countBeforeBroadcast(1))
        let root = operation.root(1)
        if let inverted = root ?? operation.exponential(1) {
            let dividend = try operation.value(0, count: count)
            let isTakenOver = operation.isDivisorOnly(inverted)
            return try operation.price { hal in
                let inverse = isTakenOver ? divisor : root == nil ? hal.exp(divisor) : hal.rsqrt(divisor)
                if !operation.isOne(0) { _ = hal.fmul(dividend, Value(count: count, share: inverse.share)) }
            }
        }
        let (left, right) = (try operation.value(0, count: count), try operation.value(1, count: count))
        let isOne = operation.isOne(0)
        return try operation.price { hal in
            if isOne || (operation.functions.settings.optimizesDenominators && divisor.count < count) {
                let inverse = hal.reciprocal(hal.toFixedPoint(divisor))
                if !isOne { _ = hal.fmul(hal.toFixedPoint(left), SPU.Value(count: count, share: inverse.share)) }
            } else {
                _ = hal.fdiv(hal.toFixedPoint(left), hal.toFixedPoint(right))
            }
        }
    }

    /// Whole powers by squares, roots, other powers through the logarithm.
    private static func pow(_ operation: Operation<Functions>) throws -> OperatorPrice? {
        guard operation.isFixedPoint(0) else { throw Unpriced("no price is known for powers of integers") }
        let count = try operation.resultCount()
        let (base, exponent) = (try operation.value(0, count: count), try operation.value(1, count: count))
        let number = operation.number(1)
        return try operation.price { hal in
            switch number {
            case 0.5: _ = hal.sqrt(base)
            case -0.5: _ = hal.rsqrt(base)
            default:
                if let number, let whole = Int(exactly: number), whole.magnitude <= 1 << 20 {
                    _ = hal.integerPower(base, whole)
                } else {
                    _ = hal.power(base, hal.toFixedPoint(exponent))
                }
            }
        }
    }

    /// Functions of one operand that HAL has.
    static let functionRows: [Row] = [
        Row("Exp") { try $0.unary { hal, x in _ = hal.exp(x) } },
        Row("Log") { try $0.unary { hal, x in _ = hal.log(x) } },
        Row("Sqrt") { operation in
            let isTakenOver = operation.isDivisorOnly(operation.node)
            return try operation.unary { hal, x in _ = isTakenOver ? hal.rsqrt(x) : hal.sqrt(x) }
        },
        Row("Reciprocal") { operation in
            let root = operation.root(0)
            if let inverted = root ?? operation.exponential(0) {
                if operation.isDivisorOnly(inverted) { return operation.price([]) }
                return try operation.unary { hal, x in _ = root == nil ? hal.exp(x) : hal.rsqrt(x) }
            }
            return try operation.unary { hal, x in _ = hal.reciprocal(x) }
        },
        Row("Abs") { try $0.unary { hal, x in _ = hal.abs(x) } },
        Row("Sign") { try $0.unary { hal, x in _ = hal.signOrZero(x) } },
        Row("Floor", "Ceil") { try $0.unary { hal, x in _ = hal.floor(x) } },
        Row("Round") { try $0.unary { hal, x in _ = hal.roundToEven(x) } },
        Row("Sin", "Cos") { try $0.unary { hal, x in _ = hal.sine(x) } },
        Row("Tan") { operation in
            try operation.unary { hal, x in _ = hal.fdiv(hal.sine(x), hal.sine(x)) }
        },
        Row("Acos", "Asin") { try $0.unary { hal, x in _ = hal.arcCosine(x) } },
        Row("Atan") { try $0.unary { hal, x in _ = hal.atan2(x, hal.constant(1, like: x)) } },
        Row("Erf") { try $0.unary { hal, x in _ = hal.erf(x) } },
        Row("Cast", "CastLike", price: cast),
    ]

    /// Integers become fixed-point numbers by a shift, fixed-point numbers integers by a floor; a number is true unless it is
    /// zero.
    private static func cast(_ operation: Operation<Functions>) throws -> OperatorPrice? {
        let (from, to) = (operation.site.input(0)?.type.elementType, operation.site.output(0)?.type.elementType)
        guard let from, let to, from != to else { return operation.price([]) }
        return try operation.unary { hal, x in
            if to == .bool, from != .bool {
                _ = hal.logicalNot(hal.equal(x, hal.constant(0, like: x)))
            } else if from.isFloatingPoint, !to.isFloatingPoint {
                _ = hal.toInteger(x)
            }
        }
    }

    /// Comparisons and logic.
    static let comparisonRows: [Row] = [
        Row("Less", "Greater", "LessOrEqual", "GreaterOrEqual") { operation in
            try operation.binary { hal, x, y in _ = hal.less(x, y) }
        },
        Row("Equal") { try $0.binary { hal, x, y in _ = hal.equal(x, y) } },
        Row("Not") { try $0.unary { hal, x in _ = hal.logicalNot(x) } },
        Row("And", "BitwiseAnd") { try $0.binary { hal, x, y in _ = hal.and(x, y) } },
        Row("Or", "BitwiseOr") { try $0.binary { hal, x, y in _ = hal.or(x, y) } },
        Row("Xor", "BitwiseXor") { try $0.binary { hal, x, y in _ = hal.xor(x, y) } },
        Row("BitwiseNot") { try $0.unary { hal, x in _ = hal.not(x) } },
        Row("Where") { operation in
            let count = try operation.resultCount()
            var condition = try operation.value(0, count: count)
            let (left, right) = (try operation.value(1, count: count), try operation.value(2, count: count))
            let (place, selections) = operation.selectionsByCondition()
            return try operation.price { hal in
                if selections > 1, operation.isSecret(0) {
                    if place == 0 { _ = hal.preferArithmetic(condition) }
                    condition.share = .arithmetic
                }
                _ = hal.select(condition, left, right)
            }
        },
        Row("IsNaN") { try $0.unary { hal, x in _ = hal.logicalNot(hal.equal(x, x)) } },
    ]
}
