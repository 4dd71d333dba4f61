import IR
import Pricing

extension SPU {
    /// Matrix products and convolutions.
    static let linearRows: [Row] = [
        Row("MatMul") { operation in
            let (left, right) = try operation.factors()
            let product =
                try operation.node.optionalInts("sizes").flatMap(DotProduct.init)
                ?? DotProduct(left: try operation.extent(0), right: try operation.extent(1))
            return try operation.price { hal in hal.dot(left, right, product) }
        },
        Row("Gemm", price: gemm),
        Row("Einsum", price: einsum),
        // `jax.image.resize` and others multiply each axis with a public matrix.
        Row("Resize", "Upsample") { operation in
            let (steps, isSecret) = (try operation.resamplings(), operation.isSecret(0))
            guard isSecret else { return operation.price([]) }
            return try operation.price { hal in
                for step in steps {
                    let (before, after) = (step.operand[step.axis], step.result[step.axis])
                    let rows = step.operand.saturatingProduct() / max(1, before)
                    _ = hal.matmul(
                        hal.secret(rows *| before), hal.plain(before *| after), rows, before, after)
                }
            }
        },
        Row("Conv") { operation in
            let convolution = try operation.convolution()
            guard convolution.input.count == 3 else { return try price(LoweredConvolution(convolution), operation) }
            // Slices of padded images, put beside each other as channels.
            let isPadded = convolution.padsBegin[0] + convolution.padsEnd[0] > 0
            return try price(
                LoweredConvolution(try convolution.alongTwoAxes()), operation, isComposed: true, isSlicePadded: isPadded
            )
        },
        Row("ConvTranspose") { operation in try price(try transposedConvolution(operation), operation) },
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

    /// The price of a convolution. SPU refuses groups of several channels, each of which is one convolution by itself then.
    ///
    /// - Parameters:
    ///   - isComposed: whether it stands for one that SPU refuses.
    ///   - isSlicePadded: whether secret zeros are put around images before they are cut.
    private static func price(
        _ convolution: LoweredConvolution, _ operation: Operation<Functions>, isComposed: Bool = false,
        isSlicePadded: Bool = false
    ) throws -> OperatorPrice? {
        try checkAxes(convolution.input.count)
        let groups = convolution.group == convolution.inputChannels ? 1 : max(1, convolution.group)
        let group = groups == 1 ? convolution : convolution.ofOneGroup
        let (images, kernels) = (try operation.value(0), try operation.value(1))
        let hasSecret = !(images.isPublic && kernels.isPublic)
        let padding = try operation.functions.calls { hal in
            if isSlicePadded, hasSecret { _ = hal.share(hal.plain(1)) }
        }
        let (p, q, r) = group.unfolded
        let calls = try operation.functions.calls { hal in
            // The padding is a secret zero.
            if group.isPadded, hasSecret { _ = hal.share(hal.plain(1)) }
            _ = hal.matmul(images, kernels, p, q, r)
        }
        return operation.price(
            padding + calls.map { $0.repeated(groups, independent: true) },
            basis: isComposed || groups > 1 ? .composed : .native)
    }

    /// SPU's runtime has convolutions along one and two axes (`pphlo_executor.cc`).
    private static func checkAxes(_ count: Int) throws {
        guard (1...2).contains(count) else { throw Unpriced("SPU refuses convolutions along \(count) axes") }
    }

    /// A transposed convolution is one of images with zeros between their elements.
    private static func transposedConvolution(_ operation: Operation<Functions>) throws -> LoweredConvolution {
        let (images, kernels, result) = (try operation.extent(0), try operation.extent(1), try operation.result())
        let axes = images.rank - 2
        try checkAxes(axes)
        guard kernels.rank == images.rank, result.rank == images.rank else {
            throw Unpriced("its operands have different ranks")
        }
        let strides = try operation.node.ints("strides", count: axes)
        let dilations = try operation.node.ints("dilations", count: axes)
        let pads = try operation.node.ints("pads", count: 2 * axes)
        let group = try max(1, operation.node.int("group"))
        let reach = (0..<axes).map { (kernels[2 + $0] - 1) *| dilations[$0] }
        return LoweredConvolution(
            batch: images[0], inputChannels: images[1], outputChannels: result[1],
            input: Array(images.lengths.dropFirst(2)), kernel: Array(kernels.lengths.dropFirst(2)),
            output: Array(result.lengths.dropFirst(2)), strides: Array(repeating: 1, count: axes),
            padsBegin: (0..<axes).map { reach[$0] - pads[$0] },
            padsEnd: (0..<axes).map { reach[$0] - pads[axes + $0] },
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
