extension OperatorTable {
    /// Operators that ONNX has only since versions after ``Graph/opsetVersion``; nodes of them come from newer files.
    static let laterOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "Attention", opsetVersion: 25, inputs: 3...7, outputs: 1...4, attributes: attention,
            body: { try $0.attention() }
        ) { try $0.inferAttention() }.since(23).masked(by: 3),
        OperatorDefinition("BitCast", opsetVersion: 26, inputs: 1...1, attributes: [.required("to", .int)]) {
            inference in
            inference.setOutput(0, try inference.elementTypeAttribute("to"), inference.shape(0))
        },
        OperatorDefinition(
            "CausalConvWithState", opsetVersion: 27, inputs: 2...4, outputs: 2...2,
            attributes: [.optional("activation", .string("none"))], body: { try $0.causalConvolution() }
        ) { try $0.inferCausalConvolution() },
        OperatorDefinition(
            "CumProd", opsetVersion: 26, inputs: 2...2,
            attributes: [.optional("exclusive", .int(0)), .optional("reverse", .int(0))]
        ) { $0.setOutput(0, $0.type(0)) },
        OperatorDefinition(
            "RMSNormalization", opsetVersion: 23, inputs: 2...2,
            attributes: [
                .optional("axis", .int(-1)), .optional("epsilon", .float(1e-5)), .optional("stash_type", .int(1)),
            ],
            body: { b in
                guard let axes = try b.trailingAxes() else { return nil }
                let (wide, back) = try b.widened(b.input(0))
                let meanSquare = try (wide * wide).reduced("ReduceMean", axes: axes)
                let factor = try (meanSquare + b.float("epsilon")).apply("Sqrt").apply("Reciprocal")
                return [try back(wide * factor) * b.input(1)]
            }
        ) { inference in
            if let shape = try inference.shape(0, rank: 1...Int.max) {
                _ = try inference.axis(rank: shape.count)
            }
            inference.setOutput(0, inference.elementType(1), inference.shape(0))
        },
        OperatorDefinition(
            "RotaryEmbedding", opsetVersion: 23, inputs: 3...4,
            attributes: [
                .optional("interleaved", .int(0)), .optional("num_heads", .int),
                .optional("rotary_embedding_dim", .int(0)),
            ],
            body: { try $0.rotaryEmbedding() }
        ) { inference in
            _ = try inference.shape(0, rank: 3...4)
            inference.setOutput(0, try inference.sharedElementType(0..<3), inference.shape(0))
        },
        OperatorDefinition(
            "SwiGLU", opsetVersion: 28, inputs: 2...2, attributes: [.optional("alpha", .float(1))],
            traits: .elementwise,
            body: function { b, x in try (x * (x * b.float("alpha")).apply("Sigmoid")) * b.input(1) }
        ) { try $0.inferBroadcast() },
        OperatorDefinition(
            "Swish", opsetVersion: 24, inputs: 1...1, attributes: [.optional("alpha", .float(1))], traits: .elementwise,
            body: function { b, x in try x * (x * b.float("alpha")).apply("Sigmoid") }
        ) { $0.setOutput(0, $0.type(0)) },
        OperatorDefinition(
            "TensorScatter", opsetVersion: 24, inputs: 2...3,
            attributes: [.optional("axis", .int(-2)), .optional("mode", .string("linear"))],
            traits: [.dataMovement, .overwriting]
        ) { inference in
            inference.setOutput(0, try inference.sharedElementType(0..<2), inference.shape(0))
        },
    ]

    private static let attention: [AttributeDefinition] = [
        .optional("is_causal", .int(0)), .optional("kv_num_heads", .int), .optional("q_num_heads", .int),
        .optional("left_window_size", .int(-1)), .optional("qk_matmul_output_mode", .int(0)),
        .optional("right_window_size", .int(-1)), .optional("scale", .float), .optional("softcap", .float(0)),
        .optional("softmax_precision", .int),
    ]
}

