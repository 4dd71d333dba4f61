import Evaluate
import IR

/// Both sides of one step, run on the values that a random input brings to the place.
public struct StepCheck: Hashable, Sendable {
    /// The step's number in the log, from 1.
    public let step: Int
    /// The rule.
    public let rule: String
    /// The largest difference of an element of what the step replaces, in 64-bit arithmetic.
    public let maxAbsError: Double
    /// That difference over the largest magnitude.
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
        let run = ProbedRun(state.graph, state.graph, ComparisonSettings(assumptions: options.ranges))
        let inputs = try run.inputs()
        var seen: [ValueID: NumericArray] = [:]
        for id in state.graph.inputs where wanted.contains(id) { seen[id] = inputs[state.graph[id].name] }
        _ = try run.run(state.graph, inputs: inputs) { id, value in
            if wanted.contains(id) { seen[id] = value }
            return nil
        }
        return try candidates.enumerated().map { offset, priced in
            let step = firstStep + offset + 1
            let outcome = try check(of: priced.candidate, step: step, run, seen)
            if let why = objection(to: outcome) {
                throw HarrierError(why, place: "step \(step) (\(outcome.rule))")
            }
            return outcome
        }
    }

    /// What is wrong with a step whose sides are further apart than its rule promises; approximate rules promise nothing.
    private func objection(to check: StepCheck) -> String? {
        guard let rule = rules.first(where: { $0.name == check.rule }), rule.exactness != .approximate,
            check.maxRelativeError > ResultCheck.exactTolerance
        else { return nil }
        if let bound = rule.error {
            return check.maxAbsError <= bound
                ? nil : "both sides differ by \(check.maxAbsError), and the rule promises \(bound)"
        }
        return "both sides differ by \(check.maxRelativeError) of the largest magnitude, and the rule is exact"
    }

    private func check(
        of candidate: Candidate, step: Int, _ run: ProbedRun, _ seen: [ValueID: NumericArray]
    ) throws -> StepCheck {
        var fragment = candidate.fragment
        fragment.outputs = candidate.replaced.map(\.fragment)
        var inputs: [String: NumericArray] = [:]
        for id in fragment.inputs {
            inputs[fragment[id].name] = candidate.hostValues[id.index].flatMap { seen[$0] }
        }
        let outputs = try run.run(fragment, inputs: inputs)
        var worst = (absolute: 0.0, relative: 0.0)
        for (host, value) in candidate.replaced {
            guard let expected = seen[host], let found = outputs[fragment[value].name] else { continue }
            guard let (error, magnitude) = try expected.difference(from: found) else {
                worst = (.infinity, .infinity)
                continue
            }
            let relative = error > 0 ? error / max(magnitude, .leastNormalMagnitude) : 0
            worst = (max(worst.absolute, error), max(worst.relative, relative))
        }
        return StepCheck(
            step: step, rule: candidate.rule, maxAbsError: worst.absolute, maxRelativeError: worst.relative)
    }
}
