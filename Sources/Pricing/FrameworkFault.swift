/// Something that a framework is known to compute wrong of a node, or to end at, whatever the numbers are.
public struct FrameworkFault: Hashable, Sendable {
    /// How the node can be written so that the framework computes it right.
    public enum Remedy: Hashable, Sendable {
        /// Before the transpositions and reshapes that its operands went through, with the elementwise operators in between.
        case beforeMovements
        /// A sum with a constant as the constant less the opposite of the other operand, a difference from one as the opposite of the
        /// constant less the other operand.
        case constantFirst
    }

    /// What goes wrong and what to do, a phrase.
    public let text: String
    /// What helps; nil if nothing is known.
    public let remedy: Remedy?

    /// The fault with the given parts.
    public init(_ text: String, remedy: Remedy? = nil) {
        self.text = text
        self.remedy = remedy
    }
}