extension TypeInference {
    /// Queries, keys and values are `[batch, heads, length, size]`, or `[batch, length, heads · size]` with the numbers
    /// of heads in attributes.
    fileprivate mutating func inferAttention() throws {
        let query = try heads(0, count: "q_num_heads")
        let key = try heads(1, count: "kv_num_heads")
        let value = try heads(2, count: "kv_num_heads")
        _ = try merge(query[3], key[3], "the sizes of queries and keys")
        let past = try shape(4, rank: 4...4)
        let total = has(4) ? key[2] + (past?[2] ?? .unknown) : key[2]
        let isFlat = shape(0).map { $0.count == 3 }
        let result =
            isFlat == nil
            ? nil
            : isFlat == true
                ? [query[0], query[2], query[1] * value[3]] : [query[0], query[1], query[2], value[3]]
        setOutput(0, elementType(0), result)
        setOutput(1, elementType(1), [key[0], key[1], total, key[3]])
        setOutput(2, elementType(2), [value[0], value[1], total, value[3]])
        setOutput(3, elementType(0), [query[0], query[1], query[2], total])
    }

    /// The shape of an operand with its heads apart.
    private func heads(_ index: Int, count attribute: String) throws -> [Dimension] {
        let heads = node.attributes[attribute] == nil ? nil : try positive(attribute)
        guard let shape = try shape(index, rank: 3...4) else { return [.unknown, .unknown, .unknown, .unknown] }
        if shape.count == 4 { return shape }
        guard let heads else { throw HarrierError("\(node.op) lacks its attribute '\(attribute)'") }
        guard let width = shape[2].value else { return [shape[0], .known(heads), shape[1], .unknown] }
        guard width % heads == 0 else {
            throw HarrierError("\(node.op) cannot divide \(width) columns into \(heads) heads")
        }
        return [shape[0], .known(heads), shape[1], .known(width / heads)]
    }
}

extension NodeContext {
    /// A convolution of each channel for itself with what came before, whose last places are the state for the next call.
    fileprivate func causalConvolution() throws -> [GraphBuilder.Term]? {
        let (x, weights) = (try input(0), try input(1))
        guard let lengths = x.type?.lengths, lengths.count == 3, let kernel = weights.type?.lengths?.last,
            kernel > 0
        else { return nil }
        let kept = kernel - 1
        let padded =
            try optionalInput(3).map { try builder.apply("Concat", [$0, x], ["axis": .int(2)]) }
            ?? x.apply("Pad", builder.integers([0, 0, kept, 0, 0, 0]))
        // Some frameworks have convolutions along two axes only.
        let row = builder.integers([2])
        let sum = try padded.apply("Unsqueeze", row)
            .apply(
                "Conv", weights.apply("Unsqueeze", row), optionalInput(2), attributes: ["group": .int(lengths[1])]
            )
            .apply("Squeeze", row)
        let isActivated = try node.choice("activation", of: ["none", "silu", "swish"]) != "none"
        return [
            isActivated ? try sum * sum.apply("Sigmoid") : sum,
            try padded[axis: 2, lengths[2]..<lengths[2] +| kept],
        ]
    }
}

extension TypeInference {
    /// The convolution has the shape of its input `[batch, channels, length]`, the state as many places as the kernel less one.
    fileprivate mutating func inferCausalConvolution() throws {
        let elementType = try sharedElementType(0..<4)
        let input = try shape(0, rank: 3...3)
        let weights = try shape(1, rank: 3...3)
        let state = try shape(3, rank: 3...3)
        if let input, let weights { _ = try merge(input[1], weights[0], "the channels of input and weights") }
        setOutput(0, elementType, input)
        let kept = weights?[2].value.map { Dimension.known(max(0, $0 -| 1)) } ?? .unknown
        setOutput(
            1, elementType,
            [
                input?[0] ?? state?[0] ?? .unknown, input?[1] ?? weights?[0] ?? .unknown,
                try state.map { try merge(kept, $0[2], "the lengths of state and kernel") } ?? kept,
            ])
    }
}
