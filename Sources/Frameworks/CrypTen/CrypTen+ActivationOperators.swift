import IR
import Pricing

extension CrypTen {
    /// Activations of one operand.
    static let activationRows: [Row] = [
        Row("Relu") { $0.price([$0.functions.relu(try $0.extent(0))]) },
        Row("Clip", price: clip),
        Row("Sigmoid") { $0.price([$0.functions.sigmoid(try $0.extent(0))]) },
        Row("Tanh") { $0.price([$0.functions.tanh(try $0.extent(0))]) },
        Row("Softmax") { operation in
            operation.price([operation.functions.softmax(try operation.extent(0), axis: try operation.node.int("axis"))]
            )
        },
        Row("LogSoftmax") { operation in
            operation.price([
                operation.functions.logSoftmax(try operation.extent(0), axis: try operation.node.int("axis"))
            ])
        },
    ]

    /// With two bounds CrypTen runs its hardtanh; with one a relu does.
    private static func clip(_ operation: Operation<Functions>) throws -> OperatorPrice {
        guard !operation.isSecret(1), !operation.isSecret(2) else {
            throw Unpriced("CrypTen clips to public bounds only")
        }
        let extent = try operation.extent(0)
        switch (operation.site.input(1) != nil, operation.site.input(2) != nil) {
        case (true, true): return operation.price([operation.functions.hardtanh(extent)])
        case (false, false): return operation.price([])
        default: return operation.price([operation.functions.relu(extent)], basis: .functionBody)
        }
    }

    /// Reductions and poolings that compare or multiply.
    static let reductionRows: [Row] = [
        Row("MaxPool") { operation in
            guard operation.node.output(1) == nil else { throw Unpriced("CrypTen gives no indices of a MaxPool") }
            let result = try operation.result()
            guard let kernel = try? operation.node.ints("kernel_shape"), result.rank > 2 else {
                throw Unpriced("its kernel_shape is missing")
            }
            return operation.price([operation.functions.maxPool(result, window: kernel.saturatingProduct())])
        },
        Row("GlobalMaxPool") { operation in
            let (extent, result) = (try operation.extent(0), try operation.result())
            return operation.price([
                operation.functions.maxPool(result, window: extent.lengths.dropFirst(2).saturatingProduct())
            ])
        },
        Row("ReduceMax", "ReduceMin") { operation in
            guard let axes = try axes(operation) else { return operation.price([]) }
            let extent = try operation.extent(0)
            if axes.count == 1 { return operation.price([operation.functions.maximum(extent, axis: axes[0])]) }
            if axes.count == extent.rank { return operation.price([operation.functions.maximumOfAll(extent)]) }
            // CrypTen reduces one axis; several are brought together by a reshape.
            let (rows, length) = rows(extent, axes)
            return operation.price([operation.functions.maximum([rows, length], axis: 1)])
        },
        Row("ArgMax", "ArgMin") { operation in
            operation.price([operation.functions.argmax(try operation.extent(0), axis: try operation.node.int("axis"))])
        },
        Row("ReduceProd") { operation in
            guard let axes = try axes(operation) else { return operation.price([]) }
            let (rows, length) = rows(try operation.extent(0), axes)
            return operation.price([operation.functions.prod([rows, length], axis: 1)])
        },
        Row("ReduceL1") { $0.price([$0.functions.abs(try $0.extent(0))]) },
        Row("ReduceL2") { operation in
            operation.price([
                operation.functions.square(try operation.extent(0)), operation.functions.sqrt(try operation.result()),
            ])
        },
        Row("ReduceSumSquare") { $0.price([$0.functions.square(try $0.extent(0))]) },
    ]

    /// Axes of a reduction; nil if an empty list means none.
    private static func axes(_ operation: Operation<Functions>) throws -> [Int]? {
        let rank = try operation.extent(0).rank
        let axes = try operation.integers(1, "axes") ?? operation.node.optionalInts("axes") ?? []
        if axes.isEmpty { return try operation.node.flag("noop_with_empty_axes") ? nil : Array(0..<rank) }
        return axes
    }

    /// Rows and row length of a tensor that is reduced along several axes.
    private static func rows(_ extent: Extent, _ axes: [Int]) -> (Int, Int) {
        let rows = axes.reduce(extent) { $0.replacing($1, with: 1) }.count
        return (rows, rows == 0 ? 0 : extent.count / rows)
    }

    /// Normalisations.
    static let normalizationRows: [Row] = [
        Row("BatchNormalization") { operation in
            let extent = try operation.extent(0)
            guard extent.rank > 1 else { throw Unpriced("its operand has no channels") }
            if try operation.node.flag("training_mode") {
                return operation.price([operation.functions.trainingBatchNorm(extent)])
            }
            let secrets = Functions.BatchNormSecrets(
                scale: operation.isSecret(1), variance: operation.isSecret(4))
            let call = operation.functions.batchNorm(extent, secrets: secrets)
            let opened = operation.functions.bytes(opening: extent.count)
            let scale = secrets.scale ? operation.functions.bytes(opening: extent[1]) : 0
            let own = (secrets.scale ? opened : 0) + (secrets.variance ? opened : 0)
            let variance = max(0, call.cost.online.bytes - own - scale)
            return operation.price([call], operandBytes: [own, scale, 0, 0, variance])
        }
    ]
}
