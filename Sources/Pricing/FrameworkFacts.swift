import Evaluate
import IR

/// What is known of a framework besides its prices.
public struct FrameworkFacts: Sendable {
    /// Name, version, parties and configuration in force.
    public var info: FrameworkInfo

    /// Who knows inputs and parameters unless the user says otherwise.
    public var defaultVisibility = VisibilityPolicy()

    /// Why the framework's own importer refuses an operator as it stands; nil if it takes it. An operator that is
    /// refused can still have a price (of its function body), marked as such.
    public var refusal: @Sendable (_ site: OperatorSite) -> String? = { _ in nil }

    /// The newest version of ONNX's operator set that the framework's importer reads; nil if it does not matter.
    public var newestOpset: Int?

    /// How it writes real numbers; nil if that is not known.
    public var fixedPoint: FixedPointFormat?

    /// How it computes what it approximates; nil if only the format of its numbers is known.
    public var arithmetic: (any FrameworkArithmetic)?

    /// How far below the largest of its row an operand of a softmax may lie; further down the framework's exponential is wrong. Nil if
    /// there is no such bound, or none is known.
    public var softmaxDepth: Double?

    /// Tells what the framework is known to compute wrong of a node; nil if nothing is known of any.
    public var fault: (@Sendable (_ site: OperatorSite) -> FrameworkFault?)?

    /// Whether the price of an operator depends on the operators around it, because the framework's own compiler fuses or
    /// rewrites them together.
    public var fusesOperators = false

    /// What its own compiler makes of a graph before it runs it, without the nodes that are computed before anything is shared; nil
    /// if it has no compiler, or takes the graph as it is.
    public var compile:
        (@Sendable (_ graph: Graph, _ visibility: [Visibility], _ precomputed: Set<Int>) -> CompiledGraph?)?

    /// The secure functions that its operators, losses and updates call, by their names in call trees: what a file that inherits
    /// from it may price.
    public var secureFunctions: Set<String> = []

    /// Who differentiates what is trained with it.
    public var differentiation = Differentiation.caller

    /// What the truncations and masked openings inside its operators cost; nil if they are not told apart.
    public var protocolLevel: (any ProtocolLevelPrices)?

    /// What sharing the inputs and revealing the outputs costs, outside the totals.
    public var inputOutputCost: @Sendable (_ inputs: [TensorType], _ outputs: [TensorType]) -> Cost = { _, _ in .zero }

    /// What a session costs once, whatever and however often it computes, if it computes what has been priced: keys and
    /// base oblivious transfers. It stands apart from the totals. The call trees are those of all operators, because some keys
    /// are made only when they are needed.
    public var setupCost: @Sendable (_ calls: [Call]) -> Cost = { _ in .zero }

    /// The facts of a framework that says no more than what it is.
    public init(_ info: FrameworkInfo) { self.info = info }

    /// Bits after the binary point of its fixed-point numbers; nil if they are not known.
    public var fractionBits: Int? { fixedPoint?.fractionBits }
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
    case own(any FrameworkAutograd)
}

/// What a framework is.
public struct FrameworkInfo: Hashable, Sendable {
    /// The name on the command line; of a framework that is a file of the user, the file's without folder and ending.
    public var name: String
    /// What the catalogue of frameworks makes it of: its name, or the path of its file.
    public var reference: String
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
        /// Values that make the framework's own approximations cheaper and coarser, in the order of trying.
        public var cheaperValues: [String]

        /// A key with the given parts.
        public init(
            _ name: String, default defaultValue: String, _ summary: String, cheaper cheaperValues: [String] = []
        ) {
            self.name = name
            self.defaultValue = defaultValue
            self.summary = summary
            self.cheaperValues = cheaperValues
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
        reference = name
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
