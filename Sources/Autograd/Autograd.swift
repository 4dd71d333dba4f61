import Graph

/// Reverse-mode differentiation of graphs.
public enum Autograd {
    /// The gradients of a scalar with respect to other values, as new nodes of the same graph.
    ///
    /// Nodes between the values and the scalar may be rewritten so that backward uses again what forward has paid for: a Relu
    /// becomes a comparison and a choice by its bit, composite operators become their function bodies. Values keep their
    /// numbers and names.
    ///
    /// - Parameters:
    ///   - loss: the value that is differentiated. Anything but a scalar is summed.
    ///   - values: what it is differentiated with respect to: parameters, inputs, anything computed. Nothing else is
    ///     differentiated than what lies between.
    ///   - builder: the graph, with types inferred and shapes known.
    ///   - seeds: gradients of other values that are already known, from which backward starts, too.
    /// - Returns: a gradient for each of the values, of its shape; nil where the loss does not depend on it.
    /// - Throws: ``HarrierError`` with the name of a node that has no gradient.
    public static func gradients(
        of loss: GraphBuilder.Term?, withRespectTo values: [GraphBuilder.Term], in builder: GraphBuilder,
        seeds: [(value: GraphBuilder.Term, gradient: GraphBuilder.Term)] = []
    ) throws -> [GraphBuilder.Term?] {
        throw HarrierError("not yet")
    }
}
