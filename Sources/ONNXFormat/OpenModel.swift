import IR

/// A model as its file has it, with all dimensions open that the file leaves open.
package struct OpenModel: Sendable {
    /// The lengths that were set when the model was read, by the dimensions' names: those asked for, and 1 for open batches.
    package let lengths: [String: Int]
    private let source: Graph
    private let evaluator: (any ConstantEvaluator)?

    init(source: Graph, lengths: [String: Int], evaluator: (any ConstantEvaluator)?) {
        self.source = source
        self.lengths = lengths
        self.evaluator = evaluator
    }

    /// The model at the given lengths, normalized, all types known that can be.
    ///
    /// - Parameter lengths: lengths by the dimensions' names; the others stay open.
    /// - Throws: ``HarrierError`` with the first node whose operands do not fit together then.
    /// - Complexity: O(nodes + values); weights are not read.
    package func graph(at lengths: [String: Int]) throws -> Graph {
        var graph = source
        try graph.setDimensions(lengths)
        return try graph.prepared(evaluator: evaluator, noting: TypeContradictions())
    }
}
