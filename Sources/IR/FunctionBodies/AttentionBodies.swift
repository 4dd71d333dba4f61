extension NodeContext {
    /// Scaled dot-product attention: queries, keys and values as `[batch, heads, length, size]`, or `[batch, length, heads · size]`.
    /// Its outputs: what is attended to, keys and values with the past before them, and the scores at the stage asked for. Nil where
    /// lengths are not known, where they count in an operand, or where a mask is shorter than the keys.
    func attention() throws -> [GraphBuilder.Term]? {
        guard optionalInput(6) == nil, let isFlat = inputs.first??.type?.lengths.map({ $0.count == 3 }),
            let query = try heads(0, "q_num_heads"), var key = try heads(1, "kv_num_heads"),
            var value = try heads(2, "kv_num_heads")
        else { return nil }
        if let past = optionalInput(4) { key = try builder.apply("Concat", [past, key], ["axis": .int(2)]) }
        if let past = optionalInput(5) { value = try builder.apply("Concat", [past, value], ["axis": .int(2)]) }
        guard let shape = query.type?.lengths, key.type?.lengths?.count == 4, value.type?.lengths?.count == 4,
            let keys = try repeated(key, shape[1]),
            let values = try repeated(value, shape[1]), let count = keys.type?.lengths?[2]
        else { return nil }
        let scale = try node.optionalFloat("scale").map { Double($0) } ?? 1 / Double(shape[3]).squareRoot()
        let cap = try float("softcap")
        let scores = try query.matrixProduct(keys.transposed([0, 1, 3, 2])) * scale
        let capped = try cap > 0 ? (scores / cap).apply("Tanh") * cap : scores
        guard let masked = try masked(capped, queries: shape[2], keys: count) else { return nil }
        let weights = try masked.apply("Softmax")
        let stages = [scores, capped, masked, weights]
        let stage = try int("qk_matmul_output_mode")
        guard stages.indices.contains(stage) else { return nil }
        var result = try weights.matrixProduct(values)
        if isFlat, let size = values.type?.lengths?[3] {
            result = try result.transposed([0, 2, 1, 3]).reshaped([shape[0], shape[2], shape[1] *| size])
        }
        return [result, key, value, stages[stage]]
    }

    /// An operand with its heads apart.
    private func heads(_ index: Int, _ attribute: String) throws -> GraphBuilder.Term? {
        let operand = try input(index)
        guard let shape = operand.type?.lengths, shape.count == 3 || shape.count == 4 else { return nil }
        guard shape.count == 3 else { return operand }
        let heads = try int(attribute)
        guard heads > 0 else { return nil }
        return try operand.reshaped([shape[0], shape[1], heads, shape[2] / heads]).transposed([0, 2, 1, 3])
    }

    /// Heads of keys or values, each repeated for all heads of the queries that share it.
    private func repeated(_ operand: GraphBuilder.Term, _ heads: Int) throws -> GraphBuilder.Term? {
        guard let shape = operand.type?.lengths, shape[1] > 0, heads % shape[1] == 0 else { return nil }
        if shape[1] == heads { return operand }
        let wide = [shape[0], shape[1], heads / shape[1], shape[2], shape[3]]
        return try operand.apply("Unsqueeze", builder.integers([2])).apply("Expand", builder.integers(wide))
            .reshaped([shape[0], heads, shape[2], shape[3]])
    }

    /// Scores with −∞ where a query may not see a key.
    private func masked(_ scores: GraphBuilder.Term, queries: Int, keys: Int) throws -> GraphBuilder.Term? {
        var result = scores
        let (nothing, hidden) = (scores.scalar(0), scores.scalar(-.infinity))
        if let mask = optionalInput(3) {
            guard let last = mask.type?.lengths?.last, last == keys || last == 1 && keys == 1 else { return nil }
            result = try result + (mask.elementType == .bool ? mask.chooses(nothing, else: hidden) : mask)
        }
        let past = optionalInput(4)?.type?.lengths?[2] ?? 0
        let (isCausal, left) = (try flag("is_causal"), try int("left_window_size"))
        let right = isCausal ? 0 : try int("right_window_size")
        guard left >= 0 || right >= 0 else { return result }
        // How far back each key lies from each query.
        let distance = try range(from: past, count: queries).reshaped([queries, 1]) - range(from: 0, count: keys)
        for condition in [
            right >= 0 ? try distance.isLess(than: builder.scalar(Double(-right), .int64)) : nil,
            left >= 0 ? try distance.isGreater(than: builder.scalar(Double(left), .int64)) : nil,
        ] {
            if let condition { result = try result + condition.chooses(hidden, else: nothing) }
        }
        return result
    }

    private func range(from start: Int, count: Int) throws -> GraphBuilder.Term {
        let bounds = [start, start + count, 1].map { builder.scalar(Double($0), .int64) }
        return try builder.apply("Range", bounds)
    }

    /// Each pair of numbers turned by an angle that depends on its position: `[batch, heads, length, size]`, or
    /// `[batch, length, heads · size]`. Nil where lengths are not known.
    func rotaryEmbedding() throws -> [GraphBuilder.Term]? {
        let operand = try input(0)
        let declared = try int("rotary_embedding_dim")
        guard let given = operand.type?.lengths, let heads = try heads(0, "num_heads"), let shape = heads.type?.lengths,
            shape[3] > 0, declared >= 0, declared <= shape[3]
        else { return nil }
        let rotated = declared == 0 ? shape[3] : declared
        guard rotated % 2 == 0 else { return nil }
        let (cosines, sines) = (try angles(1), try angles(2))
        let isInterleaved = try flag("interleaved")
        let pairs = isInterleaved ? [shape[0], shape[1], shape[2], rotated / 2, 2] : []
        let turned = try heads[axis: 3, 0..<rotated]
        var (one, other) = (try turned[axis: 3, 0..<rotated / 2], try turned[axis: 3, rotated / 2..<rotated])
        if isInterleaved {
            let half = [shape[0], shape[1], shape[2], rotated / 2]
            let apart = try turned.reshaped(pairs)
            (one, other) = (try apart[axis: 4, 0..<1].reshaped(half), try apart[axis: 4, 1..<2].reshaped(half))
        }
        let first = try one * cosines - other * sines
        let second = try one * sines + other * cosines
        var result: GraphBuilder.Term
        if isInterleaved {
            let last = builder.integers([4])
            result = try builder.apply(
                "Concat", [first.apply("Unsqueeze", last), second.apply("Unsqueeze", last)], ["axis": .int(4)]
            ).reshaped([shape[0], shape[1], shape[2], rotated])
        } else {
            result = try builder.apply("Concat", [first, second], ["axis": .int(3)])
        }
        if rotated < shape[3] {
            result = try builder.apply("Concat", [result, heads[axis: 3, rotated..<shape[3]]], ["axis": .int(3)])
        }
        return [given.count == 3 ? try result.transposed([0, 2, 1, 3]).reshaped(given) : result]
    }

    /// Cosines or sines for each position, `[batch, 1, length, half]`.
    private func angles(_ index: Int) throws -> GraphBuilder.Term {
        var cache = try input(index)
        if let positions = optionalInput(3) { cache = try cache.apply("Gather", positions) }
        return try cache.apply("Unsqueeze", builder.integers([1]))
    }
}
