import IR
import Pricing

extension SPU {
    /// Matrix products and convolutions.
    static let linearRows: [Row] = [
        Row("MatMul") { operation in
            let (left, right) = try operation.factors()
            let product = DotProduct(left: try operation.extent(0), right: try operation.extent(1))
            return try operation.price { hal in hal.dot(left, right, product) }
        },
        Row("Gemm", price: gemm),
        Row("Einsum", price: einsum),
        Row("Conv") { operation in
            try convolution(operation, LoweredConvolution(try operation.convolution()))
        },
        Row("ConvTranspose") { operation in try convolution(operation, try transposedConvolution(operation)) },
    ]

    private static func gemm(_ operation: Operation<Functions>) throws -> OperatorPrice? {
        let (images, result) = (try operation.extent(0), try operation.result())
        let inner = try operation.node.flag("transA") ? images[-2] : images[-1]
        let (left, right) = try operation.factors()
        let bias = operation.isSecret(2) ? try operation.value(2) : nil
        let (alpha, beta) = (try Double(operation.node.float("alpha")), try Double(operation.node.float("beta")))
        return try operation.price { hal in
            var product = hal.matmul(left, right, result[-2], inner, result[-1])
            if alpha != 1 { product = hal.fmul(product, hal.constant(alpha, like: product)) }
            if let bias, beta != 1 { _ = hal.fmul(bias, hal.constant(beta, like: bias)) }
        }
    }

    private static func einsum(_ operation: Operation<Functions>) throws -> OperatorPrice? {
        let equation = try operation.node.string("equation")
        guard operation.site.inputs.count == 2 else {
            if operation.site.inputs.count == 1 { return operation.price([]) }
            throw Unpriced("a price is known for einsums of one or two operands only")
        }
        let (left, right) = (try operation.extent(0), try operation.extent(1))
        guard let product = DotProduct(equation: equation, left: left, right: right) else {
            throw Unpriced("its equation '\(equation)' has no explicit result, or does not fit its operands")
        }
        let (first, second) = (try operation.value(0), try operation.value(1))
        return try operation.price { hal in hal.dot(first, second, product) }
    }

    private static func convolution(
        _ operation: Operation<Functions>, _ convolution: LoweredConvolution
    ) throws -> OperatorPrice? {
        guard convolution.input.count == 2 else {
            throw Unpriced("SPU refuses convolutions but those along two axes")
        }
        guard convolution.group == 1 || convolution.group == convolution.inputChannels else {
            throw Unpriced("SPU refuses convolutions of more than one group, but one group a channel")
        }
        let (images, kernels) = (try operation.value(0), try operation.value(1))
        let (p, q, r) = convolution.unfolded
        return try operation.price { hal in
            // The padding is a secret zero.
            if convolution.isPadded, !(images.isPublic && kernels.isPublic) { _ = hal.share(hal.plain(1)) }
            _ = hal.matmul(images, kernels, p, q, r)
        }
    }

    /// A transposed convolution is one of images with zeros between their elements.
    private static func transposedConvolution(_ operation: Operation<Functions>) throws -> LoweredConvolution {
        let (images, kernels, result) = (try operation.extent(0), try operation.extent(1), try operation.result())
        guard images.rank == 4, kernels.rank == 4, result.rank == 4 else {
            throw Unpriced("SPU refuses convolutions but those along two axes")
        }
        let strides = try operation.node.ints("strides", count: 2)
        let dilations = try operation.node.ints("dilations", count: 2)
        let pads = try operation.node.ints("pads", count: 4)
        let group = try max(1, operation.node.int("group"))
        let reach = (0..<2).map { (kernels[2 + $0] - 1) *| dilations[$0] }
        return LoweredConvolution(
            batch: images[0], inputChannels: images[1], outputChannels: result[1],
            input: [images[2], images[3]], kernel: [kernels[2], kernels[3]], output: [result[2], result[3]],
            strides: [1, 1], padsBegin: (0..<2).map { reach[$0] - pads[$0] },
            padsEnd: (0..<2).map { reach[$0] - pads[2 + $0] },
            baseDilations: strides, windowDilations: dilations, group: group)
    }
}

extension SPU.HAL {
    /// `Dot`, `DotGeneral`: one matrix product, or one for each entry of a batch, one after another.
    mutating func dot(_ left: Value, _ right: Value, _ product: SPU.DotProduct) {
        let (p, q, r) = (product.p, product.q, product.r)
        guard product.batch != 1 else { return _ = matmul(left, right, p, q, r) }
        let sizes = Sizes(n: p *| r, p: p, q: q, r: r)
        repeating(.dotGeneral, product.batch, of: sizes, isIndependent: true) { hal in
            _ = hal.matmul(left, right, p, q, r)
        }
    }
}
