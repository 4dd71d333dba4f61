import Evaluate
import IR
import Pricing

/// Makes a graph cheaper with a set of rules.
public struct Optimizer: Sendable {
    /// What to make small, and with what.
    public struct Options: Sendable {
        /// What to make small.
        public var objective: Objective
        /// Whether approximate rules may be used.
        public var allowsApproximate = false
        /// Which rules are used: those that any runtime can have, or those of protocol-level graphs
        /// (``LevelOptimizer`` uses first the ones, then the others).
        public var level = Rule.Level.portable
        /// Whether rules may be used whose sides are equal up to a stated bound; approximate rules include them.
        public var allowsRounding = false
        /// Whether the result may use operators that the framework's importer refuses.
        public var allowsRefusedOperators = false
        /// How to search.
        public var strategy = SearchStrategy.global
        /// Names of ``OperatorExpansion/steps`` that are not taken.
        public var disabledSteps: Set<String> = []
        /// Where single rules are not used.
        public var exclusions = RuleExclusions()
        /// What is known of the ranges of values, which rules may rely on.
        public var ranges = RangeAssumptions()
        /// How long and how far to search.
        public var limits = SearchLimits()

        /// Exact rules only, and only operators that the framework runs.
        public init(objective: Objective) { self.objective = objective }

        fileprivate func allows(_ exactness: Rule.Exactness) -> Bool {
            switch exactness {
            case .exact: true
            case .rounding: allowsRounding || allowsApproximate
            case .approximate: allowsApproximate
            }
        }
    }

    /// What came out.
    public struct Result: Sendable {
        /// The cheaper graph. Nodes that a rewrite made carry the rule's name.
        public let graph: Graph
        /// The cost of the given graph.
        public let before: Cost
        /// The cost of the result; never more than before under the objective.
        public let after: Cost
        /// The steps, in order.
        public let rewrites: [AppliedRewrite]
        /// Whether the steps were kept: the result is the given graph where they were not.
        package let isRewritten: Bool
        /// The sum of the prices of the given graph's nodes, which the steps bring down.
        package let nodeTotal: Cost
        /// Graphs looked at.
        public let states: Int
        /// Seconds it took.
        public let seconds: Double
        /// What the user should know.
        public let notes: [String]
        /// Whether the search was ended by its limit of seconds: on a faster or idler machine the result may be another one.
        public var isCutShort = false
        /// The graph with masks raised to what the framework's exponential takes, before the search; nil if there were none.
        package var masked: Graph?
    }

    let rules: [Rule]
    let framework: any Framework
    let policy: VisibilityPolicy
    let evaluator: any ConstantEvaluator
    let options: Options
    /// Who prices nodes during the search.
    let pricer: NodePricer
    /// What is known of the ranges of values.
    let knowledge: RangeKnowledge
    /// Who finds operators that a graph spells out.
    let recognizer = Recognizer()

    /// An optimizer for a framework.
    package init(
        rules: [Rule], framework: any Framework, policy: VisibilityPolicy? = nil,
        evaluator: any ConstantEvaluator, options: Options
    ) {
        let expansions = OperatorExpansion.rules(without: options.disabledSteps)
        self.rules = (rules + expansions).filter { $0.level == options.level && options.allows($0.exactness) }
        self.framework = framework
        self.policy = policy ?? framework.defaultVisibility
        self.evaluator = evaluator
        self.options = options
        knowledge = RangeKnowledge(options.ranges)
        pricer = NodePricer(
            profiler: Profiler(framework, evaluator: evaluator), allowsRefusedOperators: options.allowsRefusedOperators,
            scales: options.level == .protocol ? ScaleSettings(framework) : nil, objective: options.objective)
    }

