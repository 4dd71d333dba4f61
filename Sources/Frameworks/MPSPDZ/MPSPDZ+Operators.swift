import IR
import Pricing

extension MPSPDZ {
    /// How MP-SPDZ computes an ONNX operator.
    typealias Row = OperatorRow<Functions>

    /// The operator table, by ONNX name.
    static let rows = StandardOperators<Functions>.table(
        own: scalingRows + averageRows + comparisonRows + unmeasuredRows)

    private static let standard = StandardOperators<Functions>.table()

    /// Operators whose MP-SPDZ versions go through bit decompositions that have not been measured. The recipes of the shared
    /// library stand for them, and prices say so.
    private static let unmeasuredRows: [Row] = [
        Row("BatchNormalization", "Erf", "Log", "LogSoftmax", "ReduceL2", "Sigmoid", "Sqrt", "Tanh") { operation in
            guard var price = try standard[operation.name]?.price(operation) else { return nil }
            if price.basis == .native { price.basis = .functionBody }
            return price
        }
    ]

    /// The price of a node by the row of its operator; nil if there is none.
    public func price(_ site: OperatorSite) throws -> OperatorPrice? {
        guard site.node.op.domain.isEmpty, let row = Self.rows[site.node.op.type] else { return nil }
        guard var price = try row.price(Operation(site: site, functions: functions)) else { return nil }
        price.call = functions.waitingForMasks(price.call)
        return price
    }

    /// Products and quotients with public numbers, which need fewer bits than a tensor of them.
    private static let scalingRows: [Row] = [
        Row("Mul") { operation in
            guard let secret = [0, 1].first(where: operation.isSecret), !operation.isSecret(1 - secret),
                operation.isFixedPoint(secret), let number = operation.number(1 - secret)
            else { return try standard["Mul"]?.price(operation) }
            let fraction = operation.functions.fractionBits(of: number)
            return operation.price([
                try operation.functions.publicProduct(try operation.resultCount(), fraction: fraction)
            ])
        },
        Row("Div") { operation in
            guard !operation.isSecret(1) else { return try standard["Div"]?.price(operation) }
            let count = try operation.resultCount()
            guard let number = operation.number(1), number != 0, number.significand == 1 else {
                return operation.price([try operation.functions.publicDivision(count)])
            }
            let fraction = operation.functions.fractionBits(of: 1 / number)
            return operation.price([try operation.functions.publicProduct(count, fraction: fraction)])
        },
    ]

    /// Averages: a local sum, and a product with the inverse of a public number.
    private static let averageRows: [Row] = [
        Row("AveragePool") { operation in
            guard let kernel = try? operation.node.ints("kernel_shape") else {
                throw Unpriced("its kernel_shape is missing")
            }
            return try average(operation, of: kernel.saturatingProduct())
        },
        Row("GlobalAveragePool", "ReduceMean") { operation in
            try average(operation, of: try operation.count(0) / max(1, try operation.resultCount()))
        },
    ]

    private static func average(_ operation: Operation<Functions>, of count: Int) throws -> OperatorPrice {
        let fraction = operation.functions.fractionBits(of: 1 / Double(max(1, count)))
        return operation.price([try operation.functions.publicProduct(try operation.resultCount(), fraction: fraction)])
    }

    /// Comparisons: fixed-point numbers have `sfix.k` bits, integers all of the ring but one (`program.bit_length`).
    private static let comparisonRows: [Row] = [
        Row("Less", "Greater", "LessOrEqual", "GreaterOrEqual") { operation in
            operation.price([operation.functions.ltz(try operation.resultCount(), bits: comparedBits(operation))])
        },
        Row("Equal") { operation in
            operation.price([operation.functions.eqz(try operation.resultCount(), bits: comparedBits(operation))])
        },
    ]

    private static func comparedBits(_ operation: Operation<Functions>) -> Int {
        let settings = operation.functions.settings
        return operation.isFixedPoint(0) ? settings.totalBits : settings.ringBits - 1
    }
}
