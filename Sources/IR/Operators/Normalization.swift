extension OperatorTable {
    /// Normalizations, the Softmax family and Dropout: the output has the type of the input.
    static let normalizationOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "BatchNormalization", inputs: 5...5, outputs: 1...3,
            attributes: [epsilon, .optional("momentum", .float(0.9)), .optional("training_mode", .int(0))]
        ) { try $0.inferBatchNormalization() },
        OperatorDefinition(
            "Dropout", inputs: 1...3, outputs: 1...2, attributes: [.optional("seed", .int)], traits: .random,
            conditionalTraits: [
                .traits(
                    [.elementwise, .increasing, .idempotent, .dataMovement, .reshape], if: .leavesOut(input: 2))
            ]
        ) { inference in
            inference.setOutput(0, inference.type(0))
            inference.setOutput(1, .bool, inference.shape(0))
        },
        OperatorDefinition(
            "GroupNormalization", inputs: 3...3,
            attributes: [epsilon, .required("num_groups", .int), .optional("stash_type", .int(1))]
        ) { inference in
            let groups = try inference.positive("num_groups")
            try inference.inferChannelNormalization()
            if let channels = inference.shape(0)?[1].value, channels % groups != 0 {
                throw HarrierError("GroupNormalization cannot divide \(channels) channels into \(groups) groups")
            }
        },
        axiswise("Hardmax", traits: .idempotent),
        OperatorDefinition("InstanceNormalization", inputs: 3...3, attributes: [epsilon]) {
            try $0.inferChannelNormalization()
        },
        OperatorDefinition(
            "LayerNormalization", inputs: 2...3, outputs: 1...3,
            attributes: [.optional("axis", .int(-1)), epsilon, .optional("stash_type", .int(1))]
        ) { try $0.inferLayerNormalization() },
        axiswise("LogSoftmax"),
        axiswise("LpNormalization", attributes: [.optional("p", .int(2))]),
        OperatorDefinition(
            "LRN", inputs: 1...1,
            attributes: [
                .optional("alpha", .float(0.0001)), .optional("beta", .float(0.75)), .optional("bias", .float(1)),
                .required("size", .int),
            ]
        ) { inference in
            _ = try inference.positive("size")
            _ = try inference.shape(0, rank: 2...Int.max)
            inference.setOutput(0, inference.type(0))
        },
        OperatorDefinition(
            "MeanVarianceNormalization", inputs: 1...1, attributes: [.optional("axes", .ints([0, 2, 3]))]
        ) { inference in
            if let shape = inference.shape(0) {
                let axes = try inference.node.ints("axes")
                _ = try inference.normalized(axes: axes, rank: shape.count)
            }
            inference.setOutput(0, inference.type(0))
        },
        axiswise("Softmax"),
    ]

    private static let epsilon = AttributeDefinition.optional("epsilon", .float(1e-5))

    private static func axiswise(
        _ name: OperatorName, attributes: [AttributeDefinition] = [], traits: OperatorDefinition.Traits = []
    ) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...1, attributes: [.optional("axis", .int(-1))] + attributes, traits: traits
        ) { inference in
            if let shape = inference.shape(0), !shape.isEmpty {
                _ = try inference.axis(rank: shape.count)
            }
            inference.setOutput(0, inference.type(0))
        }
    }
}

extension TypeInference {
    fileprivate mutating func inferBatchNormalization() throws {
        var channels = try shape(0, rank: 1...Int.max).map { $0.count > 1 ? $0[1] : .known(1) } ?? .unknown
        for index in 1..<5 {
            guard let length = try shape(index, rank: 1...1)?.first else { continue }
            channels = try merge(channels, length, "the numbers of channels")
        }
        setOutput(0, type(0))
        setOutput(1, elementType(3), [channels])
        setOutput(2, elementType(4), [channels])
    }

    /// Checks scale and bias, one number for each channel.
    fileprivate mutating func inferChannelNormalization() throws {
        let elementType = try sharedElementType(0..<3)
        let input = try shape(0, rank: 2...Int.max)
        for index in 1..<3 {
            guard let input, let length = try shape(index, rank: 1...1)?.first else { continue }
            _ = try merge(input[1], length, "the numbers of channels")
        }
        setOutput(0, elementType, input)
    }

    fileprivate mutating func inferLayerNormalization() throws {
        setOutput(0, type(0))
        let statistics = try node.int("stash_type")
        guard let statisticsType = ElementType(rawValue: statistics) else {
            throw HarrierError(
                "attribute 'stash_type' of \(node.op) is \(statistics), which is no element type of ONNX")
        }
        guard let input = try shape(0, rank: 1...Int.max) else { return }
        let axis = try axis(rank: input.count)
        for index in 1..<3 {
            guard let other = shape(index) else { continue }
            let sum = try broadcastShape(input, other)
            guard sum?.count == input.count, zip(sum ?? [], input).allSatisfy({ $0.merged(with: $1) != nil }) else {
                throw HarrierError(
                    "\(node.op) cannot broadcast \(display(other)) to its input of shape \(display(input))")
            }
        }
        let shape = Array(input[..<axis]) + Array(repeating: .known(1), count: input.count - axis)
        setOutput(1, statisticsType, shape)
        setOutput(2, statisticsType, shape)
    }
}
