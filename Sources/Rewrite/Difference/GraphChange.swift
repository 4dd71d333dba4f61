import IR

/// One difference between two graphs.
public struct GraphChange: Hashable, Sendable {
    /// What kind of difference it is.
    public enum Kind: String, Hashable, Sendable {
        /// Only the first graph has the node.
        case lost
        /// Only the second graph has the node.
        case added
        /// Where the first graph has one operator, the second has another.
        case replaced
        /// The node stands elsewhere.
        case moved
        /// An attribute differs.
        case attribute
        /// A constant operand differs.
        case constant
        /// The node reads another value.
        case rewired
    }

    /// What kind of difference it is.
    public let kind: Kind
    /// The operator; of a replaced node the one in the first graph.
    public let op: OperatorName
    /// The node's name, or that of its first output: in the first graph if it is there.
    public let node: String
    /// What differs and where, in a phrase.
    public let text: String
    /// The node of the first graph.
    public let first: Int?
    /// The node of the second graph.
    public let second: Int?
    /// Whether the node computes on constants only, which nobody pays for.
    public let isOnConstants: Bool
}
