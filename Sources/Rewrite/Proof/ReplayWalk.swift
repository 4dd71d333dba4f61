import IR
import Pricing

/// The way through a log: the graph that the steps so far lead to, and what is still to be done.
struct ReplayWalk {
    private let log: ProofLog
    private let optimizer: Optimizer
    private let checksSteps: Bool
    /// Whether prices must be the log's: they are others for other lengths.
    private let checksPrices: Bool
    /// The graph that the steps so far lead to.
    private(set) var state: PricedGraph
    /// The sum of the prices, which the steps bring down.
    private var total: Cost
    /// Steps that are done.
    private(set) var position = 0
    /// Batches that are done.
    private(set) var batches = 0
    /// The numeric checks so far.
    private(set) var checks: [StepCheck] = []
    /// The steps of a batch that could not be done.
    private(set) var misfits: [ProofLog.Step] = []

    init(
        log: ProofLog, optimizer: Optimizer, state: PricedGraph, total: Cost, checksSteps: Bool,
        checksPrices: Bool = true
    ) {
        self.checksPrices = checksPrices
        self.log = log
        self.optimizer = optimizer
        self.state = state
        self.total = total
        self.checksSteps = checksSteps
    }

    /// The number of the next batch; nil at the end, which is where operators are written as the file spells them.
    var nextBatch: Int? {
        guard position < log.steps.count else { return nil }
        let step = log.steps[position]
        return step.rule == OperatorExpansion.spellingRule && step.nodes.isEmpty ? nil : step.batch
    }

    /// Compares steps that were just done with those that the log has next.
    ///
    /// - Throws: ``HarrierError`` at the first one that differs.
    mutating func accept(_ done: [AppliedRewrite]) throws {
        for rewrite in done {
            guard position < log.steps.count else {
                throw HarrierError("the log ends before the step '\(rewrite.rule)', which saves something")
            }
            let logged = log.steps[position]
            guard logged.rule == rewrite.rule, logged.nodes == rewrite.nodes else {
                throw differs("'\(rewrite.rule)' was done here, at \(rewrite.nodes.joined(separator: ", "))")
            }
            let after = total - rewrite.saved
            for (name, found, expected) in [
                ("the total before", total, logged.before), ("what it saves", rewrite.saved, logged.saved),
                ("the total after", after, logged.after),
            ] where ProofLog.CostFigures(found) != expected {
                throw differs("\(name) is \(ProofLog.CostFigures(found)), and \(expected) in the log")
            }
            total = after
            position += 1
        }
    }

    /// Leaves out steps that were done by other means.
    mutating func skip(_ count: Int) { position += count }

    /// Does the steps of a batch, all of them on the same graph.
    ///
    /// - Throws: ``HarrierError`` at the first step that differs.
    mutating func apply(batch: Int) throws {
        let steps = log.steps[position...].prefix { $0.batch == batch }
        let rewrites = steps.filter { $0.rule != AppliedRewrite.deadCode }
        let chosen = try candidates(for: Array(rewrites))
        if checksSteps { checks += try optimizer.checks(of: chosen, in: state, firstStep: position) }
        let next: PricedGraph
        do { next = try state.rewritten(by: chosen, pricer: optimizer.pricer).state } catch let error as HarrierError {
            throw differs("its batch cannot be done: \(error.message)")
        }
        if checksPrices {
            let done = AppliedRewrite.steps(chosen, from: state, to: next)
            try accept(done)
            guard done.count == steps.count else { throw differs("the log has a step here that saves nothing") }
        } else {
            skip(steps.count)
        }
        state = next
        batches += 1
    }

    /// The rewrites that steps of one batch name, each matched anew.
    private mutating func candidates(for steps: [ProofLog.Step]) throws -> [PricedCandidate] {
        let finder = CandidateFinder(
            rules: try rules(of: steps), evaluator: optimizer.evaluator, pricer: optimizer.pricer)
        let named = Set(steps.flatMap(\.nodes))
        let touched = state.graph.nodes.indices.filter { named.contains(state.graph.displayName(ofNode: $0)) }
            .flatMap { state.graph.nodes[$0].outputs.compactMap { $0 } }
        var found: [Place: [PricedCandidate]] = [:]
        for priced in try finder.candidates(in: state, touching: Set(touched)) {
            found[Place(priced.candidate, in: state.graph), default: []].append(priced)
        }
        var chosen: [PricedCandidate] = []
        for (offset, step) in steps.enumerated() {
            let place = Place(step)
            guard var left = found[place], !left.isEmpty else {
                misfits.append(step)
                if !checksPrices { continue }
                throw differs("the rule does not fire there: it does not match, or a condition does not hold", offset)
            }
            // Several nodes can have one name, and a pattern can match in several ways: prefer the price that was logged.
            let index = left.firstIndex { ProofLog.CostFigures($0.saved) == step.saved } ?? 0
            chosen.append(left.remove(at: index))
            found[place] = left
        }
        guard misfits.isEmpty else { throw differs("the rule does not fire there at other lengths") }
        return chosen
    }

    private func rules(of steps: [ProofLog.Step]) throws -> [Rule] {
        var names: Set<String> = []
        return try steps.enumerated().compactMap { offset, step in
            guard names.insert(step.rule).inserted else { return nil }
            guard let rule = optimizer.rules.first(where: { $0.name == step.rule }) else {
                throw differs("there is no such rule here, or it is not allowed", offset)
            }
            return rule
        }
    }

    /// The error that a step is not as logged.
    private func differs(_ why: String, _ offset: Int = 0) -> HarrierError {
        let index = min(position + offset, log.steps.count - 1)
        let step = log.steps[index]
        let nodes = step.nodes.prefix(4).map { "'\($0)'" }.joined(separator: ", ")
        return HarrierError(
            why, place: "step \(index + 1) of \(log.steps.count) (\(step.rule)\(nodes.isEmpty ? "" : " at \(nodes)"))")
    }
}

/// A rule and the names of the nodes that it matches.
private struct Place: Hashable {
    let rule: String
    let variant: [String: String]
    let nodes: [String]

    init(_ step: ProofLog.Step) {
        rule = step.rule
        variant = step.variant ?? [:]
        nodes = step.nodes
    }

    init(_ candidate: Candidate, in graph: Graph) {
        rule = candidate.rule
        variant = candidate.variant
        nodes = candidate.matched.map { graph.displayName(ofNode: $0) }
    }
}
