import Evaluate
import IR
import Pricing
import Rewrite

/// Looks for cheaper variants of a model.
public struct Suggester: Sendable {
    /// What to look for, and how long.
    public struct Options: Sendable {
        /// What to make small, and how the exact search works that every variant goes through.
        public var search: Optimizer.Options
        /// How places are put together; nil to decide every place for itself where there are few, and blocks where there are many.
        public var grouping: Grouping?
        /// What the names of nodes must begin with to be places, one of them; empty for all nodes.
        public var places: [String] = []
        /// Variants that are kept at most.
        public var points = 16
        /// Whether activations may also be substituted on some of their channels only.
        public var dividesChannels = false
        /// Inputs that are drawn where there are no samples.
        public var draws = 16
        /// The largest relative L2 divergence of a variant; nil for any.
        public var maxDivergence: Double?
        /// Seconds after which nothing new is begun.
        public var seconds = 300.0
        /// Sets of decisions up to which all are measured.
        public var exhaustive = 128
        /// Sets of decisions that are measured at most where they are more.
        public var measurements = 600

        /// Options for that search.
        public init(search: Optimizer.Options) { self.search = search }
    }

    let rules: [Rule]
    let substitutions: [Rule]
    let framework: any Framework
    let policy: VisibilityPolicy
    let options: Options

    /// Places up to which each is decided for itself unless the user says otherwise.
    static let fewPlaces = 24

    /// A suggester for a framework.
    ///
    /// - Parameters:
    ///   - rules: the rules of the exact search. Those that are not exact or rounding are left out.
    ///   - substitutions: the rules that are used at single places.
    package init(
        rules: [Rule], substitutions: [Rule], framework: any Framework, policy: VisibilityPolicy, options: Options
    ) {
        self.rules = rules
        self.substitutions = substitutions.filter { $0.exactness == .approximate }
        self.framework = framework
        self.policy = policy
        self.options = options
    }

    /// The variants of a model.
    ///
    /// - Parameters:
    ///   - samples: inputs to measure the divergence on; nil to draw some.
    ///   - progress: told what is being done.
    /// - Throws: ``HarrierError`` if the model cannot be priced, or not run though its weights are there.
    package func suggest(
        for graph: Graph, samples: Samples? = nil, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> Suggestions {
        progress("looking for places")
        var run = try SuggestionRun(self, graph, samples: samples)
        try run.search(progress)
        return try run.suggestions(progress)
    }

    /// The exact search.
    ///
    /// - Parameters:
    ///   - isQuick: whether to take improving rewrites only, which is what sets of decisions are compared by.
    ///   - usesRounding: whether to use rounding rules, too.
    func optimizer(isQuick: Bool, usesRounding: Bool) -> Optimizer {
        var search = options.search
        search.allowsApproximate = false
        search.allowsRounding = search.allowsRounding || usesRounding
        search.level = .portable
        if isQuick { search.strategy = .greedy }
        return Optimizer(
            rules: rules, framework: framework, policy: policy, evaluator: Interpreter(), options: search)
    }
}
