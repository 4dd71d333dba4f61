extension Graph {
    /// The metadata key of nodes that compute on constants only and that whoever owns the constants runs before anything
    /// is shared, so that they cost nothing. With the weights at hand such nodes are folded away; without, they stay in
    /// the file under this mark.
    public static let precomputedKey = "ai.harrier.precomputed"
}

extension Node {
    /// Whether the node is marked as run by the owner of its operands before they are shared.
    public var isPrecomputed: Bool { metadata[Graph.precomputedKey] != nil }
}
