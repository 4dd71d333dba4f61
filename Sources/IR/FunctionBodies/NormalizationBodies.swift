extension NodeContext {
    /// The axes from the attribute `axis` to the last; nil if the rank is not known.
    func trailingAxes() throws -> [Int]? {
        guard let rank = inputs.first??.shape?.count else { return nil }
        return Array(try axis(rank: rank)..<rank)
    }

    /// `BatchNormalization` with the statistics of training, which were found before.
    func batchNormalization(rank: Int) throws -> [GraphBuilder.Term] {
        let spatial = max(0, rank - 2)
        // Whatever concerns channels only is computed before it is spread over the images.
        let factor = try input(1) / (input(4) + float("epsilon")).apply("Sqrt")
        let centred = try input(0) - input(3).withTrailingAxes(spatial)
        return [try (centred * factor.withTrailingAxes(spatial)) + input(2).withTrailingAxes(spatial)]
    }

    /// `BatchNormalization` with the statistics of the batch, and what the running ones become.
    func trainingBatchNormalization(rank: Int) throws -> [GraphBuilder.Term] {
        let (x, scale) = (try input(0), try input(1))
        let axes = [0] + Array(2..<max(2, rank))
        func perChannel(_ term: GraphBuilder.Term) throws -> GraphBuilder.Term { try term.withTrailingAxes(rank - 2) }

        let mean = try x.reduced("ReduceMean", axes: axes, keepsAxes: false)
        let centred = try x - perChannel(mean)
        let variance = try centred.squared().reduced("ReduceMean", axes: axes, keepsAxes: false)
        let factor = try (variance + float("epsilon")).apply("Sqrt").apply("Reciprocal") * scale
        let result = try centred * perChannel(factor) + perChannel(input(2))
        guard node.outputs.count > 1 else { return [result] }
        // x + (1 - momentum) · (new - x): one product with a public number.
        let share = try 1 - float("momentum")
        let running = try zip([mean, variance], [3, 4]).map { new, index in
            let old = try input(index)
            return try old + (new - old) * share
        }
        return [result] + running
    }

    /// The term in the precision that `stash_type` asks for, and the way back. Precision is only ever added: rounding
    /// operands of 64 bits to 32, as the letter of ONNX has it, is what no implementation does.
    func widened(
        _ x: GraphBuilder.Term
    ) throws -> (GraphBuilder.Term, (GraphBuilder.Term) throws -> GraphBuilder.Term) {
        guard let wide = ElementType(rawValue: try int("stash_type")), let width = wide.bitWidth,
            wide.isFloatingPoint, width > x.elementType.bitWidth ?? 0
        else { return (x, { $0 }) }
        return (try x.cast(to: wide), { try $0.cast(to: x.elementType) })
    }
}

extension GraphBuilder.Term {
    /// (x - mean) / sqrt(variance + epsilon) along axes, as a product with the reciprocal deviation, which is taken
    /// once for each mean.
    func standardized(
        axes: [Int], epsilon: Double
    ) throws -> (result: GraphBuilder.Term, mean: GraphBuilder.Term, inverseDeviation: GraphBuilder.Term) {
        let mean = try reduced("ReduceMean", axes: axes)
        let centred = try self - mean
        let variance = try (centred * centred).reduced("ReduceMean", axes: axes)
        let inverse = try (variance + epsilon).apply("Sqrt").apply("Reciprocal")
        return (try centred * inverse, mean, inverse)
    }
}
