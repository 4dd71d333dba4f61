extension OperatorTable {
    /// Normalizations, the Softmax family and Dropout: the output has the type of the input.
    static let normalizationOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "BatchNormalization", inputs: 5...5, outputs: 1...3,
            attributes: [epsilon, .optional("momentum", .float(0.9)), .optional("training_mode", .int(0))],
            traits: .scaled,
            body: { b in
                guard let rank = b.inputs.first??.shape?.count else { return nil }
                guard try b.flag("training_mode") else { return try b.batchNormalization(rank: rank) }
                return rank < 2 ? nil : try b.trainingBatchNormalization(rank: rank)
            }
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
            attributes: [epsilon, .required("num_groups", .int), .optional("stash_type", .int(1))],
            body: { b in
                guard let type = b.inputs.first??.type, let rank = type.rank, rank >= 2 else { return nil }
                let x = try b.input(0)
                // A 0 for the length that stays, where it is not known: not every importer takes that.
                let groups = b.builder.integers([type.lengths?[0] ?? 0, try b.int("num_groups"), -1])
                let shape = try type.lengths.map(b.builder.integers) ?? x.apply("Shape")
                let (wide, back) = try b.widened(x.apply("Reshape", groups))
                let normal = try back(wide.standardized(axes: [2], epsilon: b.float("epsilon")).result)
                let restored = try normal.apply("Reshape", shape, attributes: ["allowzero": .int(1)])
                let scaled = try restored * b.input(1).withTrailingAxes(rank - 2)
                return [try scaled + b.input(2).withTrailingAxes(rank - 2)]
            }
        ) { inference in
            let groups = try inference.positive("num_groups")
            try inference.inferChannelNormalization()
            if let channels = inference.shape(0)?[1].value, channels % groups != 0 {
                throw HarrierError("GroupNormalization cannot divide \(channels) channels into \(groups) groups")
            }
        }.since(18),
        axiswise("Hardmax", traits: .idempotent),
        OperatorDefinition(
            "InstanceNormalization", inputs: 3...3, attributes: [epsilon],
            body: { b in
                guard let rank = b.inputs.first??.shape?.count, rank >= 3 else { return nil }
                let x = try b.input(0)
                let normal = try x.standardized(axes: Array(2..<rank), epsilon: b.float("epsilon")).result
                let scaled = try normal * b.input(1).withTrailingAxes(rank - 2)
                return [try scaled + b.input(2).withTrailingAxes(rank - 2)]
            }
        ) {
            try $0.inferChannelNormalization()
        },
        OperatorDefinition(
            "LayerNormalization", inputs: 2...3, outputs: 1...3,
            attributes: [.optional("axis", .int(-1)), epsilon, .optional("stash_type", .int(1))],
            body: { b in
                guard let axes = try b.trailingAxes() else { return nil }
                let (wide, back) = try b.widened(b.input(0))
                let stage = try wide.standardized(axes: axes, epsilon: b.float("epsilon"))
                var result = try back(stage.result) * b.input(1)
                if let bias = b.optionalInput(2) { result = try result + bias }
                return [result, stage.mean, stage.inverseDeviation]
            }
        ) { try $0.inferLayerNormalization() }.since(17),
        axiswise(
            "LogSoftmax", traits: .softmax,
            body: function { b, x in
                let axes = [try b.int("axis")]
                let shifted = try x - x.reduced("ReduceMax", axes: axes)
                return try shifted - shifted.apply("Exp").reduced("ReduceSum", axes: axes).apply("Log")
            }),
        axiswise(
            "LpNormalization", attributes: [.optional("p", .int(2))],
            body: function { b, x in
                let axes = [try b.int("axis")]
                switch try b.int("p") {
                case 1: return try x / x.apply("Abs").reduced("ReduceSum", axes: axes)
                case 2: return try x / (x * x).reduced("ReduceSum", axes: axes).apply("Sqrt")
                case let other: throw HarrierError("LpNormalization has no norm \(other), only 1 and 2")
                }
            }),
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
            "MeanVarianceNormalization", inputs: 1...1, attributes: [.optional("axes", .ints([0, 2, 3]))],
            body: function { b, x in
                let axes = try b.node.ints("axes")
                let centred = try x - x.reduced("ReduceMean", axes: axes)
                let deviation = try (centred * centred).reduced("ReduceMean", axes: axes).apply("Sqrt")
                return try centred / (deviation + 1e-9)
            }
        ) { inference in
            if let shape = inference.shape(0) {
                let axes = try inference.node.ints("axes")
                _ = try inference.normalized(axes: axes, rank: shape.count)
            }
            inference.setOutput(0, inference.type(0))
        },
        axiswise(
            "Softmax", traits: .softmax,
            body: function { b, x in
                let axes = [try b.int("axis")]
                let exponentials = try (x - x.reduced("ReduceMax", axes: axes)).apply("Exp")
                return try exponentials / exponentials.reduced("ReduceSum", axes: axes)
            }),
    ]

    private static let epsilon = AttributeDefinition.optional("epsilon", .float(1e-5))

    private static func axiswise(
        _ name: OperatorName, attributes: [AttributeDefinition] = [], traits: OperatorDefinition.Traits = [],
        body: OperatorDefinition.BodyWriter? = nil
    ) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...1, attributes: [.optional("axis", .int(-1))] + attributes, traits: traits, body: body
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
