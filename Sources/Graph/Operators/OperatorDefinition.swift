/// What Harrier knows of one operator, beside how to run it, differentiate it and price it: a row of the operator table.
public struct OperatorDefinition: Sendable {
    /// Properties that transformations and prices rely on.
    public struct Traits: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Output elements depend on the input elements at the same place only (with broadcasting).
        public static let elementwise = Traits(rawValue: 1 << 0)
        /// The two inputs can be exchanged.
        public static let commutative = Traits(rawValue: 1 << 1)
        /// A non-decreasing function of one input (given attributes that keep it so).
        public static let monotone = Traits(rawValue: 1 << 2)
        /// Only moves elements about: nothing is computed, and MPC runs it without communication.
        public static let dataMovement = Traits(rawValue: 1 << 3)
        /// Two runs on the same inputs may differ; never merged or folded.
        public static let random = Traits(rawValue: 1 << 4)
        /// `f(f(x)) = f(x)`.
        public static let idempotent = Traits(rawValue: 1 << 5)
    }

    /// The operator.
    public let name: OperatorName
    /// How many inputs it takes (`Int.max`: any number).
    public let inputs: ClosedRange<Int>
    /// How many outputs it gives (`Int.max`: any number).
    public let outputs: ClosedRange<Int>
    /// The attributes it has.
    public let attributes: [AttributeDefinition]
    /// What is known of it.
    public let traits: Traits
    /// Finds the output types from the inputs, or throws what is wrong with them.
    public let infer: @Sendable (inout TypeInference) throws -> Void

    /// A row of the operator table.
    public init(
        _ name: OperatorName, inputs: ClosedRange<Int>, outputs: ClosedRange<Int> = 1...1,
        attributes: [AttributeDefinition] = [], traits: Traits = [],
        infer: @escaping @Sendable (inout TypeInference) throws -> Void
    ) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.traits = traits
        self.infer = infer
    }

    /// The attribute of that name.
    public func attribute(_ name: String) -> AttributeDefinition? {
        attributes.first { $0.name == name }
    }
}

/// One attribute of an operator.
public struct AttributeDefinition: Sendable {
    /// Its name.
    public let name: String
    /// Its kind.
    public let kind: Attribute.Kind
    /// Its value where the node does not give one; nil if it then has none.
    public let defaultValue: Attribute?
    /// Whether the node must give it.
    public let isRequired: Bool

    /// An attribute that may be left out.
    public static func optional(_ name: String, _ kind: Attribute.Kind) -> AttributeDefinition {
        AttributeDefinition(name: name, kind: kind, defaultValue: nil, isRequired: false)
    }

    /// An attribute that may be left out and then has the given value.
    public static func optional(_ name: String, _ value: Attribute) -> AttributeDefinition {
        AttributeDefinition(name: name, kind: value.kind ?? .int, defaultValue: value, isRequired: false)
    }

    /// An attribute that every node must have.
    public static func required(_ name: String, _ kind: Attribute.Kind) -> AttributeDefinition {
        AttributeDefinition(name: name, kind: kind, defaultValue: nil, isRequired: true)
    }
}
