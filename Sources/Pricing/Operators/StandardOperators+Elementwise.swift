import IR

extension StandardOperators {
    /// Products, quotients and powers.
    package static var arithmetic: [Row] {
        [
            // The fraction is cut off; shares cut off each by itself may be off by one.
            Row("Floor", "Ceil", "Round") { $0.price([try $0.truncation(of: try $0.resultCount())]) },
            Row("Mul") { operation in
                if operation.node.input(0) == operation.node.input(1), operation.isSecret(0) {
                    let count = try operation.count(0)
                    let square = try operation.functions.square(count)
                    guard operation.isFixedPoint(0) else { return operation.price([square]) }
                    return operation.price([square, try operation.truncation(of: count, isNonNegative: true)])
                }
                return try operation.bilinear {
                    try operation.functions.mul(
                        ElementwiseProduct(
                            left: try operation.count(0), right: try operation.count(1),
                            result: try operation.resultCount(), sides: operation.sides))
                }
            },
            Row("Div", price: div),
            Row("Pow", price: pow),
            Row("Reciprocal") { $0.price([try $0.functions.reciprocal(try $0.count(0), isPositive: false)]) },
            Row("Sqrt") { $0.price([try $0.functions.sqrt(try $0.count(0))]) },
            Row("Exp") { $0.price([try $0.functions.exp(try $0.count(0))]) },
            Row("Log") { $0.price([try $0.functions.log(try $0.count(0))]) },
            Row("Erf") { $0.price([try $0.functions.erf(try $0.count(0))]) },
            Row("Abs") { operation in
                let count = try operation.count(0)
                return operation.price([try operation.functions.ltz(count), try operation.functions.select(count)])
            },
            Row("Sign") { $0.price([try $0.functions.ltz(try $0.count(0))]) },
        ]
    }

    /// By a public number it is a product with a constant; by a secret one a product with its reciprocal.
    private static func div(_ operation: Site) throws -> OperatorPrice? {
        let result = try operation.resultCount()
        guard operation.isSecret(1) else { return operation.price([try operation.truncation(of: result)]) }
        let divisor = try operation.count(1)
        var calls = [try operation.functions.reciprocal(divisor, isPositive: false)]
        if operation.isSecret(0) {
            let product = ElementwiseProduct(left: try operation.count(0), right: divisor, result: result)
            calls.append(try operation.functions.mul(product))
        }
        return operation.price(calls + [try operation.truncation(of: result)])
    }

    /// Whole powers by squaring, `±½` by the root, others as `exp(p log x)`.
    private static func pow(_ operation: Site) throws -> OperatorPrice? {
        guard !operation.isSecret(1) else { throw Unpriced("no price is known for a secret exponent") }
        guard let exponent = operation.number(1) else {
            throw Unpriced("a price is known for one exponent for all elements only")
        }
        let (count, functions) = (try operation.count(0), operation.functions)
        switch exponent {
        case 0.5: return operation.price([try functions.sqrt(count)])
        case -0.5: return operation.price([try functions.inverseSqrt(count)])
        default: break
        }
        guard let whole = Int(exactly: exponent), whole != .min else {
            return operation.price([
                try functions.log(count), try operation.truncation(of: count), try functions.exp(count),
            ])
        }
        let inverse = whole < 0 ? [try functions.reciprocal(count, isPositive: false)] : []
        return operation.price(inverse + (try functions.power(count, abs(whole))))
    }

    /// Comparisons and logic.
    package static var comparison: [Row] {
        [
            Row("Less", "Greater", "LessOrEqual", "GreaterOrEqual") { operation in
                operation.price([try operation.functions.ltz(try operation.resultCount())])
            },
            Row("Equal") { $0.price([try $0.functions.eqz(try $0.resultCount())]) },
            Row("And", "Or", "Xor") { operation in
                guard operation.isSecret(0), operation.isSecret(1) else { return operation.price([]) }
                return operation.price([try operation.functions.and(try operation.resultCount())])
            },
            Row("Where", price: selection),
            Row("Max", "Min", price: extremum),
        ]
    }

    /// `condition · (left - right) + right`.
    package static func selection(_ operation: Site) throws -> OperatorPrice? {
        guard operation.isSecret(0), operation.isSecret(1) || operation.isSecret(2) else { return operation.price([]) }
        return operation.price([try operation.functions.select(try operation.resultCount())])
    }

    /// `max(a, b) = b + relu(a - b)`; several operands are taken one by one.
    package static func extremum(_ operation: Site) throws -> OperatorPrice? {
        let calls = try operation.oneByOne { try operation.functions.relu($0.count) }
        return operation.price(calls)
    }

    /// Activations of one operand.
    package static var activation: [Row] {
        [
            Row("Relu") { $0.price([try $0.functions.relu(try $0.count(0))]) },
            Row("Clip") { operation in
                guard !operation.isSecret(1), !operation.isSecret(2) else {
                    throw Unpriced("a price is known for public bounds only")
                }
                let count = try operation.count(0)
                switch (operation.site.input(1) != nil, operation.site.input(2) != nil) {
                case (true, true): return operation.price([try operation.functions.clip(count)])
                case (false, false): return operation.price([])
                default: return operation.price([try operation.functions.relu(count)])
                }
            },
            Row("Sigmoid") { $0.price([try $0.functions.sigmoid(try $0.count(0))]) },
            Row("Tanh") { $0.price([try $0.functions.tanh(try $0.count(0))]) },
            Row("Softmax") { operation in
                let (rows, length) = try operation.rows(axis: operation.node.int("axis"))
                guard length > 1 else { return operation.price([]) }
                return operation.price([try operation.functions.softmax(rows: rows, length: length)])
            },
            Row("LogSoftmax") { operation in
                let (rows, length) = try operation.rows(axis: operation.node.int("axis"))
                guard length > 1 else { return operation.price([]) }
                return operation.price([try operation.functions.logSoftmax(rows: rows, length: length)])
            },
        ]
    }
}

extension SecureFunctions {
    /// A whole power, truncated, by squaring and multiplying.
    package func power(_ count: Int, _ exponent: Int) throws -> [Call] {
        guard exponent > 1 else { return [] }
        let bits = Int.bitWidth - exponent.leadingZeroBitCount - 1
        let squares = Call(SecureFunction.squaring, sizes: Sizes(n: count), try scaledSquare(count)).repeated(bits)
        let products = Call(SecureFunction.product, sizes: Sizes(n: count), try scaledProduct(count)).repeated(
            exponent.nonzeroBitCount - 1)
        return [squares, products]
    }
}
