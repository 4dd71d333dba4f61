import Evaluate
import Rewrite

/// A rule that was left out because with it the model did not compute the same.
public struct LeftOutRule: Hashable, Sendable {
    /// The rule's name.
    public let rule: String
    /// What differed.
    public let why: String
}

/// Searches, runs the result against the original, and where they differ searches again without the rules that are to blame. A wrong rule
/// costs what it would have saved, and not the result.
struct CheckedSearch {
    /// What one search came to.
    struct Attempt {
        let optimizer: LevelOptimizer
        let result: LevelOptimizer.Result
        let check: ResultCheck
        let verdict: NumericCheck
        /// How long running the models took.
        let elapsed: Duration
    }

    /// The rules that may be used.
    let rules: [Rule]
    /// Searches with these rules.
    let search: ([Rule]) throws -> (LevelOptimizer, LevelOptimizer.Result)
    /// Runs a result against the original.
    let check: (LevelOptimizer.Result, [Rule]) -> (ResultCheck, NumericCheck)

    /// Rules that are found to blame one after another, at most.
    private static let mostLeftOut = 8

    /// The cheapest result found that computes the same, and the rules that were left out for it; the first result, and none, if nothing
    /// helps.
    func run() throws -> (attempt: Attempt, leftOut: [LeftOutRule]) {
        let first = try attempt(without: [])
        var failed = first
        var leftOut: [LeftOutRule] = []
        while failed.verdict.status == .failed, leftOut.count < Self.mostLeftOut {
            let known = Set(leftOut.map(\.rule))
            let why = failed.verdict.why ?? ""
            guard let (rule, next) = try better(than: failed, without: known) else { break }
            leftOut.append(LeftOutRule(rule: rule, why: why))
            failed = next
        }
        return failed.verdict.status == .failed ? (first, []) : (failed, leftOut)
    }

    /// The attempt that leaves out one more of the rules that were used: one that computes the same, or else one that does not use the rule
    /// whose steps come last.
    private func better(than failed: Attempt, without known: Set<String>) throws -> (rule: String, Attempt)? {
        let steps = failed.result.portable.rewrites + (failed.result.protocolLevel?.rewrites ?? [])
        let own = Set(rules.map(\.name))
        var seen: Set<String> = []
        let used = steps.map(\.rule).filter { own.contains($0) && seen.insert($0).inserted }
        var last: (String, Attempt)?
        for rule in used {
            let next = try attempt(without: known.union([rule]))
            if next.verdict.status != .failed { return (rule, next) }
            last = (rule, next)
        }
        return last
    }

    private func attempt(without names: Set<String>) throws -> Attempt {
        let rules = rules.filter { !names.contains($0.name) }
        let (optimizer, result) = try search(rules)
        let start = ContinuousClock.now
        let (check, verdict) = check(result, rules)
        return Attempt(
            optimizer: optimizer, result: result, check: check, verdict: verdict, elapsed: ContinuousClock.now - start)
    }
}
