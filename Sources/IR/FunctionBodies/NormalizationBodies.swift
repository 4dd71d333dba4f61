extension FunctionBodies {
    /// Normalizations and the Softmax family.
    static let normalizations: [OperatorName: Writer] = [
        "BatchNormalization": { b in
            guard let rank = b.inputs.first??.shape?.count, try b.int("training_mode") == 0 else { return nil }
            let x = try b.input(0)
            let spatial = max(0, rank - 2)
            // Whatever concerns channels only is computed before it is spread over the images.
            let factor = try b.input(1) / (b.input(4) + b.float("epsilon")).apply("Sqrt")
            let centred = try x - b.input(3).withTrailingAxes(spatial)
            return [try (centred * factor.withTrailingAxes(spatial)) + b.input(2).withTrailingAxes(spatial)]
        },
        "GroupNormalization": { b in
            guard let type = b.inputs.first??.type, let rank = type.rank, rank >= 2 else { return nil }
            let x = try b.input(0)
            let groups = b.builder.integers([0, try b.int("num_groups"), -1])
            let shape = try type.lengths.map(b.builder.integers) ?? x.apply("Shape")
            let (wide, back) = try widened(x.apply("Reshape", groups), b)
            let normal = try back(standardized(wide, axes: [2], epsilon: b.float("epsilon")).result)
            let restored = try normal.apply("Reshape", shape, attributes: ["allowzero": .int(1)])
            let scaled = try restored * b.input(1).withTrailingAxes(rank - 2)
            return [try scaled + b.input(2).withTrailingAxes(rank - 2)]
        },
        "InstanceNormalization": { b in
            guard let rank = b.inputs.first??.shape?.count, rank >= 3 else { return nil }
            let x = try b.input(0)
            let normal = try standardized(x, axes: Array(2..<rank), epsilon: b.float("epsilon")).result
            let scaled = try normal * b.input(1).withTrailingAxes(rank - 2)
            return [try scaled + b.input(2).withTrailingAxes(rank - 2)]
        },
        "LayerNormalization": { b in
            guard let axes = try trailingAxes(b) else { return nil }
            let (wide, back) = try widened(b.input(0), b)
            let stage = try standardized(wide, axes: axes, epsilon: b.float("epsilon"))
            var result = try back(stage.result) * b.input(1)
            if let bias = b.optionalInput(2) { result = try result + bias }
            return [result, stage.mean, stage.inverseDeviation]
        },
        "LogSoftmax": function { b, x in
            let axes = [try b.int("axis")]
            let shifted = try x - x.reduced("ReduceMax", axes: axes)
            return try shifted - shifted.apply("Exp").reduced("ReduceSum", axes: axes).apply("Log")
        },
        "LpNormalization": function { b, x in
            let axes = [try b.int("axis")]
            switch try b.int("p") {
            case 1: return try x / x.apply("Abs").reduced("ReduceSum", axes: axes)
            case 2: return try x / (x * x).reduced("ReduceSum", axes: axes).apply("Sqrt")
            case let other: throw HarrierError("LpNormalization has no norm \(other), only 1 and 2")
            }
        },
        "MeanVarianceNormalization": function { b, x in
            let axes = try b.node.ints("axes")
            let centred = try x - x.reduced("ReduceMean", axes: axes)
            let deviation = try (centred * centred).reduced("ReduceMean", axes: axes).apply("Sqrt")
            return try centred / (deviation + 1e-9)
        },
        "RMSNormalization": { b in
            guard let axes = try trailingAxes(b) else { return nil }
            let (wide, back) = try widened(b.input(0), b)
            let meanSquare = try (wide * wide).reduced("ReduceMean", axes: axes)
            let factor = try (meanSquare + b.float("epsilon")).apply("Sqrt").apply("Reciprocal")
            return [try back(wide * factor) * b.input(1)]
        },
        "Softmax": function { b, x in
            let axes = [try b.int("axis")]
            let exponentials = try (x - x.reduced("ReduceMax", axes: axes)).apply("Exp")
            return try exponentials / exponentials.reduced("ReduceSum", axes: axes)
        },
        "SoftmaxCrossEntropyLoss": { b in
            let logarithms = try b.input(0).apply("LogSoftmax", attributes: ["axis": .int(1)])
            let attributes = b.node.attributes
            let loss = try logarithms.apply(
                "NegativeLogLikelihoodLoss", b.input(1), b.optionalInput(2), attributes: attributes)
            return [loss, logarithms]
        },
    ]

    /// The axes from the attribute `axis` to the last; nil if the rank is not known.
    private static func trailingAxes(_ b: NodeContext) throws -> [Int]? {
        guard let rank = b.inputs.first??.shape?.count else { return nil }
        return Array(try b.axis(rank: rank)..<rank)
    }

    /// The term in the precision that `stash_type` asks for, and the way back. Precision is only ever added: rounding
    /// operands of 64 bits to 32, as the letter of ONNX has it, is what no implementation does.
    private static func widened(
        _ x: GraphBuilder.Term, _ node: NodeContext
    ) throws -> (GraphBuilder.Term, (GraphBuilder.Term) throws -> GraphBuilder.Term) {
        guard let wide = ElementType(rawValue: try node.int("stash_type")), let width = wide.bitWidth,
            wide.isFloatingPoint, width > x.elementType.bitWidth ?? 0
        else { return (x, { $0 }) }
        return (try x.cast(to: wide), { try $0.cast(to: x.elementType) })
    }

    /// (x - mean) / sqrt(variance + epsilon) along axes, as a product with the reciprocal deviation, which is taken
    /// once for each mean.
    private static func standardized(
        _ x: GraphBuilder.Term, axes: [Int], epsilon: Double
    ) throws -> (result: GraphBuilder.Term, mean: GraphBuilder.Term, inverseDeviation: GraphBuilder.Term) {
        let mean = try x.reduced("ReduceMean", axes: axes)
        let centred = try x - mean
        let variance = try (centred * centred).reduced("ReduceMean", axes: axes)
        let inverse = try (variance + epsilon).apply("Sqrt").apply("Reciprocal")
        return (try centred * inverse, mean, inverse)
    }
}
