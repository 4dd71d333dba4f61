import IR

/// The nodes of a variant that compute something else than the model does.
struct ChangedPart {
    /// The changed nodes and all that depends on them. Its inputs are values of the model; outputs that nothing changes are left out.
    let graph: Graph

    /// - Parameters:
    ///   - variant: a graph whose values have the model's numbers as far as they are the model's.
    /// - Returns: nil if nodes have bodies, which may read any value of the graph.
    init?(of variant: Graph, from model: Graph) {
        guard !variant.nodes.contains(where: { !$0.attributes.isEmpty && !$0.subgraphs.isEmpty }) else { return nil }
        var originals: [ValueID: Node] = [:]
        for node in model.nodes {
            for case let output? in node.outputs { originals[output] = node }
        }
        var changed: Set<ValueID> = []
        var nodes: [Node] = []
        for node in variant.nodes {
            let outputs = node.outputs.compactMap { $0 }
            let original = outputs.first.flatMap { originals[$0] }
            let isSame =
                original.map {
                    $0.op == node.op && $0.inputs == node.inputs && $0.outputs == node.outputs
                        && $0.attributes == node.attributes
                } ?? false
            guard !isSame || node.inputs.contains(where: { $0.map(changed.contains) ?? false }) else { continue }
            changed.formUnion(outputs)
            nodes.append(node)
        }
        var part = variant
        part.nodes = nodes
        var seen: Set<ValueID> = []
        part.inputs = nodes.flatMap(\.inputs).compactMap { $0 }.filter {
            variant[$0].constant == nil && !changed.contains($0) && seen.insert($0).inserted
        }
        // A model's output can be another value by the same name where a substitution leaves a node out.
        part.outputs = variant.outputs.filter { changed.contains($0) || !model.outputs.contains($0) }
        for output in part.outputs where !changed.contains(output) && seen.insert(output).inserted {
            part.inputs.append(output)
        }
        graph = part
    }
}