    /// The cheapest graph found.
    ///
    /// - Parameters:
    ///   - source: the model that substitutions have made the graph of, and the substitutions; nil if there were none. Its cost is
    ///     told as that before.
    ///   - progress: told how far the search is, from any thread.
    /// - Throws: ``HarrierError`` if a rule makes no sense where it matched, or the result is not well formed.
    package func optimize(
        _ graph: Graph, from source: (graph: Graph, substitutions: [AppliedRewrite])? = nil,
        progress: @escaping SearchProgress = { _, _ in }
    ) throws -> Result {
        let start = ContinuousClock().now
        let original = try PricedGraph(graph, policy: policy, pricer: pricer, knowledge: knowledge)
        let finder = CandidateFinder(rules: rules, evaluator: evaluator, pricer: pricer)
        var search = Search(finder: finder, objective: options.objective, limits: options.limits, progress: progress)

        let (tidy, tidying) = try tidied(original)
        let initial = tidy.marked(options.exclusions)
        let found = try options.strategy == .greedy ? search.descend(initial) : search.run(initial)
        let written = try writtenAsSpelled(found.state)
        let steps = (tidying + found.steps).without(recognitionsAt: written.names) + written.steps(after: tidying)
        let result = try finished(written.state.graph)
        let model = graph.asSpelled()
        let whole = try profiles(model, result)
        let elapsed = start.duration(to: ContinuousClock().now)
        let substitutions = source?.substitutions ?? []
        let before = try source.map { try profile($0.graph).total } ?? whole.before.total
        guard isNoDearer(whole.after, than: whole.before) else {
            return Result(
                graph: model, before: before, after: whole.before.total, rewrites: substitutions,
                isRewritten: false, nodeTotal: original.total, states: search.states, seconds: elapsed.inSeconds,
                notes: [
                    "What the rewrites save, \(framework.info.title)'s compiler would save by itself: nothing is changed"
                ])
        }
        var notes = try notes(on: result, state: written.state, before: original) + rangeNotes(found.steps)
        let isMasked = tidying.contains { $0.rule == MaskClipping.step }
        if isMasked {
            notes.append(
                "Masks are as low as \(framework.info.title)'s softmax takes: rows in which everything is masked give other numbers than before"
            )
        }
        let isCutShort = search.isCutShort
        if isCutShort {
            notes.append(
                "The search was ended after \(options.limits.seconds) seconds and \(search.states) graphs: on another machine the result "
                    + "may be another one ('--budget' gives it more time)")
        }
        return Result(
            graph: result, before: before, after: whole.after.total, rewrites: substitutions + steps,
            isRewritten: true, nodeTotal: original.total, states: search.states, seconds: elapsed.inSeconds,
            notes: notes, isCutShort: isCutShort,
            masked: isMasked ? try finished(writtenAsSpelled(tidy).state.graph) : nil)
    }

    /// The graph as it is handed out: what could be computed beforehand computed, nothing left over, names unique.
    func finished(_ graph: Graph) throws -> Graph {
        let folded = graph.foldingPrecomputed(evaluator: evaluator).compacted()
        let right =
            options.level == .portable
            ? try FaultAvoidance.avoiding(faultsOf: framework, in: folded, policy, evaluator: evaluator)
            : folded
        let written =
            options.allowsRefusedOperators || options.level == .protocol
            ? right : try right.writingOutDefaults(for: framework, policy.keepingNames(of: right))
        var result = written.separatingRepeatedLiterals()
        result.makeNamesUnique()
        for index in result.nodes.indices {
            result.nodes[index].spelling = nil
            result.nodes[index].metadata[Node.excludedRulesKey] = nil
        }
        try result.verify()
        return result
    }

    /// What both graphs cost as a whole. The search prices nodes one by one; a framework whose compiler rewrites neighbouring
    /// operators can charge less for a graph than for its nodes.
    func profiles(_ before: Graph, _ after: Graph) throws -> (before: Profile, after: Profile) {
        (try profile(before), try profile(after))
    }

    /// What a graph costs as a whole.
    ///
    /// - Throws: ``HarrierError`` if its types or visibilities do not work out.
    package func cost(of graph: Graph) throws -> Cost { try profile(graph).total }

    /// What a graph costs as a whole, node by node.
    func profile(_ graph: Graph) throws -> Profile {
        try Profiler(framework, evaluator: evaluator).profile(graph, policy: policy.keepingNames(of: graph))
    }

    /// Whether a profile leaves no more unpriced, and costs no more by the objective, than another.
    private func isNoDearer(_ profile: Profile, than other: Profile) -> Bool {
        func key(_ profile: Profile) -> (Int, Double) {
            (profile.unpriced.count, options.objective.figures(profile.total).first)
        }
        return key(profile) <= key(other)
    }

    /// The names of the steps that come before searching.
    static let tidyingSteps = [
        "common-subexpressions", "constants-as-literals", "constant-nodes-beforehand", Recognizer.step,
        MaskClipping.step,
    ]

