import IR

extension DifferentiableForms {
    /// Normalizations. Those whose function bodies say everything need no form.
    static let normalizations: [OperatorName: Writer] = [
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
}
