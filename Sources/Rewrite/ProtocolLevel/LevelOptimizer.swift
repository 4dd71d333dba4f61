import IR
import Pricing

/// Makes a graph cheaper at one of two levels: with what any runtime can have, or also with what needs the runtime's help.
public struct LevelOptimizer: Sendable {
    /// What came out.
    public struct Result: Sendable {
        /// What the portable rules did.
        public let portable: Optimizer.Result
        /// What the protocol-level rules did on top; nil if they were not asked for or save nothing.
        public let protocolLevel: ProtocolLevel?
        /// What the user should know.
        public let notes: [String]

        /// The cheapest graph.
        public var graph: Graph { protocolLevel?.graph ?? portable.graph }
        /// What it costs.
        public var after: Cost { protocolLevel?.after ?? portable.after }
    }

    /// What protocol-level rules did.
    public struct ProtocolLevel: Sendable {
        /// The graph, with functions for its protocol-level operators.
        public let graph: Graph
        /// The cost of the graph.
        public let after: Cost
        /// What a session opens once for it, outside the totals.
        public let session: Cost
        /// The steps, in order.
        public let rewrites: [AppliedRewrite]
        /// Graphs looked at.
        public let states: Int
        /// Seconds it took.
        public let seconds: Double
    }

    private let rules: [Rule]
    private let framework: any Framework
    private let policy: VisibilityPolicy?
    private let evaluator: any ConstantEvaluator
    private let options: Optimizer.Options

    /// An optimizer for a framework, at the options' level.
    package init(
        rules: [Rule], framework: any Framework, policy: VisibilityPolicy? = nil,
        evaluator: any ConstantEvaluator, options: Optimizer.Options
    ) {
        self.rules = rules
        self.framework = framework
        self.policy = policy
        self.evaluator = evaluator
        self.options = options
    }

    /// The cheapest graph found.
    ///
    /// - Parameters:
    ///   - source: as ``Optimizer/optimize(_:from:progress:)`` takes it.
    ///   - progress: told how far the search at each level is, from any thread.
    /// - Throws: ``HarrierError`` if a rule makes no sense where it matched, or the result is not well formed.
    package func optimize(
        _ graph: Graph, from source: (graph: Graph, substitutions: [AppliedRewrite])? = nil,
        progress: @escaping SearchProgress = { _, _ in }
    ) throws -> Result {
        let portable = try portable.optimize(graph, from: source, progress: progress)
        guard options.level == .protocol else {
            return Result(portable: portable, protocolLevel: nil, notes: portable.notes)
        }
        let result = try continued(portable, progress)
        // Parts of a product save work and open their operands apart; whole, it may cost less once opening is shared.
        let cutting = Set(try rules.filter { try $0.cutsProducts }.map(\.name))
        guard portable.rewrites.contains(where: { cutting.contains($0.rule) }) else { return result }
        let keeping = rules.filter { !cutting.contains($0.name) }
        let other = try continued(
            try optimizer(.portable, policy, rules: keeping).optimize(graph, from: source, progress: progress), progress
        )
        func figure(_ result: Result) -> Double { options.objective.figures(result.after).first }
        return figure(other) < figure(result) ? other : result
    }

    /// The protocol level after the portable one.
    private func continued(_ portable: Optimizer.Result, _ progress: @escaping SearchProgress) throws -> Result {
        do {
            let found = try protocolLevel(portable.graph, progress)
            let notes = found == nil ? ["Protocol-level rules save nothing here: the result is portable"] : []
            return Result(portable: portable, protocolLevel: found, notes: portable.notes + notes)
        } catch let error as Unavailable {
            let note = "There is no protocol-level graph of this model: \(error.reason)"
            return Result(portable: portable, protocolLevel: nil, notes: portable.notes + [note])
        }
    }

    /// Why a model has no protocol-level graph.
    private struct Unavailable: Error {
        let reason: String
    }

    /// The optimizer of the portable level, which comes first.
    package var portable: Optimizer { optimizer(.portable, policy) }

    private func optimizer(
        _ level: Rule.Level, _ policy: VisibilityPolicy?, rules selected: [Rule]? = nil
    ) -> Optimizer {
        var options = options
        options.level = level
        // No importer knows protocol-level operators.
        options.allowsRefusedOperators = options.allowsRefusedOperators || level == .protocol
        return Optimizer(
            rules: selected ?? rules, framework: framework, policy: policy, evaluator: evaluator, options: options)
    }

    private func protocolLevel(_ graph: Graph, _ progress: @escaping SearchProgress) throws -> ProtocolLevel? {
        let profiler = Profiler(framework, evaluator: evaluator)
        let remaining = (policy ?? framework.defaultVisibility).keepingNames(of: graph)
        let lowered: Graph
        do {
            lowered = try Lowering.lower(graph, policy: remaining, profiler: profiler).graph
        } catch let error as HarrierError { throw Unavailable(reason: "\(error)") }
        let before = try profiler.profile(graph, policy: remaining).total
        guard try profiler.profile(lowered, policy: remaining).total == before else {
            throw Unavailable(
                reason: "\(framework.info.title)'s compiler prices its operators together, and not one by one")
        }
        let found = try optimizer(.protocol, remaining).optimize(lowered, progress: progress)
        guard !found.rewrites.isEmpty, found.after != found.before else { return nil }
        let visibility = try found.graph.visibility(under: remaining)
        do {
            _ = try ScaleAnalysis.whole(found.graph, visibility: visibility, settings: ScaleSettings(framework))
        } catch let error as HarrierError { throw Unavailable(reason: "of the result, \(error)") }
        let result = found.graph.raisingUnchanged(under: framework).definingProtocolFunctions()
        let profile = try profiler.profile(result, policy: remaining)
        guard profile.total == found.after else {
            throw Unavailable(reason: "the price of the result is not the sum of those of its parts")
        }
        return ProtocolLevel(
            graph: result, after: found.after, session: try profiler.sessionCost(of: result, policy: remaining),
            rewrites: found.rewrites, states: found.states, seconds: found.seconds)
    }
}