    /// The graph without what costs for nothing: shape chains folded, equal nodes joined, dead ones removed, and what depends on
    /// constants only marked as run beforehand. Operators that it spells out are operators.
    func tidied(_ original: PricedGraph) throws -> (PricedGraph, [AppliedRewrite]) {
        var state = original
        var steps: [AppliedRewrite] = []
        func step(_ name: String, _ nodes: [String], _ graph: Graph) throws {
            let next = try PricedGraph(graph, policy: policy, pricer: pricer, knowledge: knowledge)
            if next.total != state.total {
                steps.append(AppliedRewrite(rule: name, nodes: nodes, saved: state.total - next.total))
            }
            state = next
        }
        // Constants of equal content become one, which must not be where the user treats them differently.
        if policy.exceptions.isEmpty {
            try step(
                "common-subexpressions", [],
                original.graph.foldingKnownValues().eliminatingCommonSubexpressions().removingDeadCode())
        }
        try step("constants-as-literals", [], state.graph.writingPublicConstantsAsLiterals())
        if let (graph, names) = state.graph.markingConstantNodes(state) {
            try step("constant-nodes-beforehand", names, graph)
        }
        if let (graph, names) = try writtenOut(state) { try step(OperatorExpansion.bodyRule, names, graph) }
        let recognized = try recognizing(state)
        (state, steps) = (recognized.state, steps + recognized.steps)
        if let clipped = clippedMasks(state) {
            let next = try PricedGraph(clipped.graph, policy: policy, pricer: pricer, knowledge: knowledge)
            steps.append(
                AppliedRewrite(rule: MaskClipping.step, nodes: clipped.names, saved: state.total - next.total))
            state = next
        }
        return (state, steps)
    }

    /// The graph with the bodies of operators that the framework's importer refuses and the search does not write out; nil if there are none.
    private func writtenOut(_ state: PricedGraph) throws -> (graph: Graph, names: [String])? {
        guard !options.disabledSteps.contains(OperatorExpansion.bodyRule), !options.allowsRefusedOperators else {
            return nil
        }
        let graph = state.graph
        let names = graph.nodes.indices.filter {
            state.prices[$0].isRefused && OperatorTable[graph.nodes[$0].op]?.bodyOperand == .none
        }.map(graph.displayName)
        guard !names.isEmpty else { return nil }
        let refused = Set(zip(graph.nodes, state.prices).filter(\.1.isRefused).map(\.0))
        var written = try graph.writingFunctionBodies {
            refused.contains($0) && OperatorTable[$0.op].map { $0.bodyOperand == nil } ?? false
        }
        try written.inferTypes(evaluator: evaluator)
        return (written, names)
    }

    /// The graph with masks on which the framework's exponential is right; nil if nothing is to be done.
    private func clippedMasks(_ state: PricedGraph) -> (graph: Graph, names: [String])? {
        guard !options.disabledSteps.contains(MaskClipping.step), let depth = framework.softmaxDepth else { return nil }
        return MaskClipping(depth: depth, graph: state.graph, ranges: state.facts.ranges).clipped()
    }

    /// Why the framework's importer refuses nodes, each reason with the number of nodes.
    private func refusals(in state: PricedGraph) -> [String] {
        var counts: [String: Int] = [:]
        for (node, price) in zip(state.graph.nodes, state.prices) where price.isRefused {
            let site = OperatorSite(node, in: state.graph, visibility: state.visibility)
            if let reason = framework.refusalOfResult(site) { counts["\(node.op): \(reason)", default: 0] += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
    }

    /// What the result owes to ranges that somebody gave.
    private func rangeNotes(_ steps: [AppliedRewrite]) throws -> [String] {
        let used = Set(steps.map(\.rule))
        guard !options.ranges.isEmpty else { return [] }
        let names = try rules.filter { try used.contains($0.name) && $0.asksForRanges }.map(\.name)
        guard !names.isEmpty else { return [] }
        return [
            "The result is exact only while values keep to the given ranges (\(options.ranges)): "
                + "\(names.joined(separator: ", ")) could rely on them"
        ]
    }

    private func notes(on graph: Graph, state: PricedGraph, before: PricedGraph) -> [String] {
        var notes: [String] = []
        let precomputed = graph.nodes.filter(\.isPrecomputed).count
        if precomputed > 0 {
            notes.append(
                "\(precomputed) nodes compute on weights only. Their data is not in the file, so they stay in the graph, marked "
                    + "'\(Graph.precomputedKey)'; the weights' owner runs them before sharing. Optimize the file with its weights to fold them."
            )
        }
        let refusals = refusals(in: state)
        if !refusals.isEmpty {
            notes.append(
                "\(state.refused) nodes use what \(framework.info.title)'s importer refuses (\(before.refused) before): "
                    + refusals.joined(separator: "; "))
        }
        return notes
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
