import Evaluate
import Graph

/// Both sides of one step, run on the values that a random input brings to the place.
public struct StepCheck: Hashable, Sendable {
    /// The step's number in the log, from 1.
    public let step: Int
    /// The rule.
    public let rule: String
    /// The largest difference over the largest magnitude of what the step replaces, in 64-bit arithmetic.
    public let maxRelativeError: Double
}

extension Optimizer {
    /// Runs the graph before a batch once and, at each place of the batch, the new nodes on the values that came there.
    ///
    /// - Throws: ``HarrierError`` at a step whose sides differ by more than its rule promises, or if the graph cannot run.
    /// - Complexity: one run of the graph.
    func checks(of candidates: [PricedCandidate], in state: PricedGraph, firstStep: Int) throws -> [StepCheck] {
        var wanted: Set<ValueID> = []
        for priced in candidates {
            wanted.formUnion(priced.candidate.reads)
            wanted.formUnion(priced.candidate.replaced.map(\.host))
        }
        let run = ProbedRun(state.graph, state.graph)
        let inputs = try run.inputs()
        var seen: [ValueID: NumericArray] = [:]
        for id in state.graph.inputs where wanted.contains(id) { seen[id] = inputs[state.graph[id].name] }
        _ = try run.run(state.graph, inputs: inputs) { id, value in
            if wanted.contains(id) { seen[id] = value }
            return nil
        }
        return try candidates.enumerated().map { offset, priced in
            let candidate = priced.candidate
            let error = try relativeError(of: candidate, run, seen)
            if let bound = bound(of: candidate.rule), error > bound {
                throw HarrierError(
                    "both sides differ by \(error) of the largest magnitude, and the rule promises \(bound)",
                    place: "step \(firstStep + offset + 1) (\(candidate.rule))")
            }
            return StepCheck(step: firstStep + offset + 1, rule: candidate.rule, maxRelativeError: error)
        }
    }

    /// How far both sides may be apart; nil for approximate rules, which promise nothing.
    private func bound(of name: String) -> Double? {
        guard let rule = rules.first(where: { $0.name == name }), rule.exactness != .approximate else { return nil }
        return max(rule.error ?? 0, RuleChecker.tolerance)
    }

    private func relativeError(of candidate: Candidate, _ run: ProbedRun, _ seen: [ValueID: NumericArray]) throws
        -> Double
    {
        var fragment = candidate.fragment
        fragment.outputs = candidate.replaced.map(\.fragment)
        var inputs: [String: NumericArray] = [:]
        for id in fragment.inputs {
            inputs[fragment[id].name] = candidate.hostValues[id.index].flatMap { seen[$0] }
        }
        let outputs = try run.run(fragment, inputs: inputs)
        var worst = 0.0
        for (host, value) in candidate.replaced {
            guard let expected = seen[host], let found = outputs[fragment[value].name] else { continue }
            guard let (error, magnitude) = try expected.difference(from: found) else { return .infinity }
            if error > 0 { worst = max(worst, error / max(magnitude, .leastNormalMagnitude)) }
        }
        return worst
    }
}
