extension OperatorTable {
    /// Pools: each output element summarises a window of the input, or a whole channel.
    static let poolingOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "AveragePool", inputs: 1...1,
            attributes: poolAttributes + [.optional("count_include_pad", .int(0))], traits: .average
        ) { try $0.inferPool() },
        OperatorDefinition("LpPool", inputs: 1...1, attributes: poolAttributes + [.optional("p", .int(2))]) {
            try $0.inferPool()
        },
        OperatorDefinition(
            "MaxPool", inputs: 1...1, outputs: 1...2,
            attributes: poolAttributes + [.optional("storage_order", .int(0))], traits: .comparison
        ) { inference in
            try inference.inferPool()
            inference.setOutput(1, .int64, inference.outputTypes.first??.shape)
        },
        global("GlobalAveragePool", traits: .average),
        global("GlobalLpPool", attributes: [.optional("p", .int(2))]),
        global("GlobalMaxPool", traits: .comparison),
        OperatorDefinition(
            "MaxUnpool", inputs: 2...3,
            attributes: [
                .required("kernel_shape", .ints), .list("pads", filledWith: 0), .list("strides", filledWith: 1),
            ]
        ) { try $0.inferUnpool() },
        OperatorDefinition(
            "MaxRoiPool", inputs: 2...2,
            attributes: [.required("pooled_shape", .ints), .optional("spatial_scale", .float(1))]
        ) { inference in
            let pooled = try inference.node.ints("pooled_shape")
            guard pooled.count == 2, pooled.allSatisfy({ $0 > 0 }) else {
                throw HarrierError("attribute 'pooled_shape' of MaxRoiPool must be two positive lengths")
            }
            try inference.inferRegions(height: pooled[0], width: pooled[1])
        },
        OperatorDefinition(
            "RoiAlign", inputs: 3...3,
            attributes: [
                .optional("coordinate_transformation_mode", .string("half_pixel")), .optional("mode", .string("avg")),
                .optional("output_height", .int(1)), .optional("output_width", .int(1)),
                .optional("sampling_ratio", .int(0)), .optional("spatial_scale", .float(1)),
            ]
        ) { inference in
            try inference.inferRegions(
                height: inference.positive("output_height"),
                width: inference.positive("output_width"))
        },
    ]

    private static let poolAttributes: [AttributeDefinition] = [
        .optional("auto_pad", .string("NOTSET")),
        .optional("ceil_mode", .int(0)),
        .list("dilations", filledWith: 1),
        .required("kernel_shape", .ints),
        .list("pads", filledWith: 0),
        .list("strides", filledWith: 1),
    ]

    private static func global(
        _ name: OperatorName, attributes: [AttributeDefinition] = [], traits: OperatorDefinition.Traits = []
    ) -> OperatorDefinition {
        OperatorDefinition(name, inputs: 1...1, attributes: attributes, traits: traits) { inference in
            let shape = try inference.shape(0, rank: 2...Int.max)
            inference.setOutput(
                0, inference.elementType(0), shape.map { $0[..<2] + Array(repeating: .known(1), count: $0.count - 2) })
        }
    }
}

extension TypeInference {
    fileprivate mutating func inferPool() throws {
        let kernel = try node.ints("kernel_shape")
        guard let input = try shape(0, rank: 3...Int.max) else {
            let rank = kernel.count + 2
            return setOutput(0, elementType(0), Array(repeating: .unknown, count: rank))
        }
        let geometry = try WindowGeometry(of: node, kernel: kernel, spatial: Array(input[2...]))
        setOutput(0, elementType(0), input[..<2] + geometry.outputLengths)
    }

    fileprivate mutating func inferUnpool() throws {
        let kernel = try node.ints("kernel_shape")
        guard let input = try shape(0, rank: 3...Int.max) else { return setOutput(0, elementType(0), nil) }
        if has(2) {
            let lengths = try integers(2)?.map(Dimension.known)
            guard lengths == nil || lengths?.count == input.count else {
                throw HarrierError("the output shape of MaxUnpool must have \(input.count) lengths")
            }
            return setOutput(0, elementType(0), lengths ?? Array(repeating: .unknown, count: input.count))
        }
        let geometry = try WindowGeometry(ofTransposed: node, kernel: kernel, spatial: Array(input[2...]))
        setOutput(0, elementType(0), input[..<2] + geometry.outputLengths)
    }

    /// One pooled image for each region of input 1.
    fileprivate mutating func inferRegions(height: Int, width: Int) throws {
        let input = try shape(0, rank: 4...4)
        let regions = try shape(1, rank: 2...2)
        setOutput(
            0, elementType(0), [regions?[0] ?? .unknown, input?[1] ?? .unknown, .known(height), .known(width)])
    }
}
