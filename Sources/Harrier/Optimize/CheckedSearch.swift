import Evaluate
import IR
import Rewrite

/// A rule that was left out because with it the model did not compute the same, or the framework's error grew too large.
public struct LeftOutRule: Hashable, Sendable {
    /// The rule's name.
    public let rule: String
    /// What differed.
    public let why: String
    /// The nodes at which it was left out; empty if it was left out everywhere.
    public var nodes: [String] = []

    /// That, in a phrase.
    var note: String {
        guard !nodes.isEmpty else { return "rule '\(rule)' was left out: with it \(why)" }
        let (first, count) = (nodes[0], nodes.count)
        let place = count == 1 ? "node '\(first)'" : "\(count) nodes ('\(first)', ...)"
        return "rule '\(rule)' was left out at \(place): with it everywhere \(why)"
    }
}

/// Searches, runs the result against the original, in real numbers and as the framework computes, and where it is not what it should be
/// searches again without the rules that are to blame. A wrong rule costs what it would have saved, and not the result. One that makes the
/// framework's error too large where it is used everywhere is used where the error stays within its bound.
struct CheckedSearch {
    /// What a search does without.
    struct Restrictions {
        /// Rules and steps that are not used.
        var rules: Set<String> = []
        /// Where single rules are not used.
        var places = RuleExclusions()
    }

    /// What one search came to.
    struct Attempt {
        let optimizer: LevelOptimizer
        let result: LevelOptimizer.Result
        let check: ResultCheck
        let verdict: NumericCheck
        /// What became of the dimensions that the model leaves open; nil if there are none.
        let opening: Reopening.Outcome?
        /// What the framework makes of it; nil if that was not asked for, or there is nothing to compare.
        let errors: FixedPointOutcome?

        /// Why the result is not to be had; nil if it is.
        var objection: String? {
            if verdict.status == .failed { return verdict.why ?? "" }
            if let dependence { return "the result is one for certain lengths only: \(dependence.why)" }
            return errors?.objection
        }

        /// What holds for certain lengths only, though it should for all.
        var dependence: LengthDependence? {
            if case .dependent(let dependence)? = opening { dependence } else { nil }
        }
    }

    /// The rules that may be used.
    let rules: [Rule]
    /// What is optimized.
    let original: Graph
    /// What is to be small.
    let objective: Objective
    /// Searches without some rules and steps.
    let search: (Restrictions) throws -> (LevelOptimizer, LevelOptimizer.Result)
    /// Runs a result against the original.
    let check: (LevelOptimizer.Result) -> (ResultCheck, NumericCheck)
    /// Gives results their open dimensions back; nil if that is not asked for.
    let reopen: (LevelOptimizer, LevelOptimizer.Result) -> Reopening.Outcome?
    /// Simulates results in the framework; nil if that is not asked for.
    let errors: FrameworkErrorCheck?

    /// Rules that are found to blame one after another, at most.
    private static let mostLeftOut = 12

    /// The cheapest result found that is as it should be, and the rules that were left out for it. If nothing helps, the first result, and
    /// none.
    func run() throws -> (attempt: Attempt, leftOut: [LeftOutRule]) {
        let first = try attempt(Restrictions())
        var (open, restrictions, dependent) = try keepingLengthsOpen(first)
        var failed: [Attempt] = [open]
        var leftOut: [LeftOutRule] = []
        while let last = failed.last, let why = last.objection, leftOut.count < Self.mostLeftOut {
            guard let (rule, next) = try better(than: last, restrictions) else { break }
            restrictions.rules.insert(rule)
            leftOut.append(LeftOutRule(rule: rule, why: why))
            failed.append(next)
        }
        guard let last = failed.popLast(), last.objection == nil else { return (first, []) }
        (open, leftOut) = try keepingSome(of: leftOut, before: failed, last, places: restrictions.places)
        return (open, dependent + leftOut)
    }

    /// An attempt without the rewrites of another that hold for the lengths of the search only, as far as their places are known.
    private func keepingLengthsOpen(
        _ first: Attempt
    ) throws -> (attempt: Attempt, restrictions: Restrictions, leftOut: [LeftOutRule]) {
        var (attempt, restrictions) = (first, Restrictions())
        var leftOut: [String: LeftOutRule] = [:]
        while attempt.verdict.status != .failed, let dependence = attempt.dependence {
            var isNew = false
            for (rule, nodes) in dependence.places {
                // A place that was made by other rewrites cannot be marked.
                let nodes = nodes.filter { !(leftOut[rule]?.nodes.contains($0) ?? false) }
                isNew = isNew || !nodes.isEmpty
                restrictions.places.exclude(rule, at: nodes)
                leftOut[rule, default: LeftOutRule(rule: rule, why: attempt.objection ?? "")].nodes += nodes
            }
            guard isNew else { break }
            attempt = try self.attempt(restrictions)
        }
        return (attempt, restrictions, leftOut.values.sorted { $0.rule < $1.rule })
    }

    /// The attempt that leaves out one more of the rules that were used: one after which nothing is wrong, or the model computes
    /// the same at least, or else one without the rule that is most to blame.
    private func better(than failed: Attempt, _ known: Restrictions) throws -> (rule: String, Attempt)? {
        let suspects = suspects(in: failed)
        var found: (String, Attempt)?
        for rule in suspects {
            var restrictions = known
            restrictions.rules.insert(rule)
            let next = try attempt(restrictions)
            let isRight = failed.verdict.status == .failed && next.verdict.status != .failed
            if isRight || next.objection == nil { return (rule, next) }
            found = found ?? (rule, next)
        }
        return found
    }

    /// The rules of the steps at which it goes wrong; all that were used, the last first, where these cannot be told.
    private func suspects(in failed: Attempt) -> [String] {
        let own = Set(rules.map(\.name)).union(OperatorExpansion.steps)
        if failed.verdict.status != .failed, let rule = failed.dependence?.rule, own.contains(rule) { return [rule] }
        let steps = failed.result.portable.rewrites + (failed.result.protocolLevel?.rewrites ?? [])
        if failed.result.protocolLevel == nil,
            let stages = try? failed.optimizer.portable.stages(of: failed.result.portable, on: original)
        {
            let isWrong: (Graph) -> Bool =
                failed.verdict.status == .failed
                ? { failed.check.compare(stage: $0).status == .failed }
                : { errors?.outcome(of: $0, masked: failed.result.portable.masked).objection != nil }
            let blamed = stages.first(where: isWrong)?.rules.filter(own.contains) ?? []
            if !blamed.isEmpty { return blamed }
        }
        var seen: Set<String> = []
        return steps.reversed().map(\.rule).filter { own.contains($0) && seen.insert($0).inserted }
    }

    /// Searches, and checks what was found.
    func attempt(_ restrictions: Restrictions) throws -> Attempt {
        let (optimizer, result) = try search(restrictions)
        let (check, verdict) = check(result)
        let isComparable = verdict.status != .failed && verdict.samples > 0
        return Attempt(
            optimizer: optimizer, result: result, check: check, verdict: verdict,
            opening: verdict.status == .failed ? nil : reopen(optimizer, result),
            errors: isComparable ? errors?.outcome(of: result.graph, masked: result.portable.masked) : nil)
    }
}
