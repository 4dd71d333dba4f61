/// What Harrier knows of one operator, beside how to run it, differentiate it and price it: a row of the operator table.
public struct OperatorDefinition: Sendable {
    /// Properties that transformations and prices rely on.
    public struct Traits: OptionSet, Sendable {
        /// One bit a property.
        public let rawValue: Int
        /// The properties of those bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Output elements depend on the input elements at the same place only (with broadcasting).
        public static let elementwise = Traits(rawValue: 1 << 0)
        /// The inputs can be exchanged.
        public static let commutative = Traits(rawValue: 1 << 1)
        /// A non-decreasing function of the first input, whatever else is given.
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
    /// The version of the operator set that the row describes: ``Graph/opsetVersion``, or the later one that first has
    /// the operator.
    public let opsetVersion: Int
    /// How many inputs it takes (`Int.max`: any number).
    public let inputs: ClosedRange<Int>
    /// How many outputs it gives (`Int.max`: any number).
    public let outputs: ClosedRange<Int>
    /// The attributes it has.
    public let attributes: [AttributeDefinition]
    /// What holds of every node of it; ``Traits/random`` also of those that may be. ``traits(of:)`` can say more.
    public let traits: Traits
    /// Finds the output types from the inputs, or throws what is wrong with them.
    public let infer: @Sendable (inout TypeInference) throws -> Void
    private let nodeTraits: (@Sendable (Node) -> Traits)?

    /// A row of the operator table.
    ///
    /// - Parameter nodeTraits: what holds of a node beside `traits`, by its attributes and operands.
    public init(
        _ name: OperatorName, opsetVersion: Int = Graph.opsetVersion, inputs: ClosedRange<Int>,
        outputs: ClosedRange<Int> = 1...1,
        attributes: [AttributeDefinition] = [], traits: Traits = [],
        nodeTraits: (@Sendable (Node) -> Traits)? = nil, infer: @escaping @Sendable (inout TypeInference) throws -> Void
    ) {
        self.name = name
        self.opsetVersion = opsetVersion
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.traits = traits
        self.nodeTraits = nodeTraits
        self.infer = infer
    }

    /// What holds of a node of this operator: the operator's traits and those that the node's attributes and operands
    /// add (HardSigmoid is monotone where `alpha` is not negative, Dropout is the identity without `training_mode`).
    public func traits(of node: Node) -> Traits {
        guard let nodeTraits else { return traits }
        let added = nodeTraits(node)
        // A node that is known not to draw random numbers says so by being nothing but data movement.
        return added.contains(.dataMovement) ? traits.subtracting(.random).union(added) : traits.union(added)
    }

    /// The attribute of that name.
    public func attribute(_ name: String) -> AttributeDefinition? {
        attributes.first { $0.name == name }
    }
}
