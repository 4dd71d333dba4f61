import IR
import Pricing

extension CrypTen {
    /// Operators that only move shares about.
    static let movementRows: [Row] = [
        Row(all: .dataMovement, .generator, .shapeQuery, without: [.indexed, .overwriting]) { $0.price([]) },
        Row("Cast", "CastLike") { $0.price([]) },
        Row("Dropout", price: dropout),
        Row(all: .indexed) { operation in
            // CrypTen refuses private indices. One-hot rows, which the function body compares, do the same.
            guard !operation.isSecret(1) else { return nil }
            let reduction = try operation.node.optionalString("reduction") ?? "none"
            guard reduction == "none" || reduction == "add" else {
                throw Unpriced("CrypTen's scatter does not reduce by '\(reduction)'")
            }
            return operation.price([])
        },
    ]

    /// Dropout is the identity unless its training flag is set; then CrypTen draws a secret mask.
    private static func dropout(_ operation: Operation<Functions>) throws -> OperatorPrice {
        guard operation.isSecret(0), operation.number(2) == 1 else { return operation.price([]) }
        return operation.price([operation.functions.dropout(try operation.extent(0))])
    }

    /// Operators that are linear in their only secret, and matrix products.
    static let linearRows: [Row] = [
        Row(all: .linear) { $0.price([]) },
        Row("Not") { $0.price([]) },
        Row(all: .average) { operation in
            operation.price([operation.functions.mean(try operation.result())])
        },
        Row("MatMul") { operation in
            try refuseUnderActiveSecurity(operation)
            let result = try operation.result()
            return try operation.bilinear(result: result) { operation.functions.matmul($0, $1, result: result) }
        },
        Row("Gemm", price: gemm),
        Row("Conv") { try convolution($0, isTransposed: false) },
        Row("ConvTranspose") { try convolution($0, isTransposed: true) },
        Row("Resize", "Upsample") { operation in
            operation.price(try operation.resamplings().map { operation.functions.publicProduct(Extent($0.result)) })
        },
    ]

    /// CrypTen multiplies by alpha and by beta even where they are 1, and as floating-point numbers, which are
    /// truncated.
    private static func gemm(_ operation: Operation<Functions>) throws -> OperatorPrice {
        try refuseUnderActiveSecurity(operation)
        let result = try operation.result()
        var scaling = [operation.functions.publicProduct(result)]
        if operation.isSecret(2) { scaling.append(operation.functions.publicProduct(try operation.extent(2))) }
        guard operation.isSecret(0) || operation.isSecret(1) else { return operation.price(Array(scaling.dropFirst())) }
        // Transposed operands reach the triple transposed.
        let isTransposed = (try operation.node.flag("transA"), try operation.node.flag("transB"))
        return try operation.bilinear(result: result, also: scaling) { left, right in
            operation.functions.matmul(
                isTransposed.0 ? Extent(left.lengths.reversed()) : left,
                isTransposed.1 ? Extent(right.lengths.reversed()) : right, result: result)
        }
    }

    private static func convolution(_ operation: Operation<Functions>, isTransposed: Bool) throws -> OperatorPrice {
        try refuseUnderActiveSecurity(operation)
        let result = try operation.result()
        let spatial = try max(1, operation.extent(0).rank - 2)
        // CrypTen takes every second padding: it assumes the same before and after.
        let pads = try operation.node.ints("pads", count: 2 * spatial)
        let arguments: [Functions.ConvolutionArgument] = [
            .list("stride", try operation.node.ints("strides", count: spatial)),
            .list("padding", pads.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)),
            .list("dilation", try operation.node.ints("dilations", count: spatial)),
            .number("groups", try operation.node.int("group")),
        ]
        return try operation.bilinear(result: result) {
            operation.functions.convolution(
                $0, $1, result: result, isTransposed: isTransposed, arguments: arguments)
        }
    }

    private static func refuseUnderActiveSecurity(_ operation: Operation<Functions>) throws {
        guard operation.functions.settings.activeSecurity, operation.isSecret(0), operation.isSecret(1) else { return }
        throw Unpriced("CrypTen 0.4.1 fails on matrix products and convolutions under mpc.active_security")
    }
}
