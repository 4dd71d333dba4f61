/// What Harrier knows of one operator, beside how to run it, differentiate it and price it: a row of the operator table.
public struct OperatorDefinition: Sendable {
    /// Writes the nodes of a function body and returns its outputs, nil if there is none for these operands.
    public typealias BodyWriter = @Sendable (NodeContext) throws -> [GraphBuilder.Term]?

    /// The operator.
    public let name: OperatorName
    /// The version of the operator set that the row describes: ``Graph/opsetVersion``, or the later one that first has
    /// the operator.
    public let opsetVersion: Int
    /// The version of the operator set that first has it; ``oldestVersion`` for all that it has.
    public private(set) var firstVersion: Int
    /// How many inputs it takes (`Int.max`: any number).
    public let inputs: ClosedRange<Int>
    /// How many outputs it gives (`Int.max`: any number).
    public let outputs: ClosedRange<Int>
    /// The attributes it has.
    public let attributes: [AttributeDefinition]
    /// What holds of every node of it; ``Traits/random`` also of those that may be. ``traits(of:)`` can say more.
    public let traits: Traits
    /// The operand that is added to what goes into a softmax inside; nil for operators without one.
    public private(set) var maskOperand: Int?
    /// The operand whose element type the body computes in, which has to be a floating-point one; nil for operators of any numbers.
    public private(set) var bodyOperand: Int? = 0
    /// What it does, said with simpler operators; nil for operators that nothing simpler says. ``FunctionBodies`` uses it.
    public let body: BodyWriter?
    /// Finds the output types from the inputs, or throws what is wrong with them.
    public let infer: @Sendable (inout TypeInference) throws -> Void
    /// What holds of the nodes that satisfy a condition.
    public let conditionalTraits: [ConditionalTraits]

    /// A row of the operator table.
    ///
    /// - Parameters:
    ///   - conditionalTraits: what holds of a node beside `traits`, by its attributes and operands.
    ///   - body: what it does, as ONNX's operator documentation defines it. Where that writes a choice by sign as
    ///     Where(Less(x, 0), ...), bodies use Relu, which says the same with one comparison and is never evaluated outside of
    ///     its range (the exponential in Elu).
    public init(
        _ name: OperatorName, opsetVersion: Int = Graph.opsetVersion, inputs: ClosedRange<Int>,
        outputs: ClosedRange<Int> = 1...1,
        attributes: [AttributeDefinition] = [], traits: Traits = [],
        conditionalTraits: [ConditionalTraits] = [], body: BodyWriter? = nil,
        infer: @escaping @Sendable (inout TypeInference) throws -> Void
    ) {
        self.name = name
        self.opsetVersion = opsetVersion
        firstVersion = opsetVersion > Graph.opsetVersion ? opsetVersion : Self.oldestVersion
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.traits = traits
        self.conditionalTraits = conditionalTraits
        self.body = body
        self.infer = infer
    }

    /// The oldest version of the operator set in which graphs are written.
    public static let oldestVersion = 11

    /// The row of an operator that a later version than ``oldestVersion`` has first.
    func since(_ version: Int) -> OperatorDefinition {
        var result = self
        result.firstVersion = version
        return result
    }

    /// The row of an operator that adds an operand to what goes into its softmax.
    func masked(by operand: Int) -> OperatorDefinition {
        var result = self
        result.maskOperand = operand
        return result
    }

    /// The row of an operator whose body computes in the element type of another operand than the first, or takes any numbers.
    func computing(inTypeOf operand: Int?) -> OperatorDefinition {
        var result = self
        result.bodyOperand = operand
        return result
    }

    /// What holds of a node of this operator: the operator's traits and those that the node's attributes and operands
    /// add (HardSigmoid is increasing where `alpha` is not negative, Dropout is the identity without `training_mode`).
    public func traits(of node: Node) -> Traits {
        if conditionalTraits.isEmpty { return traits }
        let added = conditionalTraits.reduce(into: Traits()) { result, entry in
            if entry.condition.holds(of: node, self) { result.formUnion(entry.traits) }
        }
        // A node that is known not to draw random numbers says so by being nothing but data movement.
        return added.contains(.dataMovement) ? traits.subtracting(.random).union(added) : traits.union(added)
    }

    /// What can hold of a node of this operator.
    public var possibleTraits: Traits { conditionalTraits.reduce(traits) { $0.union($1.traits) } }

    /// The attribute of that name.
    public func attribute(_ name: String) -> AttributeDefinition? {
        attributes.first { $0.name == name }
    }
}
