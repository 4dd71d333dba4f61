extension OperatorTable {
    /// Convolutions.
    static let convolutionOperators: [OperatorDefinition] = [
        OperatorDefinition("Conv", inputs: 2...3, attributes: convolutionAttributes, traits: .product) { inference in
            inference.setOutput(
                0, try inference.sharedElementType(0..<3), try inference.convolutionShape(weights: 1, bias: 2))
        },
        OperatorDefinition(
            "ConvInteger", inputs: 2...4, attributes: convolutionAttributes, body: { try $0.integerConvolution() }
        ) { inference in
            inference.setOutput(0, .int32, try inference.convolutionShape(weights: 1, bias: nil))
        }.computing(inTypeOf: nil),
        OperatorDefinition(
            "ConvTranspose", inputs: 2...3,
            attributes: convolutionAttributes + [
                .list("output_padding", filledWith: 0), .optional("output_shape", .ints),
            ], traits: .product
        ) { try $0.inferTransposedConvolution() },
        OperatorDefinition(
            "DeformConv", inputs: 3...5,
            attributes: convolutionAttributes.filter { $0.name != "auto_pad" } + [.optional("offset_group", .int(1))]
        ) { inference in
            inference.setOutput(
                0, try inference.sharedElementType(0..<5), try inference.convolutionShape(weights: 1, bias: 3))
        }.since(19),
        OperatorDefinition(
            "QLinearConv", inputs: 8...9, attributes: convolutionAttributes, body: { try $0.quantizedConvolution() }
        ) { inference in
            let shape = try inference.convolutionShape(weights: 3, bias: 8)
            inference.setOutput(0, inference.elementType(7), shape)
        }.computing(inTypeOf: 1),
    ]

    private static let convolutionAttributes: [AttributeDefinition] = [
        .optional("auto_pad", .string("NOTSET")),
        .list("dilations", filledWith: 1),
        .optional("group", .int(1)),
        .optional("kernel_shape", .ints),
        .list("pads", filledWith: 0),
        .list("strides", filledWith: 1),
    ]
}

extension TypeInference {
    /// The shape of a convolution of input 0 `[N, C, ...]` with weights `[M, C/group, ...]`.
    fileprivate func convolutionShape(weights: Int, bias: Int?) throws -> [Dimension]? {
        let group = try positive("group")
        let weightShape = try shape(weights, rank: 3...Int.max)
        guard let input = try shape(0, rank: 3...Int.max) else {
            return weightShape.map {
                [.unknown, $0[0]] + Array(repeating: Dimension.unknown, count: $0.count - 2)
            }
        }
        guard let weightShape else {
            return [input[0]] + Array(repeating: Dimension.unknown, count: input.count - 1)
        }
        guard input.count == weightShape.count else {
            throw HarrierError(
                "\(node.op) has weights of shape \(display(weightShape)) for an input of shape \(display(input))")
        }
        if let channels = input[1].value, let perGroup = weightShape[1].value, perGroup *| group != channels {
            throw HarrierError(
                "\(node.op) in \(group) groups with weights of shape \(display(weightShape)) takes "
                    + "\(perGroup *| group) channels, but its input has \(channels)")
        }
        if let filters = weightShape[0].value, filters % group != 0 {
            throw HarrierError("\(node.op) cannot divide \(filters) output channels into \(group) groups")
        }
        if let bias { try checkBias(bias, channels: weightShape[0]) }
        let spatial = Array(input[2...])
        let unknown = Array(repeating: Dimension.unknown, count: spatial.count)
        guard let kernel = try kernelLengths(weightShape) else { return [input[0], weightShape[0]] + unknown }
        let geometry = try WindowGeometry(of: node, kernel: kernel, spatial: spatial)
        return [input[0], weightShape[0]] + geometry.outputLengths
    }

    fileprivate mutating func inferTransposedConvolution() throws {
        let group = try positive("group")
        let elementType = try sharedElementType(0..<3)
        guard let input = try shape(0, rank: 3...Int.max), let weights = try shape(1, rank: 3...Int.max) else {
            setOutput(0, elementType, nil)
            return
        }
        guard input.count == weights.count else {
            throw HarrierError(
                "\(node.op) has weights of shape \(display(weights)) for an input of shape \(display(input))")
        }
        _ = try merge(input[1], weights[0], "the channels of input and weights")
        let channels = weights[1] * .known(group)
        try checkBias(2, channels: channels)
        let lengths: [Dimension]
        if let kernel = try kernelLengths(weights) {
            lengths =
                try WindowGeometry(ofTransposed: node, kernel: kernel, spatial: Array(input[2...])).outputLengths
        } else {
            lengths = Array(repeating: .unknown, count: input.count - 2)
        }
        setOutput(0, elementType, [input[0], channels] + lengths)
    }

    private func checkBias(_ index: Int, channels: Dimension) throws {
        guard let bias = try shape(index, rank: 1...1) else { return }
        _ = try merge(bias[0], channels, "the lengths of bias and output channels")
    }

    /// The window's lengths from the weights, which `kernel_shape` must repeat if it is there.
    private func kernelLengths(_ weights: [Dimension]) throws -> [Int]? {
        let given = try node.optionalInts("kernel_shape").flatMap { $0.isEmpty ? nil : $0 }
        let actual = TensorType(.float32, Array(weights[2...])).lengths
        if let given, let actual, given != actual {
            throw HarrierError(
                "attribute 'kernel_shape' of \(node.op) is \(given), but its weights have shape \(display(weights))")
        }
        return given ?? actual
    }
}
