import IR

extension GradientTable {
    /// Sums along axes. Largest and smallest elements and products have differentiable forms.
    static let reductions: [OperatorName: Row] = [
        "ReduceSum": { b in try b.give { try spread(b) } },
        "ReduceMean": { b in
            try b.give {
                let count = try b.input(0).lengths.reduce(1, *) / max(1, b.output().lengths.reduce(1, *))
                return try spread(b).scaled(by: 1 / Double(max(1, count)))
            }
        },
        "CumSum": { b in
            try b.give {
                var attributes = b.node.node.attributes
                attributes["reverse"] = .int(try b.node.int("reverse") == 0 ? 1 : 0)
                return try b.fullGradient().apply("CumSum", b.input(1), attributes: attributes)
            }
        },
    ]

    /// The gradient with the axes that the reduction took away, of length 1.
    static func spread(_ b: Backward) throws -> GraphBuilder.Term {
        let gradient = try b.gradient()
        let (input, output) = (try b.input(0).lengths, try b.output().lengths)
        if try gradient.rank == 0 || input.count == output.count { return gradient }
        let axes = Set(try b.node.reducedAxes(rank: input.count))
        var rest = try b.rankedGradient().lengths[...]
        return try gradient.reshapedIfNeeded(input.indices.map { axes.contains($0) ? 1 : rest.popFirst() ?? 1 })
    }
}

extension NodeContext {
    /// The axes that a reduction takes together, counted from the front.
    func reducedAxes(rank: Int) throws -> [Int] {
        var axes: [Int] = []
        if let term = optionalInput(1) {
            guard let tensor = term.value.knownTensor else {
                throw HarrierError("the axes of \(node.op) are not known")
            }
            axes = try tensor.integers()
        } else if let given = try node.optionalInts("axes") {
            axes = given
        }
        if axes.isEmpty { return try node.flag("noop_with_empty_axes") ? [] : Array(0..<rank) }
        return axes.map { $0 < 0 ? $0 + rank : $0 }.sorted()
    }
}
