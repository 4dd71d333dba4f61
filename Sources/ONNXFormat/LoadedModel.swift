import IR

/// A model that was read from a file.
package struct LoadedModel: Sendable {
    /// The graph.
    package var graph: Graph
    /// What a person should know of how the file was read, a phrase each: batch dimensions set to 1, operators that
    /// Harrier does not know, parts of the file that were left out.
    package var notes: [String]
    /// Names for which lengths were given and which no input has.
    package var unusedDimensions: [String] = []
    /// The model with open dimensions; nil if it has none that were set.
    package var open: OpenModel?

    /// A model of the given parts.
    package init(graph: Graph, notes: [String] = []) {
        self.graph = graph
        self.notes = notes
    }
}
