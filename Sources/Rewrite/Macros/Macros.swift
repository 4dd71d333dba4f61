import IR

/// Operators that only the right side of a rule can use: each stands for as many ordinary nodes as the place where the rule
/// fires needs.
enum Macros {
    /// The domain of their names.
    static let domain = "ai.harrier.macro"

    /// Writes the nodes that an operator stands for, and gives its output.
    typealias Writer = @Sendable (NodeContext) throws -> GraphBuilder.Term

    /// Thrown where a macro has no nodes for its operands: the rule does not fire there.
    struct Refusal: Error {}

    /// Writer by operator.
    static let writers: [OperatorName: Writer] = [
        OperatorName("MaxTree", domain: domain): maxTree,
        OperatorName("WindowMaxTree", domain: domain): windowMaxTree,
        OperatorName("Polynomial", domain: domain): polynomial,
    ]

    /// The graph that a macro stands for, with the operands' types.
    ///
    /// - Throws: ``Refusal`` or ``HarrierError``.
    static func body(
        of node: Node, _ writer: Writer, operands: [TensorType?], evaluator: any ConstantEvaluator
    ) throws -> Graph {
        let builder = GraphBuilder(name: node.op.type, evaluator: evaluator)
        let inputs = try operands.enumerated().map { index, type in
            guard let type else { throw Refusal() }
            return try builder.input("operand_\(index)", type)
        }
        let result = try writer(NodeContext(builder: builder, node: node, inputs: inputs))
        guard !inputs.contains(where: { $0.id == result.id }) else {
            return builder.graph(outputs: [try result.apply("Identity")])
        }
        return builder.graph(outputs: [result])
    }
}

extension GraphBuilder.Term {
    /// The larger of two values: one comparison and one product.
    func larger(of other: Self) throws -> Self { try self + (other - self).apply("Relu") }
}
