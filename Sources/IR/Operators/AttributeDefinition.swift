/// One attribute of an operator.
public struct AttributeDefinition: Sendable {
    /// Its name.
    public let name: String
    /// Its kind.
    public let kind: Attribute.Kind
    /// Its value where the node does not give one; nil if it then has none, or one that depends on the operands'
    /// rank (``perAxisDefault``).
    public let defaultValue: Attribute?
    /// Whether the node must give it.
    public let isRequired: Bool
    /// For lists with an entry for each spatial axis: the entry of a list that is left out.
    public let perAxisDefault: Int?

    private init(
        _ name: String, _ kind: Attribute.Kind, default defaultValue: Attribute? = nil, isRequired: Bool = false,
        perAxisDefault: Int? = nil
    ) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.perAxisDefault = perAxisDefault
    }

    /// An attribute that may be left out.
    public static func optional(_ name: String, _ kind: Attribute.Kind) -> AttributeDefinition {
        AttributeDefinition(name, kind)
    }

    /// An attribute that may be left out and then has the given value.
    public static func optional(_ name: String, _ value: Attribute) -> AttributeDefinition {
        AttributeDefinition(name, value.kind ?? .int, default: value)
    }

    /// An attribute that every node must have.
    public static func required(_ name: String, _ kind: Attribute.Kind) -> AttributeDefinition {
        AttributeDefinition(name, kind, isRequired: true)
    }

    /// A list of integers with an entry for each spatial axis (`pads`: two), which if left out is filled with one.
    public static func perAxis(_ name: String, default entry: Int) -> AttributeDefinition {
        AttributeDefinition(name, .ints, perAxisDefault: entry)
    }

    /// What the attribute is where a node does not give it, for a node that works along that many spatial axes.
    public func defaultValue(spatialRank: Int) -> Attribute? {
        guard let perAxisDefault, spatialRank >= 0, spatialRank <= Self.largestSpatialRank else { return defaultValue }
        return .ints(Array(repeating: perAxisDefault, count: name == "pads" ? 2 * spatialRank : spatialRank))
    }

    private static let largestSpatialRank = 1 << 16
}
