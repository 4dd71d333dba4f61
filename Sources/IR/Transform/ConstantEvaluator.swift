/// Runs single nodes on constants: how shape inference and constant folding compute without depending on the interpreter.
public protocol ConstantEvaluator: Sendable {
    /// The outputs of a node, or nil if the operator is unknown to the evaluator.
    ///
    /// - Parameter inputs: the operands; nil for those left out. All others are available.
    /// - Throws: ``HarrierError`` if the node cannot run on these operands.
    func evaluate(_ node: Node, inputs: [Tensor?]) throws -> [Tensor?]?
}
