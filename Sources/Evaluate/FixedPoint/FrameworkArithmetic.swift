import IR

/// How a framework computes the operators for which it has a method of its own: an exponential by repeated squaring, a reciprocal by
/// Newton's steps from its first guess.
///
/// What it is not asked for, or gives no answer to, is what its function body is; without a body the result is the real number,
/// brought to the framework's numbers. Sums, products and matrix products are that by nature, and need no row.
public protocol FrameworkArithmetic: Sendable {
    /// The outputs of a node as the framework computes them; nil if it has no method of its own for it.
    ///
    /// - Parameters:
    ///   - operation: the node and its operands, held in 64-bit floating point: secret ones are multiples of the format's resolution, public
    ///     ones what the graph has.
    ///   - random: what masks and shares are drawn from.
    /// - Returns: an array for each output that the node asks for, of multiples of the resolution.
    /// - Throws: ``HarrierError`` if the operands do not suit the node.
    func outputs(of operation: FixedPointOperation, random: inout NumberSource) throws -> [NumericArray?]?
}

/// A node with its operands in a framework's fixed-point numbers.
public struct FixedPointOperation: Sendable {
    /// The node: attributes and number of outputs.
    public let node: Node
    /// The operands; nil for those left out.
    public let inputs: [NumericArray?]
    /// For each operand whether everybody knows it.
    public let isPublic: [Bool]

    /// A node with the given operands.
    public init(node: Node, inputs: [NumericArray?], isPublic: [Bool]) {
        self.node = node
        self.inputs = inputs
        self.isPublic = isPublic
    }

    /// The operand at that position; nil if it is left out.
    public func input(_ index: Int) -> NumericArray? { index < inputs.count ? inputs[index] : nil }

    /// Whether the operand at that position is there and secret.
    public func isSecret(_ index: Int) -> Bool { input(index) != nil && !isPublic[index] }
}
