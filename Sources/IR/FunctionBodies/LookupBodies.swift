/// Selection by indices, said with comparisons and products. It is how a secret index selects where a framework has no oblivious memory: every
/// row of the table is compared with the index.
extension NodeContext {
    /// `Gather`: rows of ones and zeros times the table.
    ///
    /// - Returns: nil for texts, if lengths are not known, and if there are no rows.
    func gather() throws -> [GraphBuilder.Term]? {
        let (table, places) = (try input(0), try input(1))
        guard table.elementType != .string, let lengths = table.type?.lengths, let chosen = places.type?.lengths
        else { return nil }
        let axis = try axis(rank: lengths.count)
        guard isCountable(lengths + chosen), (1...Self.mostRows).contains(lengths[axis]) else { return nil }
        let others = Array(lengths[..<axis] + lengths[(axis + 1)...])
        let numbers = try multipliable(table)
        let rows = try numbers.transposed([axis] + lengths.indices.filter { $0 != axis })
            .reshaped([lengths[axis], others.reduce(1, *)])
        let count = chosen.reduce(1, *)
        let found = try oneHot(places, count: lengths[axis], as: numbers.elementType).reshaped([count, lengths[axis]])
            .matrixProduct(rows).reshaped(chosen + others).cast(to: table.elementType)
        // The axes of the places stand where the axis was.
        let (before, own) = (Array(chosen.count..<chosen.count + axis), Array(0..<chosen.count))
        return [try found.transposed(before + own + Array((chosen.count + axis)..<(chosen.count + others.count)))]
    }

    /// `GatherElements`: for each line along the axis, rows of ones and zeros times the line.
    ///
    /// - Returns: nil for texts, if lengths are not known, and if there are no elements.
    func gatherElements() throws -> [GraphBuilder.Term]? {
        let (table, places) = (try input(0), try input(1))
        guard table.elementType != .string, let lengths = table.type?.lengths, let chosen = places.type?.lengths,
            lengths.count == chosen.count
        else { return nil }
        let axis = try axis(rank: lengths.count)
        guard isCountable(lengths + chosen), (1...Self.mostRows).contains(lengths[axis]),
            lengths.indices.allSatisfy({ $0 == axis || chosen[$0] >= 0 && chosen[$0] <= lengths[$0] })
        else { return nil }
        var lines = try multipliable(table)
        for other in lengths.indices where other != axis && lengths[other] != chosen[other] {
            lines = try lines[axis: other, 0..<chosen[other]]
        }
        let last = lengths.indices.filter { $0 != axis } + [axis]
        let column = try lines.transposed(last).apply("Unsqueeze", builder.integers([-1]))
        let found = try oneHot(try places.transposed(last), count: lengths[axis], as: lines.elementType)
            .matrixProduct(column).apply("Squeeze", builder.integers([-1])).cast(to: table.elementType)
        return [try found.transposed(lengths.indices.map { last.firstIndex(of: $0) ?? 0 })]
    }

    /// `GatherND` without batch axes: the rows of ones and zeros of several axes are multiplied with each other.
    ///
    /// - Returns: nil for batch axes and texts, and if lengths are not known.
    func gatherSlices() throws -> [GraphBuilder.Term]? {
        let (table, places) = (try input(0), try input(1))
        guard try int("batch_dims") == 0, table.elementType != .string, let lengths = table.type?.lengths,
            let chosen = places.type?.lengths,
            let depth = chosen.last, depth > 0, depth <= lengths.count, isCountable(lengths + chosen),
            lengths.prefix(depth).allSatisfy({ (1...Self.mostRows).contains($0) })
        else { return nil }
        let count = chosen.dropLast().reduce(1, *)
        let (flat, numbers) = (try places.reshaped([count, depth]), try multipliable(table))
        var rows: GraphBuilder.Term?
        for axis in 0..<depth {
            let index = try flat[axis: 1, axis..<axis + 1].reshaped([count])
            let own = try oneHot(index, count: lengths[axis], as: numbers.elementType)
            guard let outer = rows else {
                rows = own
                continue
            }
            let width = lengths[..<axis].reduce(1, *)
            rows = try (outer.reshaped([count, width, 1]) * own.reshaped([count, 1, lengths[axis]]))
                .reshaped([count, width * lengths[axis]])
        }
        let slices = try numbers.reshaped([lengths.prefix(depth).reduce(1, *), lengths.dropFirst(depth).reduce(1, *)])
        let found = try rows?.matrixProduct(slices).reshaped(chosen.dropLast() + lengths.dropFirst(depth))
        return [try found?.cast(to: table.elementType)].compactMap { $0 }
    }

    /// `OneHot` of a depth that is known.
    func oneHot() throws -> [GraphBuilder.Term]? {
        let (places, values) = (try input(0), try multipliable(input(2)))
        guard let rank = places.shape?.count,
            let depth = try input(1).value.knownTensor?.scalar.flatMap({ Int(exactly: $0.rounded(.towardZero)) }),
            (1...Self.mostRows).contains(depth)
        else { return nil }
        let axis = try axis(rank: rank + 1)
        let off = try values[axis: 0, 0..<1].reshaped([])
        let on = try values[axis: 0, 1..<2].reshaped([])
        let rows = try oneHot(places, count: depth, as: values.elementType) * (on - off) + off
        var order = Array(0..<rank)
        order.insert(rank, at: axis)
        return [try rows.transposed(order).cast(to: input(2).elementType)]
    }

    /// Rows that an index chooses from, at most.
    private static let mostRows = 1 << 20

    /// Whether a tensor with all of these lengths is one that can be.
    private func isCountable(_ lengths: [Int]) -> Bool {
        lengths.map { max(1, $0) }.saturatingProduct() <= TensorType.maximumElementCount
    }

    /// The elements in a type that ONNX has matrix products of: 32-bit integers in the place of shorter ones and of truth values.
    private func multipliable(_ table: GraphBuilder.Term) throws -> GraphBuilder.Term {
        let isShort = !table.elementType.isFloatingPoint && (table.elementType.bitWidth ?? 0) < 32
        return isShort ? try table.cast(to: .int32) : table
    }

    /// For each index a row with a one at its place, and zeros. Negative indices count from the end: `(i - r)(i - r + n)` is 0 at row `r`
    /// alone, whichever way the index counts.
    ///
    /// - Parameters:
    ///   - places: the indices, of any shape.
    ///   - count: how many rows there are to choose from.
    private func oneHot(
        _ places: GraphBuilder.Term, count: Int, as elementType: ElementType
    ) throws -> GraphBuilder.Term {
        let column = try places.cast(to: .int64).apply("Unsqueeze", builder.integers([-1]))
        let distance = try column - builder.integers(Array(0..<count))
        let product = try distance * (distance + builder.integers([count]))
        return try product.apply("Equal", builder.integers([0])).cast(to: elementType)
    }
}
