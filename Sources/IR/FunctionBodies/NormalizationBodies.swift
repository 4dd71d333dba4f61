extension NodeContext {
    /// The axes from the attribute `axis` to the last; nil if the rank is not known.
    func trailingAxes() throws -> [Int]? {
        guard let rank = inputs.first??.shape?.count else { return nil }
        return Array(try axis(rank: rank)..<rank)
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
