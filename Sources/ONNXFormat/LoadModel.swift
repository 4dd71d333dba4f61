import IR

/// Reads a model and brings it to the form that everything else works on: the operator set of ``Graph/opsetVersion``,
/// nodes in order, all types known that can be known.
///
/// - Parameters:
///   - path: a file in ONNX's binary format, or in its textual syntax, which is told by the extension `.onnxtxt` or by
///     the content.
///   - dimensions: lengths of dimensions that the file leaves open, by name; those of others are not used. A leading dimension of
///     an input that stays open is the batch and becomes 1.
///   - evaluator: computes shape chains; without one, what depends on such chains stays unknown.
/// - Throws: ``HarrierError`` naming the file and the place of what is wrong with it.
/// - Complexity: O(nodes + values); weights are not read.
package func loadModel(
    at path: String, dimensions: [String: Int] = [:], evaluator: (any ConstantEvaluator)?
) throws -> LoadedModel {
    do {
        var model = try readModel(path)
        model.graph.nameOpenDimensions()
        let source = model.graph
        let (lengths, notes) = try model.graph.bindDimensions(dimensions)
        model.notes += notes
        model.unusedDimensions = Set(dimensions.keys).subtracting(source.openDimensionNames()).sorted()
        let contradictions = TypeContradictions()
        model.graph = try model.graph.prepared(evaluator: evaluator, noting: contradictions)
        model.notes += contradictions.messages + model.graph.unknownOperators()
        if !lengths.isEmpty { model.open = OpenModel(source: source, lengths: lengths, evaluator: evaluator) }
        return model
    } catch let error as HarrierError {
        throw error.inFile(path)
    }
}

private func readModel(_ path: String) throws -> LoadedModel {
    let size = try regularFileSize(path)
    guard size > 0 else { throw HarrierError("is empty") }
    if !path.hasSuffix(".onnxtxt") {
        let start = try FileSlice(path: path, offset: 0, count: min(size, 256)).read()
        guard isText(start) else { return try ONNXReader().read(path) }
    }
    let bytes = try FileSlice(path: path, offset: 0, count: size).read()
    guard let text = String(validating: bytes, as: UTF8.self) else { throw HarrierError("is not UTF-8 text") }
    return LoadedModel(graph: try ONNXText.parseModel(text, file: path))
}

/// Whether a file that starts so is text: a binary model has control characters among its first bytes.
private func isText(_ start: [UInt8]) -> Bool {
    start.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
}

extension Graph {
    /// The graph of a file in the form that everything else works on.
    func prepared(evaluator: (any ConstantEvaluator)?, noting contradictions: TypeContradictions) throws -> Graph {
        var graph = try normalizedAndInlined(evaluator: evaluator)
        try graph.sortTopologically()
        try graph.inferTypes(evaluator: evaluator, noting: contradictions)
        try graph.verify()
        return graph
    }

    /// The graph in the version that Harrier works on, without calls of the model's own functions.
    ///
    /// Functions are inlined first where they may be, as only then attributes that are arguments of a call are known.
    private func normalizedAndInlined(evaluator: (any ConstantEvaluator)?) throws -> Graph {
        let isOneVersion = functions.allSatisfy { $0.body.opsets["", default: opsets[""] ?? 0] == opsets[""] ?? 0 }
        return isOneVersion
            ? try inliningFunctions().normalized(evaluator: evaluator)
            : try normalized(evaluator: evaluator).inliningFunctions()
    }

    /// The operators that have no row in the operator table, a phrase each.
    fileprivate func unknownOperators() -> [String] {
        let called = Set(functions.map(\.name))
        let unknown = nodes.map(\.op).filter { OperatorTable[$0] == nil && !called.contains($0) }
        return Dictionary(grouping: unknown) { $0 }.sorted { $0.key < $1.key }.map { op, nodes in
            "operator \(op) is not known and passes through (\(nodes.count) \(nodes.count == 1 ? "node" : "nodes"))"
        }
    }
}
