/// One attribute of an operator.
public struct AttributeDefinition: Sendable {
    /// Its name.
    public let name: String
    /// Its kind.
    public let kind: Attribute.Kind
    /// Its value where the node does not give one; nil if it then has none, or one as long as the operands say
    /// (``defaultEntry``).
    public let defaultValue: Attribute?
    /// Whether the node must give it.
    public let isRequired: Bool
    /// For lists with an entry for each axis or operand: the entry of a list that is left out.
    public let defaultEntry: Int?
    /// The texts that it can be, if they are few; empty if any.
    public let choices: [String]

    private init(
        _ name: String, _ kind: Attribute.Kind, default defaultValue: Attribute? = nil, isRequired: Bool = false,
        defaultEntry: Int? = nil, choices: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.defaultEntry = defaultEntry
        self.choices = choices
    }

    /// An attribute that may be left out.
    public static func optional(_ name: String, _ kind: Attribute.Kind) -> AttributeDefinition {
        AttributeDefinition(name, kind)
    }

    /// An attribute that may be left out and then has the given value.
    public static func optional(_ name: String, _ value: Attribute) -> AttributeDefinition {
        AttributeDefinition(name, value.kind ?? .int, default: value)
    }

    /// A text that is one of a few, the first where it is left out.
    public static func choice(_ name: String, _ first: String, _ others: String...) -> AttributeDefinition {
        AttributeDefinition(name, .string, default: .string(first), choices: [first] + others)
    }

    /// An attribute that every node must have.
    public static func required(_ name: String, _ kind: Attribute.Kind) -> AttributeDefinition {
        AttributeDefinition(name, kind, isRequired: true)
    }

    /// A list of integers with an entry for each spatial axis (`pads`: two) or for each operand of a kind, which if left out
    /// is filled with one.
    public static func list(_ name: String, filledWith entry: Int) -> AttributeDefinition {
        AttributeDefinition(name, .ints, defaultEntry: entry)
    }
}
