import IR
import Pricing

extension SPU {
    /// Reductions.
    static let reductionRows: [Row] = [
        Row("ReduceSum", "ReduceMean") { operation in
            try reduction(operation) { hal, x, rows in
                let sum = hal.reduceSum(rows, share: x.share)
                if operation.node.has(.average), rows.length != 1, !operation.isScalingTakenOver() {
                    _ = hal.trunc(sum)
                }
            }
        },
        Row("ReduceMax", "ReduceMin") { try reduction($0) { hal, x, rows in _ = hal.reduceMax(rows, share: x.share) } },
        Row("ReduceProd") { try reduction($0) { hal, x, rows in _ = hal.reduceProduct(rows, share: x.share) } },
        Row("ReduceL1") { operation in
            try reduction(operation) { hal, x, rows in
                _ = hal.abs(x)
                _ = hal.reduceSum(rows)
            }
        },
        Row("ReduceSumSquare") { try reduction($0) { hal, x, rows in _ = sumOfSquares(&hal, x, rows) } },
        Row("ReduceL2") { try reduction($0) { hal, x, rows in _ = hal.sqrt(sumOfSquares(&hal, x, rows)) } },
        Row("ReduceLogSum") { try reduction($0) { hal, _, rows in _ = hal.log(hal.reduceSum(rows)) } },
        Row("ReduceLogSumExp") { try reduction($0) { hal, _, rows in hal.logSumExp(rows) } },
        Row("ArgMax", "ArgMin") { operation in
            guard operation.isSecret(0) else { return operation.price([]) }
            let rows = try operation.rows(axis: operation.node.int("axis"))
            return try operation.price { hal in _ = hal.argMax(rows) }
        },
    ]

    private static func sumOfSquares(_ hal: inout HAL, _ x: Value, _ rows: Rows) -> Value {
        _ = hal.multiply(x, x)
        return hal.reduceSum(rows)
    }

    /// A reduction of the first operand along its axes.
    private static func reduction(
        _ operation: Operation<Functions>, _ body: (inout HAL, Value, Rows) -> Void
    ) throws -> OperatorPrice {
        let extent = try operation.extent(0)
        var axes = try operation.integers(1, "axes") ?? operation.node.optionalInts("axes") ?? []
        if axes.isEmpty {
            if try operation.node.flag("noop_with_empty_axes") { return operation.price([]) }
            axes = Array(0..<extent.rank)
        }
        guard operation.isSecret(0) else { return operation.price([]) }
        let count = axes.reduce(extent) { $0.replacing($1, with: 1) }.count
        let rows = Rows(
            count: count, length: count == 0 ? 0 : extent.count / count,
            spanFirstAxis: axes.contains { $0 == 0 || $0 == -extent.rank },
            sharesInitialValue: operation.node.attributes[Program.sharesInitialValue] == nil)
        let operand = try operation.value(0)
        return try operation.price { body(&$0, operand, rows) }
    }

    /// Poolings.
    static let poolingRows: [Row] = [
        Row("MaxPool") { operation in
            guard operation.node.output(1) == nil else {
                throw Unpriced("no price is known for the indices of a MaxPool")
            }
            let size = try window(operation)
            let windows = try operation.resultCount()
            let isDilated = try operation.node.optionalInts("dilations")?.contains { $0 != 1 } ?? false
            let share = operation.share(0)
            return try operation.price { hal in
                hal.maxPool(windows: windows, size: size, isDilated: isDilated, share: share)
            }
        },
        Row("AveragePool") { operation in
            let (size, count, share) = (try window(operation), try operation.resultCount(), operation.share(0))
            let isMean = operation.node.attributes[SPU.Program.windowSum] == nil
            return try operation.price { hal in
                let sum = hal.reduceSum(Rows(count: count, length: size), share: share)
                if isMean, size != 1 { _ = hal.trunc(sum) }
            }
        },
        Row("GlobalMaxPool", "GlobalAveragePool") { operation in
            let (count, windows) = (try operation.extent(0).count, try operation.resultCount())
            let size = windows == 0 ? 0 : count / windows
            return try operation.price { hal in
                if operation.node.has(.comparison) {
                    _ = hal.reduceMax(Rows(count: windows, length: size))
                } else {
                    hal.average(rows: windows, length: size)
                }
            }
        },
    ]

    private static func window(_ operation: Operation<Functions>) throws -> Int {
        guard let kernel = try? operation.node.ints("kernel_shape") else {
            throw Unpriced("its kernel_shape is missing")
        }
        return kernel.saturatingProduct()
    }

    /// Normalisations.
    static let normalizationRows: [Row] = [
        Row("BatchNormalization", price: batchNormalization),
        Row("LayerNormalization") { operation in
            let extent = try operation.extent(0)
            let axis = try operation.node.int("axis")
            let first = axis < 0 ? axis + extent.rank : axis
            guard (0..<extent.rank).contains(first) else { throw Unpriced("its axis is out of range") }
            let length = extent.lengths.dropFirst(first).saturatingProduct()
            return try normalization(operation, length: length)
        },
        Row("InstanceNormalization") { operation in
            try normalization(operation, length: try operation.extent(0).lengths.dropFirst(2).saturatingProduct())
        },
    ]

    private static func normalization(_ operation: Operation<Functions>, length: Int) throws -> OperatorPrice {
        let count = try operation.extent(0).count
        let rows = Rows(count: length == 0 ? 0 : count / length, length: length)
        let scale = operation.site.input(1) == nil || operation.isOne(1) ? nil : try operation.value(1, count: count)
        return try operation.price { hal in hal.layerNorm(rows, scale: scale) }
    }

    /// `(x - mean) · (scale / √(variance + ε)) + bias`: the factor is computed a channel.
    private static func batchNormalization(_ operation: Operation<Functions>) throws -> OperatorPrice? {
        guard try !operation.node.flag("training_mode") else { return nil }
        let images = try operation.extent(0)
        guard images.rank > 1 else { throw Unpriced("its operand has no channels") }
        let (scale, variance) = (try operation.value(1), try operation.value(4))
        let elements = try operation.value(0)
        return try operation.price { hal in
            let factor = hal.fmul(scale, hal.rsqrt(variance))
            _ = hal.fmul(elements, Value(count: images.count, share: factor.share))
        }
    }
}

extension SPU.HAL {
    /// The mean of windows: a sum, and a product with a constant.
    mutating func average(rows: Int, length: Int) {
        let sum = reduceSum(Rows(count: rows, length: length))
        if length != 1 { _ = trunc(sum) }
    }
}
