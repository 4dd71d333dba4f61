import IR

/// Operators written so that backward can use again what forward pays for: comparisons become bits of their own, divisions
/// become reciprocals, which both passes need.
enum DifferentiableForms {
    /// The metadata key of nodes in a form that are not differentiated, because their gradients cancel out.
    static let detachedKey = "ai.harrier.detached"

    /// Writes the outputs of a node; nil if the node needs no form.
    typealias Writer = @Sendable (NodeContext) throws -> [GraphBuilder.Term]?

    /// All forms. The families are in the files beside this one.
    static let rows: [OperatorName: Writer] = [arithmetic, extrema, activations, normalizations, movements, losses]
        .reduce(into: [:]) { table, family in table.merge(family) { $1 } }

    /// The form of a node, with inputs and outputs by position; nil if it has none.
    static func body(of context: NodeContext) throws -> Graph? {
        guard let write = rows[context.node.op] else { return nil }
        return try FunctionBodies.graph(
            of: context.node, inputTypes: context.inputs.map { $0?.type },
            inputTensors: context.inputs.map { $0?.value.knownTensor }, write)
    }

    /// The function body of a node; nil if ONNX has none.
    static func functionBody(of context: NodeContext) throws -> Graph? {
        try FunctionBodies.body(
            of: context.node, inputTypes: context.inputs.map { $0?.type },
            inputTensors: context.inputs.map { $0?.value.knownTensor })
    }

    /// A form with one output.
    static func form(
        _ write: @escaping @Sendable (NodeContext) throws -> GraphBuilder.Term?
    ) -> Writer {
        { node in try write(node).map { [$0] } }
    }
}

extension GraphBuilder {
    /// Writes nodes that are not differentiated.
    func detached<Result>(_ write: () throws -> Result) rethrows -> Result {
        let before = metadata
        metadata[DifferentiableForms.detachedKey] = ""
        defer { metadata = before }
        return try write()
    }
}
