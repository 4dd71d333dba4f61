import IR

/// An MPC framework: what it is, and what it charges for an operator. One file a framework.
public protocol Framework: Sendable {
    /// Name, version, parties and configuration in force.
    var info: FrameworkInfo { get }

    /// Who knows inputs and parameters unless the user says otherwise.
    var defaultVisibility: VisibilityPolicy { get }

    /// The price of one operator; nil if the framework has no such operator, which is then priced by its ONNX
    /// function body.
    ///
    /// - Throws: ``Unpriced`` if the framework has the operator and cannot run it on these operands, or its price is not
    ///   known.
    func price(_ site: OperatorSite) throws -> OperatorPrice?

    /// Why the framework's own importer refuses the operator as it stands; nil if it takes it. An operator that is
    /// refused can still have a price (of its function body), marked as such.
    func refusal(_ site: OperatorSite) -> String?

    /// The newest version of ONNX's operator set that the framework's importer reads; nil if it does not matter.
    var newestOpset: Int? { get }

    /// How it writes real numbers; nil if that is not known.
    var fixedPoint: FixedPointFormat? { get }

    /// Whether the price of an operator depends on the operators around it, because the framework's own compiler rewrites
    /// them together.
    var fusesOperators: Bool { get }

    /// Who differentiates what is trained with it.
    var differentiation: Differentiation { get }

    /// What the truncations and masked openings inside its operators cost; nil if they are not told apart.
    var protocolLevel: (any ProtocolLevelPrices)? { get }

    /// What sharing the inputs and revealing the outputs costs, outside the totals.
    func inputOutputCost(inputs: [TensorType], outputs: [TensorType]) -> Cost

    /// What a session costs once, whatever and however often it computes, if it computes what has been priced: keys and
    /// base oblivious transfers. It stands apart from the totals.
    ///
    /// - Parameter calls: the call trees of all operators, because some keys are made only when they are needed.
    func setupCost(for calls: [Call]) -> Cost
}

/// Who differentiates what a framework trains.
public enum Differentiation: Sendable {
    /// Whoever hands it a program: it has nothing of its own, and runs the gradients that it is given.
    case caller
    /// JAX, whose programs it compiles. The value of the loss is not computed unless somebody asks for it.
    ///
    /// - Parameter jointly: what its compiler makes of an operator and its gradient together, where it does so.
    case jax(jointly: @Sendable (OperatorSite) throws -> RecordedPrice?)
    /// The framework.
    case own(any TrainingFramework)
}

extension Framework {
    /// It is not known, unless the framework says otherwise.
    public var fixedPoint: FixedPointFormat? { nil }

    /// Bits after the binary point of its fixed-point numbers; nil if they are not known.
    public var fractionBits: Int? { fixedPoint?.fractionBits }

    /// Operators are priced one by one, unless the framework says otherwise.
    public var fusesOperators: Bool { false }

    /// The caller, unless the framework says otherwise.
    public var differentiation: Differentiation { .caller }

    /// It does not matter, unless the framework says otherwise.
    public var newestOpset: Int? { nil }

    /// Everything is taken, unless the framework has an importer of its own.
    public func refusal(_ site: OperatorSite) -> String? { nil }

    /// Nothing is set up, unless the framework says otherwise.
    public func setupCost(for calls: [Call]) -> Cost { .zero }
}

/// What a framework is.
public struct FrameworkInfo: Hashable, Sendable {
    /// The name on the command line.
    public var name: String
    /// The name people use.
    public var title: String
    /// The version whose source and runs the prices come from.
    public var version: String
    /// Adversary and setting, in a phrase.
    public var threatModel: String
    /// Number of parties priced.
    public var parties: Int
    /// Numbers of parties it can be priced for.
    public var supportedParties: ClosedRange<Int>
    /// The configuration in force, by the framework's own key names.
    public var configuration: [String: String]
    /// Every configuration key with its default and what it does.
    public var configurationKeys: [ConfigurationKey]
    /// What is private unless the user says otherwise.
    public var privateByDefault: String
    /// What counts as offline.
    public var offline: String

    /// A configuration key of a framework.
    public struct ConfigurationKey: Hashable, Sendable {
        /// The framework's own name of it.
        public var name: String
        /// Its default.
        public var defaultValue: String
        /// What it does, and the values it takes.
        public var summary: String

        /// A key with the given parts.
        public init(_ name: String, default defaultValue: String, _ summary: String) {
            self.name = name
            self.defaultValue = defaultValue
            self.summary = summary
        }
    }

    /// Information with the given parts.
    public init(
        name: String, title: String, version: String, threatModel: String, parties: Int,
        supportedParties: ClosedRange<Int>, configuration: [String: String],
        configurationKeys: [ConfigurationKey], privateByDefault: String = "inputs and weights, secret-shared",
        offline: String
    ) {
        self.name = name
        self.title = title
        self.version = version
        self.threatModel = threatModel
        self.parties = parties
        self.supportedParties = supportedParties
        self.configuration = configuration
        self.configurationKeys = configurationKeys
        self.privateByDefault = privateByDefault
        self.offline = offline
    }
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
        /// Nothing is secret to whoever computes it: everybody, or one party before it shares the result.
        case clear
    }

    /// The call tree, its root being the operator.
    public var call: Call
    /// Online bytes that opening each operand costs, by input position; what is left belongs to the output.
    public var operandBytes: [Int]
    /// How the price was come by.
    public var basis: Basis

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
