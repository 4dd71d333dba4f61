extension FunctionBodies {
    /// Normalizations and the Softmax family.
    static let normalizations: [OperatorName: Writer] = [
        "BatchNormalization": { b in
            guard let rank = b.type(0)?.rank, try b.int("training_mode") == 0 else { return nil }
            let x = try b.input(0)
            let spatial = max(0, rank - 2)
            // Whatever concerns channels only is computed before it is spread over the images.
            let factor = try b.input(1) / (b.input(4) + b.float("epsilon")).apply("Sqrt")
            let centred = x - (try b.input(3)).withTrailingAxes(spatial)
            let result = (centred * factor.withTrailingAxes(spatial)) + (try b.input(2)).withTrailingAxes(spatial)
            return [result]
        },
        "GroupNormalization": { b in
            guard let type = b.type(0), let rank = type.rank, rank >= 2 else { return nil }
            let x = try b.input(0)
            let groups = b.integers([0, try b.int("num_groups"), -1])
            let shape = type.lengths.map(b.integers) ?? x.apply("Shape", elementType: .int64)
            let (wide, back) = try widened(x.apply("Reshape", groups))
            let normal = back(standardized(wide, axes: [2], epsilon: try b.float("epsilon")).result)
            let restored = normal.apply("Reshape", shape, attributes: ["allowzero": .int(1)])
            let scaled = restored * (try b.input(1)).withTrailingAxes(rank - 2)
            return [scaled + (try b.input(2)).withTrailingAxes(rank - 2)]
        },
        "InstanceNormalization": { b in
            guard let rank = b.type(0)?.rank, rank >= 3 else { return nil }
            let x = try b.input(0)
            let normal = standardized(x, axes: Array(2..<rank), epsilon: try b.float("epsilon")).result
            let scaled = normal * (try b.input(1)).withTrailingAxes(rank - 2)
            return [scaled + (try b.input(2)).withTrailingAxes(rank - 2)]
        },
        "LayerNormalization": { b in
            guard let axes = try trailingAxes(b) else { return nil }
            let (wide, back) = try widened(try b.input(0))
            let stage = standardized(wide, axes: axes, epsilon: try b.float("epsilon"))
            var result = back(stage.result) * (try b.input(1))
            if let bias = b.optionalInput(2) { result = result + bias }
            return [result, stage.mean, stage.inverseDeviation]
        },
        "LogSoftmax": function { b, x in
            let axes = [try b.int("axis")]
            let shifted = x - x.reduced("ReduceMax", axes: axes)
            return shifted - shifted.apply("Exp").reduced("ReduceSum", axes: axes).apply("Log")
        },
        "LpNormalization": function { b, x in
            let axes = [try b.int("axis")]
            switch try b.int("p") {
            case 1: return x / x.apply("Abs").reduced("ReduceSum", axes: axes)
            case 2: return x / (x * x).reduced("ReduceSum", axes: axes).apply("Sqrt")
            case let other: throw HarrierError("LpNormalization has no norm \(other), only 1 and 2")
            }
        },
        "MeanVarianceNormalization": function { b, x in
            let axes = try b.node.ints("axes") ?? [0, 2, 3]
            let centred = x - x.reduced("ReduceMean", axes: axes)
            let deviation = (centred * centred).reduced("ReduceMean", axes: axes).apply("Sqrt")
            return centred / (deviation + 1e-9)
        },
        "RMSNormalization": { b in
            guard let axes = try trailingAxes(b) else { return nil }
            let (wide, back) = try widened(try b.input(0))
            let meanSquare = (wide * wide).reduced("ReduceMean", axes: axes)
            let factor = (meanSquare + (try b.float("epsilon"))).apply("Sqrt").apply("Reciprocal")
            return [back(wide * factor) * (try b.input(1))]
        },
        "Softmax": function { b, x in
            let axes = [try b.int("axis")]
            let exponentials = (x - x.reduced("ReduceMax", axes: axes)).apply("Exp")
            return exponentials / exponentials.reduced("ReduceSum", axes: axes)
        },
        "SoftmaxCrossEntropyLoss": { b in
            let logarithms = try b.input(0).apply("LogSoftmax", attributes: ["axis": .int(1)])
            let attributes = b.node.attributes
            let loss = logarithms.apply(
                "NegativeLogLikelihoodLoss", try b.input(1), b.optionalInput(2), attributes: attributes)
            return [loss, logarithms]
        },
    ]

    /// The axes from the attribute `axis` to the last; nil if the rank is not known.
    private static func trailingAxes(_ b: BodyBuilder) throws -> [Int]? {
        guard let rank = b.type(0)?.rank else { return nil }
        let axis = try b.int("axis")
        guard axis >= -rank, axis < rank else {
            throw HarrierError("axis \(axis) of \(b.node.op) is outside of a tensor of rank \(rank)")
        }
        return Array((axis < 0 ? axis + rank : axis)..<rank)
    }

    /// The term in the precision that `stash_type` asks for, and the way back. Precision is only ever added: rounding
    /// operands of 64 bits to 32, as the letter of ONNX has it, is what no implementation does.
    private static func widened(
        _ x: BodyBuilder.Term
    ) throws -> (BodyBuilder.Term, (BodyBuilder.Term) -> BodyBuilder.Term) {
        guard let wide = ElementType(rawValue: try x.builder.int("stash_type")), let width = wide.bitWidth,
            wide.isFloatingPoint, width > x.elementType.bitWidth ?? 0
        else { return (x, { $0 }) }
        func cast(_ term: BodyBuilder.Term, to type: ElementType) -> BodyBuilder.Term {
            term.apply("Cast", attributes: ["to": .int(type.rawValue)], elementType: type)
        }
        return (cast(x, to: wide), { cast($0, to: x.elementType) })
    }

    /// (x - mean) / sqrt(variance + epsilon) along axes, as a product with the reciprocal deviation, which is taken
    /// once for each mean.
    private static func standardized(
        _ x: BodyBuilder.Term, axes: [Int], epsilon: Double
    ) -> (result: BodyBuilder.Term, mean: BodyBuilder.Term, inverseDeviation: BodyBuilder.Term) {
        let mean = x.reduced("ReduceMean", axes: axes)
        let centred = x - mean
        let variance = (centred * centred).reduced("ReduceMean", axes: axes)
        let inverse = (variance + epsilon).apply("Sqrt").apply("Reciprocal")
        return (centred * inverse, mean, inverse)
    }
}
