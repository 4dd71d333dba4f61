/// Something that a framework is known to compute wrong of a node, or to end at, whatever the numbers are.
public struct FrameworkFault: Hashable, Sendable {
    /// How the node can be written so that the framework computes it right.
    public enum Remedy: Hashable, Sendable {
        /// As the same operator of rows of numbers, whose result gets its shape back.
        case flattened
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
