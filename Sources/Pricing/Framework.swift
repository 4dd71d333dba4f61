import IR

/// An MPC framework: facts, and a pricing function. This is the cost model that the profiler and the search ask.
///
/// A fact is read as if it were a property of the framework: `framework.newestOpset`.
@dynamicMemberLookup
public protocol Framework: Sendable {
    /// All that is known of it besides its prices. Whoever wraps a framework copies its facts and changes those that it changes.
    var facts: FrameworkFacts { get }

    /// The price of one operator; nil if the framework has no such operator, which is then priced by its ONNX
    /// function body.
    ///
    /// - Throws: ``Unpriced`` if the framework has the operator and cannot run it on these operands, or its price is not
    ///   known.
    func price(_ site: OperatorSite) throws -> OperatorPrice?
}

extension Framework {
    /// One of the framework's facts.
    public subscript<Fact>(dynamicMember fact: KeyPath<FrameworkFacts, Fact>) -> Fact { facts[keyPath: fact] }
}

/// What a framework sees of a node: the operator with the types, visibility and known values of its operands.
public struct OperatorSite: Sendable {
    /// One operand.
    public struct Operand: Sendable, Hashable {
        /// Element type and shape.
        public var type: TensorType
        /// Who knows it.
        public var visibility: Visibility
        /// Its value, if it is public and known.
        public var tensor: Tensor?
        /// Whether the file writes it as an initializer, which some importers take for a weight whatever it is.
        public var isInitializer: Bool
        /// Whether it is an input of the whole model. Some frameworks share those in another form than results.
        public var isModelInput = false
        /// Whether the node reads the same value at an earlier place, too.
        public var isRepeated = false

        /// Number of elements.
        public var count: Int { type.elementCount ?? 0 }

        /// An operand of the given type.
        public init(
            type: TensorType, visibility: Visibility, tensor: Tensor? = nil, isInitializer: Bool = false
        ) {
            self.type = type
            self.visibility = visibility
            self.tensor = tensor
            self.isInitializer = isInitializer
        }
    }

    /// The node.
    public var node: Node
    /// The operands; nil for those left out.
    public var inputs: [Operand?]
    /// The results; nil for those left out.
    public var outputs: [Operand?]
    /// The graph around the node, where it is known: for frameworks whose compiler rewrites neighbouring operators.
    /// Fragments that the search tries have none.
    public var context: GraphContext?

    /// A node with the given operands.
    public init(node: Node, inputs: [Operand?], outputs: [Operand?]) {
        self.node = node
        self.inputs = inputs
        self.outputs = outputs
    }

    /// The operand at that position, nil if it is left out.
    public func input(_ index: Int) -> Operand? { index < inputs.count ? inputs[index] : nil }

    /// The result at that position, nil if it is left out.
    public func output(_ index: Int) -> Operand? { index < outputs.count ? outputs[index] : nil }
}

/// What one operator costs.
public struct OperatorPrice: Hashable, Sendable {
    /// How the price was come by.
    public enum Basis: String, Hashable, Sendable {
        /// The framework has this operator.
        case native
        /// The framework has it not; the price is that of its ONNX function body over the framework's primitives.
        case functionBody
        /// The framework has it not; the price is put together of protocols that the framework has.
        case composed
        /// Nothing is secret to whoever computes it: everybody, or one party before it shares the result.
        case clear
    }

    /// The call tree, its root being the operator.
    public var call: Call
    /// Online bytes that opening each operand costs, by input position; what is left belongs to the output.
    public var operandBytes: [Int]
    /// How the price was come by.
    public var basis: Basis
    /// The secure function that the operator is, and whose calls its tree goes on with; nil if it is more than one.
    public var function: String?

    /// The cost of the operator.
    public var cost: Cost { call.total }

    /// A price with the given parts.
    public init(_ call: Call, operandBytes: [Int] = [], basis: Basis = .native) {
        self.call = call
        self.operandBytes = operandBytes
        self.basis = basis
    }
}

/// Why an operator has no price.
public struct Unpriced: Error, Hashable, Sendable {
    /// The reason, as a phrase.
    public var reason: String

    /// No price, for that reason.
    public init(_ reason: String) { self.reason = reason }
}
