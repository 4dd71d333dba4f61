/// A node as those see it that write other nodes for it (its body, its gradient): operands as terms, attributes with their
/// defaults filled in.
public struct NodeContext {
    /// Who writes the graph.
    public let builder: GraphBuilder
    /// The node.
    public let node: Node
    /// The operands by position; nil for those that are left out.
    public let inputs: [GraphBuilder.Term?]

    /// A node whose operands are the given terms.
    public init(builder: GraphBuilder, node: Node, inputs: [GraphBuilder.Term?]) {
        self.builder = builder
        self.node = node
        self.inputs = inputs
    }

    /// The operand at that position.
    ///
    /// - Throws: ``HarrierError`` if it is left out.
    public func input(_ index: Int) throws -> GraphBuilder.Term {
        guard let term = optionalInput(index) else { throw HarrierError("\(node.op) lacks its input \(index)") }
        return term
    }

    /// The operand at that position, nil if it is left out.
    public func optionalInput(_ index: Int) -> GraphBuilder.Term? { index < inputs.count ? inputs[index] : nil }

    /// A floating-point attribute, with its default from the operator table.
    public func float(_ name: String) throws -> Double { Double(try node.float(name)) }

    /// An integer attribute, with its default from the operator table.
    public func int(_ name: String) throws -> Int { try node.int(name) }

    /// An integer attribute that is a switch, with its default from the operator table.
    public func flag(_ name: String) throws -> Bool { try node.flag(name) }

    /// The axis in an integer attribute, counted from the front.
    ///
    /// - Throws: ``HarrierError`` if a tensor of that rank has no such axis.
    public func axis(_ name: String = "axis", rank: Int) throws -> Int {
        let axis = try int(name)
        guard axis >= -rank, axis < rank else {
            throw HarrierError("\(name) \(axis) of \(node.op) is outside of a tensor of rank \(rank)")
        }
        return axis < 0 ? axis + rank : axis
    }
}
