import IR

/// How ONNX operators are made of a framework's secure functions, for frameworks that have no lowering of their own. What is
/// not here is priced by its ONNX function body.
package struct StandardOperators<Functions: SecureFunctions> {
    package typealias Row = OperatorRow<Functions>
    package typealias Site = Operation<Functions>

    /// All rows, by ONNX name.
    ///
    /// - Parameter own: rows of the framework itself, which take the place of the standard ones.
    package static func table(own: [Row] = []) -> [String: Row] {
        Row.table(movement, linear, arithmetic, comparison, activation, reduction, own)
    }

    /// Operators that only move shares about.
    package static var movement: [Row] {
        [
            Row(all: .dataMovement, .generator, .shapeQuery, without: [.indexed, .overwriting]) { $0.price([]) },
            Row("CastLike") { $0.price([]) },
            Row("Cast", price: cast),
            Row("Dropout") { operation in
                // The mask comes from a common seed: a product with public numbers.
                guard operation.isSecret(0), operation.number(2) == 1 else { return operation.price([]) }
                return operation.price([try operation.truncation(of: try operation.count(0))])
            },
            Row(all: .indexed) { try $0.movementByIndex() },
            Row("Gather", price: gather),
        ]
    }

    /// Fixed-point numbers become integers by a truncation, numbers become booleans by a test against zero.
    package static func cast(_ operation: Site) throws -> OperatorPrice? {
        let (from, to) = (operation.site.input(0)?.type.elementType, operation.site.output(0)?.type.elementType)
        guard let from, let to, from != to else { return operation.price([]) }
        let count = try operation.count(0)
        if to == .bool { return operation.price([try operation.functions.eqz(count)]) }
        guard from.isFloatingPoint, !to.isFloatingPoint else { return operation.price([]) }
        return operation.price([try operation.truncation(of: count)])
    }

    /// A secret index selects by a product with one-hot rows.
    private static func gather(_ operation: Site) throws -> OperatorPrice? {
        guard operation.isSecret(1) else { return operation.price([]) }
        let table = try operation.extent(0)
        let (indices, rows) = (try operation.count(1), try table[operation.node.int("axis")])
        let oneHot = try operation.functions.eqz(indices *| rows)
        guard operation.isSecret(0) else { return operation.price([oneHot]) }
        let width = rows == 0 ? 0 : table.count / rows
        let product = MatrixProduct(indices, rows, width, sides: Sides(.private, operation.visibility(0)))
        return operation.price([oneHot, try operation.functions.matmul(product)])
    }

    /// Operators that are linear in their only secret, and matrix products.
    package static var linear: [Row] {
        [
            Row(all: .linear) { $0.price([]) },
            Row("Not") { $0.price([]) },
            Row(all: .average) { operation in
                operation.price([try operation.functions.mean(try operation.resultCount())])
            },
            Row("MatMul") { operation in
                try operation.bilinear {
                    try operation.functions.matmul(
                        MatrixProduct(
                            left: try operation.extent(0), right: try operation.extent(1),
                            result: try operation.result(),
                            sides: operation.sides))
                }
            },
            Row("Gemm", price: gemm),
            Row("Resize", "Upsample") { operation in
                operation.price(
                    try operation.resamplings().map {
                        try operation.truncation(of: $0.result.saturatingProduct())
                    })
            },
            Row("Conv") { operation in
                try operation.bilinear { try operation.functions.convolution(try operation.convolution()) }
            },
            Row("ConvTranspose") { operation in
                try operation.bilinear {
                    let (images, kernels) = (try operation.extent(0), try operation.extent(1))
                    let groups = try max(1, operation.node.int("group"))
                    let pixels = images.replacing(1, with: 1).count
                    let width = kernels.replacing(0, with: 1).count
                    return try operation.functions.matmul(
                        MatrixProduct(batch: groups, pixels, images[1] / groups, width, sides: operation.sides))
                }
            },
        ]
    }

    private static func gemm(_ operation: Site) throws -> OperatorPrice? {
        let (product, scaling) = try operation.gemm()
        guard operation.isSecret(0) || operation.isSecret(1) else { return operation.price(scaling) }
        return try operation.bilinear(also: scaling) { try operation.functions.matmul(product) }
    }

    /// Reductions and poolings that compare or multiply.
    package static var reduction: [Row] {
        [
            Row("MaxPool") { operation in
                guard operation.node.output(1) == nil else {
                    throw Unpriced("no price is known for the indices of a MaxPool")
                }
                guard let kernel = try? operation.node.ints("kernel_shape") else {
                    throw Unpriced("its kernel_shape is missing")
                }
                return operation.price([
                    try operation.functions.maximum(
                        rows: try operation.resultCount(), length: kernel.saturatingProduct())
                ])
            },
            Row("GlobalMaxPool") { operation in
                let (count, rows) = (try operation.count(0), try operation.resultCount())
                return operation.price([
                    try operation.functions.maximum(rows: rows, length: rows == 0 ? 0 : count / rows)
                ])
            },
            Row("ReduceMax", "ReduceMin") { operation in
                let (count, rows) = (try operation.count(0), try operation.resultCount())
                return operation.price([
                    try operation.functions.maximum(rows: rows, length: rows == 0 ? 0 : count / rows)
                ])
            },
            Row("ArgMax", "ArgMin") { operation in
                let extent = try operation.extent(0)
                let length = try extent[operation.node.int("axis")]
                return operation.price([
                    try operation.functions.argmax(rows: length == 0 ? 0 : extent.count / length, length: length)
                ])
            },
            Row("ReduceL1") { operation in
                let count = try operation.count(0)
                return operation.price([try operation.functions.ltz(count), try operation.functions.select(count)])
            },
            Row("ReduceSumSquare") { operation in
                operation.price(try operation.functions.scaledSquare(try operation.count(0)))
            },
            Row("ReduceL2") { operation in
                operation.price(
                    try operation.functions.scaledSquare(try operation.count(0))
                        + [try operation.functions.sqrt(try operation.resultCount())])
            },
            Row("BatchNormalization", price: batchNormalization),
        ]
    }

    /// `(x - mean) · (scale / √variance)`: a number a channel, which whoever owns the statistics computes alone, and one
    /// product with the images.
    private static func batchNormalization(_ operation: Site) throws -> OperatorPrice? {
        // In training it is priced by its function body.
        guard try !operation.node.flag("training_mode") else { return nil }
        let images = try operation.extent(0)
        guard images.rank > 1 else { throw Unpriced("its operand has no channels") }
        let factor = operation.visibility(1).joined(with: operation.visibility(4))
        var calls: [Call] = []
        if factor == .private {
            let channels = images[1]
            if operation.isSecret(4) { calls.append(try operation.functions.inverseSqrt(channels)) }
            if operation.isSecret(1), operation.isSecret(4) { calls += try operation.functions.scaledProduct(channels) }
        }
        let sides = Sides(operation.visibility(0), factor)
        if factor != .public, operation.isSecret(0) {
            calls.append(try operation.functions.scaleChannels(images, sides: sides))
        }
        return operation.price(calls + [try operation.truncation(of: images.count)])
    }
}
