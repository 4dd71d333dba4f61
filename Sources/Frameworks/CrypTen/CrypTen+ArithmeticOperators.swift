import IR
import Pricing

extension CrypTen {
    /// Products, quotients and powers.
    static let arithmeticRows: [Row] = [
        // CrypTen has no such function; a division of the shares cuts the fraction off, and may be off by one.
        Row("Floor", "Ceil", "Round") { $0.price([$0.functions.truncate(try $0.result())]) },
        Row("Mul") { operation in
            let isScaled = operation.isScaled(0) && operation.isScaled(1)
            if operation.node.input(0) == operation.node.input(1), operation.isSecret(0) {
                // CrypTen does not notice that both factors are one tensor, and opens it twice.
                let factor = try operation.extent(0)
                return operation.price([operation.functions.mul(factor, factor, isScaled: isScaled)])
            }
            return try operation.bilinear(result: try operation.result()) {
                operation.functions.mul($0, $1, isScaled: isScaled)
            }
        },
        Row("Div", price: div),
        Row("Pow", price: pow),
        Row("Reciprocal") { $0.price([$0.functions.reciprocal(try $0.extent(0))]) },
        Row("Sqrt") { $0.price([$0.functions.sqrt(try $0.extent(0))]) },
        Row("Exp") { $0.price([$0.functions.exp(try $0.extent(0))]) },
        Row("Log") { $0.price([$0.functions.log(try $0.extent(0))]) },
        Row("Sin", "Cos") { $0.price([$0.functions.cossin(try $0.extent(0))]) },
        Row("Erf") { $0.price([$0.functions.erf(try $0.extent(0))]) },
        Row("Abs") { $0.price([$0.functions.abs(try $0.extent(0))]) },
        Row("Sign") { $0.price([$0.functions.sign(try $0.extent(0))]) },
    ]

    private static func div(_ operation: Operation<Functions>) throws -> OperatorPrice {
        let result = try operation.result()
        guard operation.isSecret(1) else { return operation.price([operation.functions.truncate(result)]) }
        let divisor = try operation.extent(1)
        guard operation.isSecret(0) else {
            return operation.price([
                operation.functions.reciprocal(divisor), operation.functions.publicProduct(result),
            ])
        }
        let dividend = try operation.extent(0)
        let call = operation.functions.div(dividend, divisor)
        let opened = operation.functions.bytes(opening: dividend.broadcast(with: divisor).count)
        return operation.price([call], operandBytes: [opened, max(0, call.cost.online.bytes - opened)])
    }

    private static func pow(_ operation: Operation<Functions>) throws -> OperatorPrice {
        guard !operation.isSecret(1) else { throw Unpriced("CrypTen has no power with a secret exponent") }
        guard let exponent = operation.number(1) else {
            throw Unpriced("CrypTen takes one known exponent for all elements")
        }
        let extent = try operation.extent(0)
        if let integer = Int(exactly: exponent) { return operation.price([operation.functions.pow(extent, integer)]) }
        return operation.price([operation.functions.positivePow(extent)])
    }

    /// Comparisons and logic. CrypTen has no logical operators: AND is a product of two bits, and the others follow.
    static let comparisonRows: [Row] = [
        Row("Less", "Greater", "LessOrEqual", "GreaterOrEqual") { operation in
            operation.price([operation.functions.ltz(try operation.result())])
        },
        Row("Equal") { $0.price([$0.functions.eqz(try $0.result())]) },
        Row("And", "Or", "Xor") { operation in
            let price = try operation.bilinear(result: try operation.result()) {
                operation.functions.mul($0, $1, isScaled: false)
            }
            return OperatorPrice(price.call, operandBytes: price.operandBytes, basis: .functionBody)
        },
        Row("Where", price: select),
        Row("Max", "Min", price: extremum),
    ]

    private static func select(_ operation: Operation<Functions>) throws -> OperatorPrice {
        let result = try operation.result()
        guard operation.isSecret(0) else {
            // Each secret branch is masked by a public tensor of floating-point numbers.
            let branches = [1, 2].filter(operation.isSecret).count
            return operation.price([operation.functions.publicProduct(result).repeated(branches)])
        }
        let condition = try operation.extent(0)
        var calls: [Call] = []
        var opened = [0, 0, 0]
        for branch in [1, 2] where operation.isSecret(branch) {
            let extent = try operation.extent(branch)
            calls.append(operation.functions.mul(condition, extent, isScaled: false))
            opened[0] = opened[0] +| condition.count
            opened[branch] = extent.count
        }
        return operation.price(calls, opening: opened)
    }

    /// `max(a, b) = b + relu(a - b)`: CrypTen has no elementwise maximum. Several operands are taken one by one.
    private static func extremum(_ operation: Operation<Functions>) throws -> OperatorPrice {
        let calls = try operation.oneByOne { operation.functions.relu($0) }
        return operation.price(calls, basis: .functionBody)
    }
}
