/// The nodes that an operator was recognised in, so that they can be written again as they were.
public final class Spelling: Sendable {
    /// The nodes, with the names and scopes that the file gave them. Its constants are public numbers; its inputs are operands of the
    /// recognised node.
    public let graph: Graph
    /// The position among the recognised node's operands for each input of the graph.
    public let operands: [Int]
    /// The value of the model for each constant of the graph, as long as the model is numbered as it was.
    public let constants: [ValueID: ValueID]
    /// Equal for spellings that differ in names only; the same within a run of the program.
    public let structure: UInt64

    /// A spelling of the given parts.
    public init(graph: Graph, operands: [Int], constants: [ValueID: ValueID], structure: UInt64) {
        self.graph = graph
        self.operands = operands
        self.constants = constants
        self.structure = structure
    }
}

extension Spelling: Hashable {
    /// Whether both are spelled alike, in the same names.
    public static func == (left: Spelling, right: Spelling) -> Bool {
        left === right || left.structure == right.structure && left.graph == right.graph
    }

    /// Hashes what is spelled, not the names.
    public func hash(into hasher: inout Hasher) { hasher.combine(structure) }
}
