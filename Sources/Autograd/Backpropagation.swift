import IR

/// Reverse-mode differentiation of graphs.
///
/// A node between the values and the loss is differentiated by its row in the table of gradients. An operator without a row is
/// first written as simpler ones: in a differentiable form (a Relu as a comparison and a choice by its bit, so that backward
/// uses the bit again), or as its function body.
public enum Backpropagation {
    /// The gradients of a scalar with respect to other values, as new nodes of the same graph.
    ///
    /// Values keep their numbers and names; nodes may become others that compute the same values. New nodes get the scope of
    /// the node they are the gradient of, and the phase ``Phase/backward``.
    ///
    /// - Parameters:
    ///   - loss: the value that is differentiated. Anything but a scalar is summed.
    ///   - values: what it is differentiated with respect to: parameters, inputs, anything computed. No other gradients are
    ///     computed than those on the way.
    ///   - builder: the graph, with types inferred.
    ///   - seeds: other values with gradients that are already known, from which backward starts, too.
    /// - Returns: a gradient for each of the values, of its shape; nil where the loss does not depend on it, or only by steps
    ///   (comparisons, rounding).
    /// - Throws: ``HarrierError`` with the name of a node that has no gradient, or whose shape is not known.
    public static func gradients(
        of loss: GraphBuilder.Term?, withRespectTo values: [GraphBuilder.Term], in builder: GraphBuilder,
        seeds: [(value: GraphBuilder.Term, gradient: GraphBuilder.Term)] = []
    ) throws -> [GraphBuilder.Term?] {
        let ends = (loss.map { [$0.id] } ?? []) + seeds.map(\.value.id)
        var tape = Tape(builder, from: values.map(\.id), to: ends)
        try tape.record()
        let before = (scope: builder.scope, metadata: builder.metadata)
        defer { (builder.scope, builder.metadata) = before }
        builder.metadata = [Phase.key: Phase.backward.rawValue]
        for (value, gradient) in seeds { try tape.add(gradient, to: value.id) }
        if let loss { try tape.add(loss.scalar(1), to: loss.id) }
        try tape.run()
        return try values.map { value in
            try tape.gradients[value.id].map { try $0.expanded(to: value.lengths) }
        }
    }

    /// The operators that can be differentiated.
    public static var operators: Set<OperatorName> {
        FunctionBodies.operators.filter { OperatorTable[$0]?.bodyOperand == 0 }.union(GradientTable.rows.keys)
            .union(DifferentiableForms.rows.keys)
    }
}
