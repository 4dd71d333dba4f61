import IR

extension DifferentiableForms {
    /// Largest and smallest elements, by comparisons in pairs. Of equal elements the first is taken, and gets the whole
    /// gradient.
    static let extrema: [OperatorName: Writer] = [
        "Max": form { try fold($0, "GreaterOrEqual") },
        "Min": form { try fold($0, "LessOrEqual") },
        "ReduceMax": form { try reduce($0) { try tournament($0, "GreaterOrEqual") } },
        "ReduceMin": form { try reduce($0) { try tournament($0, "LessOrEqual") } },
        "ReduceProd": form { node in
            try reduce(node) { try rounds($0) { left, right in try left * right } }
        },
        "GlobalMaxPool": form { node in
            let x = try node.input(0)
            let lengths = try x.lengths
            let columns = try x.reshaped([lengths[0], lengths[1], -1]).transposed([2, 0, 1])
            return try tournament(columns, "GreaterOrEqual")
                .reshaped(lengths.indices.map { $0 < 2 ? lengths[$0] : 1 })
        },
        "MaxPool": form { node in
            let x = try node.input(0)
            let window = try PoolWindow(node, lengths: x.lengths)
            let columns = try window.columns(of: x).map { try $0.apply("Unsqueeze", node.builder.integers([0])) }
            let stack = columns.count == 1 ? columns[0] : try node.builder.apply("Concat", columns, ["axis": .int(0)])
            return try tournament(stack, "GreaterOrEqual").reshaped(x.lengths.prefix(2) + window.windows)
        },
    ]

    private static func fold(_ node: NodeContext, _ comparison: OperatorName) throws -> GraphBuilder.Term {
        let first = try node.input(0)
        guard node.inputs.count > 1 else { return try first.apply("Identity") }
        return try (1..<node.inputs.count).reduce(first) { best, index in
            let next = try node.input(index)
            return try best.apply(comparison, next).chooses(best, else: next)
        }
    }

    /// A reduction written for the first axis.
    private static func reduce(
        _ node: NodeContext, _ write: (GraphBuilder.Term) throws -> GraphBuilder.Term
    ) throws -> GraphBuilder.Term {
        let x = try node.input(0)
        let lengths = try x.lengths
        let axes = try node.reducedAxes(rank: lengths.count)
        guard !axes.isEmpty else { return try x.apply("Identity") }
        let kept = lengths.indices.filter { !axes.contains($0) }
        let count = axes.map { lengths[$0] }.reduce(1, *)
        let column = try x.transposedIfNeeded(axes + kept).reshaped([count] + kept.map { lengths[$0] })
        let keepsAxes = try node.flag("keepdims")
        return try write(column)
            .reshaped(
                keepsAxes ? lengths.indices.map { axes.contains($0) ? 1 : lengths[$0] } : kept.map { lengths[$0] })
    }

    private static func tournament(
        _ column: GraphBuilder.Term, _ comparison: OperatorName
    ) throws -> GraphBuilder.Term {
        try rounds(column) { left, right in try left.apply(comparison, right).chooses(left, else: right) }
    }

    /// Takes neighbours along the first axis together until one element is left.
    private static func rounds(
        _ column: GraphBuilder.Term,
        _ combine: (GraphBuilder.Term, GraphBuilder.Term) throws -> GraphBuilder.Term
    ) throws -> GraphBuilder.Term {
        var rest = column
        while try rest.lengths[0] > 1 {
            let (builder, count) = (rest.builder, try rest.lengths[0])
            func every(second start: Int) throws -> GraphBuilder.Term {
                try rest.apply(
                    "Slice", builder.integers([start]), builder.integers([count / 2 * 2]), builder.integers([0]),
                    builder.integers([2]))
            }
            let winners = try combine(every(second: 0), every(second: 1))
            guard count % 2 == 1 else {
                rest = winners
                continue
            }
            rest = try builder.apply(
                "Concat", [winners, rest.sliced(axis: 0, from: count - 1, to: count)], ["axis": .int(0)])
        }
        return rest
    }
}

extension PoolWindow {
    /// The most elements of a window whose largest is found by comparing all.
    private static let largest = 1 << 14

    /// For every position in the window the elements that windows have there, in the shape of the result. What is padded is less
    /// than anything.
    func columns(of images: GraphBuilder.Term) throws -> [GraphBuilder.Term] {
        let (builder, axes) = (images.builder, Array(kernel.indices))
        guard kernel.saturatingProduct() <= Self.largest else {
            throw HarrierError("a window of \(kernel) elements is too large to be differentiated")
        }
        let ends = axes.map { max(padsEnd[$0], reach($0) - spatial[$0] - padsBegin[$0]) }
        var padded = images
        if (padsBegin + ends).contains(where: { $0 != 0 }) {
            padded = try images.apply(
                "Pad", builder.integers([0, 0] + padsBegin + [0, 0] + ends), images.scalar(-.infinity))
        }
        var positions = [[Int]]([[]])
        for axis in axes { positions = positions.flatMap { begun in (0..<kernel[axis]).map { begun + [$0] } } }
        return try positions.map { position in
            let starts = axes.map { position[$0] * dilations[$0] }
            let ends = axes.map { starts[$0] + (windows[$0] - 1) * strides[$0] + 1 }
            return try padded.apply(
                "Slice", builder.integers(starts), builder.integers(ends), builder.integers(axes.map { $0 + 2 }),
                builder.integers(strides))
        }
    }
}
