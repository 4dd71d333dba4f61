import IR

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
