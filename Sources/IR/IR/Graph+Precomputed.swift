extension Graph {
    /// The metadata key of nodes that compute on constants only and that whoever owns the constants runs before anything
    /// is shared, so that they cost nothing. With the weights at hand such nodes are folded away; without, they stay in
    /// the file under this mark.
    public static let precomputedKey = "ai.harrier.precomputed"

    /// The nodes that are marked as run beforehand and indeed depend on constants only.
    public func precomputedNodes() -> Set<Int> {
        guard nodes.contains(where: \.isPrecomputed) else { return [] }
        let isConstant = constantValues()
        return Set(
            nodes.indices.filter { index in
                nodes[index].isPrecomputed
                    && nodes[index].outputs.allSatisfy { $0.map { isConstant[$0.index] } ?? true }
            })
    }

    /// For every value whether it depends on constants only, and so can be computed by whoever owns them before anything
    /// is shared.
    public func constantValues() -> [Bool] {
        var result = values.map { $0.constant != nil || $0.known != nil }
        for node in nodes where node.subgraphs.isEmpty && OperatorTable[node.op]?.traits.contains(.random) == false {
            guard node.inputs.allSatisfy({ $0.map { result[$0.index] } ?? true }) else { continue }
            for case let output? in node.outputs { result[output.index] = true }
        }
        return result
    }
}

extension Node {
    /// Whether the node is marked as run by the owner of its operands before they are shared.
    public var isPrecomputed: Bool { metadata[Graph.precomputedKey] != nil }
}
