extension FunctionBodies {
    /// Reductions, and sums of many operands.
    static let reductions: [OperatorName: Writer] = [
        "Mean": { b in
            let sum = try added(b)
            return [b.node.inputs.count > 1 ? try sum / Double(b.node.inputs.count) : sum]
        },
        "ReduceL1": function { b, x in try summed(x.apply("Abs"), b) },
        "ReduceL2": function { b, x in try summed(x * x, b).apply("Sqrt") },
        "ReduceLogSum": function { b, x in try summed(x, b).apply("Log") },
        "ReduceLogSumExp": function { b, x in try summed(x.apply("Exp"), b).apply("Log") },
        "ReduceSumSquare": function { b, x in try summed(x * x, b) },
        "Sum": { b in [try added(b)] },
    ]

    /// ReduceSum along the axes of the node.
    private static func summed(_ x: GraphBuilder.Term, _ b: NodeContext) throws -> GraphBuilder.Term {
        try x.apply("ReduceSum", b.optionalInput(1), attributes: b.node.attributes)
    }

    private static func added(_ b: NodeContext) throws -> GraphBuilder.Term {
        let first = try b.input(0)
        guard b.node.inputs.count > 1 else { return try first.apply("Identity") }
        return try (1..<b.node.inputs.count).reduce(first) { try $0 + b.input($1) }
    }
}
