import IR
import Pricing

/// What came of going through a log again.
public struct ProofReplay: Sendable {
    /// The graph that the steps end with; its hash is the log's.
    public let graph: Graph
    /// The cost of the model.
    public let before: Cost
    /// The cost of the result.
    public let after: Cost
    /// Batches of the search that were done.
    public let batches: Int
    /// Steps that were done, those before searching included.
    public let steps: Int
    /// The numeric checks of single steps, if they were asked for.
    public let checks: [StepCheck]
    /// What a person should know, such as rules that have changed since.
    public let notes: [String]
}

extension Optimizer {
    /// An optimizer that may do what the one of a log could.
    ///
    /// - Parameter framework: the log's framework, set as the log says.
    /// - Throws: ``HarrierError`` if the log says something that means nothing.
    package init(
        replaying log: ProofLog, rules: RuleCatalog, under framework: any Framework,
        evaluator: any ConstantEvaluator
    ) throws {
        var options = Options(objective: try log.objective.value)
        options.allowsApproximate = log.options.approximate
        options.allowsRounding = log.options.rounding
        options.allowsRefusedOperators = log.options.anyOperator
        options.ranges = try log.options.assumptions()
        if !log.steps.contains(where: { $0.rule == MaskClipping.step }) { options.disabledSteps = [MaskClipping.step] }
        self.init(
            rules: rules.rules, framework: framework, policy: try log.policy(changing: framework.defaultVisibility),
            evaluator: evaluator, options: options)
    }

    /// The result of a log's steps, done without searching. At every step the rule is matched anew and its conditions are
    /// evaluated; it must fire exactly where the log says, and prices must be the log's.
    ///
    /// - Parameters:
    ///   - checksSteps: whether both sides of every step are also run on the values that a random input brings there.
    ///   - progress: called before each batch with its number.
    /// - Throws: ``HarrierError`` at the first step that differs.
    package func replay(
        _ log: ProofLog, on graph: Graph, checksSteps: Bool = false, progress: (Int) -> Void = { _ in }
    ) throws -> ProofReplay {
        try checkModel(graph, log)
        let original = try PricedGraph(graph, policy: policy, pricer: pricer, knowledge: knowledge)
        let whole = try profiles(graph, graph).before.total
        try expect(ProofLog.CostFigures(whole), log.before, "the price of the whole model")
        guard log.changed else {
            return ProofReplay(
                graph: graph, before: whole, after: whole, batches: 0, steps: 0, checks: [], notes: try ruleNotes(log))
        }
        let (start, tidying) = try tidied(original)
        var walk = ReplayWalk(log: log, optimizer: self, state: start, total: original.total, checksSteps: checksSteps)
        try walk.accept(tidying.kept(in: log))
        while let batch = walk.nextBatch {
            progress(batch)
            try walk.apply(batch: batch)
        }
        let written = try writtenAsSpelled(walk.state)
        try walk.accept(written.steps(after: tidying))
        let result = try finished(written.state.graph)
        guard result.contentHash.hexadecimal == log.result.hash else {
            throw HarrierError(
                "all steps are as logged, but they end with another graph (\(result.nodes.count) nodes, hash "
                    + "\(result.contentHash.hexadecimal)) than the log says (\(log.result.nodes) nodes, hash \(log.result.hash))",
                hint: "was the log written by another version of Harrier?")
        }
        let after = try profiles(graph, result).after.total
        try expect(ProofLog.CostFigures(after), log.after, "the price of the result")
        return ProofReplay(
            graph: result, before: whole, after: after, batches: walk.batches, steps: walk.position,
            checks: walk.checks, notes: try ruleNotes(log))
    }

    private func checkModel(_ graph: Graph, _ log: ProofLog) throws {
        let hash = graph.contentHash.hexadecimal
        guard hash == log.model.hash else {
            throw HarrierError(
                "the log was made for another model: '\(log.model.name)' has the hash \(log.model.hash), this one \(hash)",
                hint: "were other lengths given with --dim?")
        }
    }

    private func expect(_ found: ProofLog.CostFigures, _ logged: ProofLog.CostFigures, _ what: String) throws {
        guard found == logged else { throw HarrierError("\(what) is \(found), and \(logged) in the log") }
    }

    /// Rules of the log that are missing or have changed: their steps are matched anew, so that is no error by itself.
    private func ruleNotes(_ log: ProofLog) throws -> [String] {
        let used = Set(log.steps.map(\.rule))
        let hashes = Dictionary(rules.map { ($0.name, $0.contentHash.hexadecimal) }) { one, _ in one }
        return log.rules.filter { used.contains($0.name) && hashes[$0.name] != $0.hash }
            .map { "the rule '\($0.name)' has changed since the log was written" }
    }
}

extension ProofLog.CostFigures: CustomStringConvertible {
    /// Bytes and rounds, online and offline.
    public var description: String {
        let text = "\(online.bytes) B and \(online.rounds) rounds"
        guard offline.bytes != 0 || offline.rounds != 0 else { return text }
        return text + " online, \(offline.bytes) B and \(offline.rounds) rounds offline"
    }
}
