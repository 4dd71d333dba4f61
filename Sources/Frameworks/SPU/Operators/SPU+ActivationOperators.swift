import IR
import Pricing

extension SPU {
    /// Activations, as `jax.nn` writes them.
    static let activationRows: [Row] = [
        Row("Relu") { try $0.unary { hal, x in _ = hal.relu(x) } },
        Row("Clip", price: clip),
        Row("Sigmoid") { try $0.unary { hal, x in _ = hal.sigmoid(x) } },
        Row("Tanh") { try $0.unary { hal, x in _ = hal.tanh(x) } },
        Row("Swish") { operation in
            let alpha = try Double(operation.node.float("alpha"))
            return try operation.unary { hal, x in
                let inner = alpha == 1 ? x : hal.fmul(x, hal.constant(alpha, like: x))
                _ = hal.fmul(x, hal.sigmoid(inner))
            }
        },
        Row("Gelu") { operation in
            let isTanh = try operation.node.string("approximate") == "tanh"
            return try operation.unary { hal, x in _ = isTanh ? hal.tanhGelu(x) : hal.erfGelu(x) }
        },
        Row("Softplus") { try $0.unary { hal, x in _ = hal.softplus(x) } },
        Row("Softsign") { try $0.unary { hal, x in _ = hal.fdiv(x, hal.abs(x)) } },
        Row("Mish") { try $0.unary { hal, x in _ = hal.fmul(x, hal.tanh(hal.softplus(x))) } },
        Row("Elu") { operation in
            let alpha = try Double(operation.node.float("alpha"))
            return try operation.unary { hal, x in _ = hal.elu(x, alpha: alpha) }
        },
        Row("Selu") { operation in
            try operation.unary { hal, x in
                let value = hal.elu(x, alpha: 1.67)
                _ = hal.fmul(value, hal.constant(1.05, like: x))
            }
        },
        Row("Celu", price: celu),
        Row("LeakyRelu") { operation in
            let slope = try operation.constant(Double(operation.node.float("alpha")), count: operation.resultCount())
            return try operation.unary { hal, x in _ = hal.leakyRelu(x, slope: slope) }
        },
        Row("PRelu") { operation in
            try operation.binary { hal, x, slope in _ = hal.leakyRelu(x, slope: slope) }
        },
        Row("ThresholdedRelu") { try $0.unary { hal, x in _ = hal.relu(x) } },
        Row("HardSigmoid") { try $0.unary { hal, x in _ = hal.hardSigmoid(x) } },
        Row("HardSwish") { try $0.unary { hal, x in _ = hal.fmul(x, hal.hardSigmoid(x)) } },
        Row("Softmax") { try alongAxis($0) { hal, rows in hal.softmax(rows) } },
        Row("LogSoftmax") { try alongAxis($0) { hal, rows in hal.logSoftmax(rows) } },
    ]

    private static func alongAxis(
        _ operation: Operation<Functions>, _ body: (inout HAL, Rows) -> Void
    ) throws -> OperatorPrice? {
        let rows = try operation.rows(axis: operation.node.int("axis"))
        guard operation.isSecret(0) else { return operation.price([]) }
        return try operation.price { hal in body(&hal, rows) }
    }

    private static func clip(_ operation: Operation<Functions>) throws -> OperatorPrice? {
        let count = try operation.resultCount()
        let low = operation.site.input(1) == nil ? nil : try operation.value(1, count: count)
        let high = operation.site.input(2) == nil ? nil : try operation.value(2, count: count)
        return try operation.unary { hal, x in _ = hal.clip(x, low: low, high: high) }
    }

    /// `max(x, 0) + α (exp(min(x, 0) / α) - 1)`
    private static func celu(_ operation: Operation<Functions>) throws -> OperatorPrice? {
        let alpha = try Double(operation.node.float("alpha"))
        return try operation.unary { hal, x in
            let positive = hal.relu(x)
            var negative = hal.maximum(x, hal.constant(0, like: x))
            if alpha != 1 { negative = hal.fmul(negative, hal.constant(alpha, like: x)) }
            var power = hal.exp(negative)
            if alpha != 1 { power = hal.fmul(power, hal.constant(alpha, like: x)) }
            _ = hal.add(positive, power)
        }
    }
}

extension SPU.HAL {
    /// `max(0, min(1, α x + β))`
    mutating func hardSigmoid(_ x: Value) -> Value {
        let line = fmul(x, constant(0.2, like: x))
        return clip(line, low: constant(0, like: x), high: constant(1, like: x))
    }
}
