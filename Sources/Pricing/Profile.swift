import IR

/// What a model costs under a framework, node by node.
public struct Profile: Sendable {
    /// One priced node.
    public struct Entry: Sendable {
        /// The node's position in the graph.
        public var index: Int
        /// The node's name in the file.
        public var name: String
        /// The operator.
        public var op: OperatorName
        /// The module.
        public var scope: Scope
        /// What it costs.
        public var price: OperatorPrice

        /// The cost of the node.
        public var cost: Cost { price.cost }

        /// An entry with the given parts.
        public init(index: Int, name: String, op: OperatorName, scope: Scope, price: OperatorPrice) {
            self.index = index
            self.name = name
            self.op = op
            self.scope = scope
            self.price = price
        }
    }

    /// One node without a price.
    public struct UnpricedEntry: Sendable, Hashable {
        /// The node's position in the graph.
        public var index: Int
        /// The node's name in the file.
        public var name: String
        /// The operator.
        public var op: OperatorName
        /// Why.
        public var reason: String

        /// An entry with the given parts.
        public init(index: Int, name: String, op: OperatorName, reason: String) {
            self.index = index
            self.name = name
            self.op = op
            self.reason = reason
        }
    }

    /// The model's name.
    public var model: String
    /// The framework and its configuration.
    public var framework: FrameworkInfo
    /// Nodes with a price, in execution order.
    public var entries: [Entry]
    /// Nodes without one.
    public var unpriced: [UnpricedEntry]
    /// Sharing the inputs and revealing the outputs.
    public var inputOutput: Cost
    /// What a session costs once, before anything is computed: keys, base oblivious transfers.
    public var setup: Cost
    /// Online rounds on the longest path through the graph: what perfect batching of independent operators would need.
    public var criticalPathRounds: Int

    /// Whether no operator computes on a secret: everybody, or one party, knows all operands, so that nothing is sent.
    public var isClear: Bool { unpriced.isEmpty && entries.allSatisfy { $0.price.basis == .clear } }

    /// The cost of the computation.
    public var total: Cost { entries.reduce(.zero) { $0 + $1.cost } }

    /// A profile with the given parts.
    public init(
        model: String, framework: FrameworkInfo, entries: [Entry], unpriced: [UnpricedEntry], inputOutput: Cost,
        setup: Cost = .zero, criticalPathRounds: Int
    ) {
        self.model = model
        self.framework = framework
        self.entries = entries
        self.unpriced = unpriced
        self.inputOutput = inputOutput
        self.setup = setup
        self.criticalPathRounds = criticalPathRounds
    }
}
