import IR

extension DifferentiableForms {
    /// Normalizations. Those whose function bodies say everything need no form.
    static let normalizations: [OperatorName: Writer] = [
        "BatchNormalization": { node in
            try node.int("training_mode") == 0 ? nil : trainingBatchNormalization(node)
        },
        // A norm of 0 has the gradient 0, as in PyTorch: what is added, too small to change any other norm, keeps its reciprocal finite.
        "ReduceL2": form { node in
            let squares = try node.builder.apply("ReduceSumSquare", node.inputs, node.node.attributes)
            return try (squares + 1e-30).apply("Sqrt")
        },
        // The largest element only keeps exponentials small; its gradients cancel out.
        "LogSoftmax": form { node in
            let x = try node.input(0)
            let axis = try node.axis(rank: x.rank)
            let shifted = try x - node.builder.detached { try x.reduced("ReduceMax", axes: [axis]) }
            return try shifted - shifted.apply("Exp").reduced("ReduceSum", axes: [axis]).apply("Log")
        },
    ]

    /// Statistics of the batch, and running ones. Whatever concerns channels only is computed before it is spread over the
    /// images.
    private static func trainingBatchNormalization(_ node: NodeContext) throws -> [GraphBuilder.Term] {
        let (x, scale) = (try node.input(0), try node.input(1))
        let rank = try x.rank
        let axes = [0] + Array(2..<max(2, rank))
        func perChannel(_ term: GraphBuilder.Term) throws -> GraphBuilder.Term { try term.withTrailingAxes(rank - 2) }

        let mean = try x.reduced("ReduceMean", axes: axes, keepsAxes: false)
        let centred = try x - perChannel(mean)
        let variance = try centred.squared().reduced("ReduceMean", axes: axes, keepsAxes: false)
        let factor = try (variance + node.float("epsilon")).apply("Sqrt").apply("Reciprocal") * scale
        let result = try centred * perChannel(factor) + perChannel(node.input(2))
        let outputs = node.node.outputs.count
        guard outputs > 1 else { return [result] }
        // x + (1 - momentum) · (new - x): one product with a public number.
        let share = try 1 - node.float("momentum")
        let running = try zip([mean, variance], [3, 4]).map { new, index in
            let old = try node.input(index)
            return try old + (new - old) * share
        }
        return [result] + running
    }
}
