import Graph

/// A model that was read from a file.
public struct LoadedModel: Sendable {
    /// The graph.
    public var graph: Graph
    /// What a person should know of how the file was read, a phrase each: batch dimensions set to 1, operators that
    /// Harrier does not know, parts of the file that were left out.
    public var notes: [String]

    /// A model of the given parts.
    public init(graph: Graph, notes: [String] = []) {
        self.graph = graph
        self.notes = notes
    }
}

/// Reads a model and brings it to the form that everything else works on: nodes in order, all types known that can be
/// known.
///
/// - Parameters:
///   - path: a file in ONNX's binary format.
///   - dimensions: lengths of dimensions that the file leaves open, by name. A leading dimension of an input that stays
///     open is the batch and becomes 1.
///   - evaluator: computes shape chains; without one, what depends on such chains stays unknown.
/// - Throws: ``HarrierError`` naming the file and the place of what is wrong with it.
public func loadModel(
    at path: String, dimensions: [String: Int] = [:], evaluator: (any ConstantEvaluator)?
) throws -> LoadedModel {
    do {
        var model = try ONNXReader().read(path)
        model.notes += try model.graph.bindDimensions(dimensions)
        try model.graph.inferTypes(evaluator: evaluator)
        try model.graph.verify()
        model.notes += model.graph.unknownOperators()
        return model
    } catch let error as HarrierError {
        throw error.inFile(path)
    }
}

extension Graph {
    /// The operators that have no row in the operator table, a phrase each.
    func unknownOperators() -> [String] {
        let called = Set(functions.map(\.name))
        let unknown = nodes.map(\.op).filter { OperatorTable[$0] == nil && !called.contains($0) }
        return Dictionary(grouping: unknown) { $0 }.sorted { $0.key < $1.key }
            .map { "operator \($0.key) is not known and passes through (\($0.value.count) nodes)" }
    }
}
