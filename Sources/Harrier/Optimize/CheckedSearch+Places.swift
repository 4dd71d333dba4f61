import Evaluate
import IR
import Rewrite

extension CheckedSearch {
    /// Only what saves this part of the whole is worth searching again for.
    private static let notableSaving = 0.02

    /// The result with rules back that were left out, at as many of their places as the bound of the framework's error allows.
    ///
    /// - Parameters:
    ///   - leftOut: the rules that were left out.
    ///   - before: for each of them, what was found before it was left out.
    ///   - found: the result without them, which is as it should be.
    ///   - places: where rules are not used anyway.
    func keepingSome(
        of leftOut: [LeftOutRule], before: [Attempt], _ found: Attempt, places: RuleExclusions
    ) throws -> (attempt: Attempt, leftOut: [LeftOutRule]) {
        var (found, leftOut) = (found, leftOut)
        var restrictions = Restrictions(rules: Set(leftOut.map(\.rule)), places: places)
        for (index, failed) in before.enumerated() where isWorthwhile(failed, instead: found) {
            let rule = leftOut[index].rule
            guard let kept = try partly(rule, as: failed, restrictions) else { continue }
            (found, restrictions) = (kept.attempt, kept.restrictions)
            leftOut[index].nodes = kept.nodes
        }
        return (found, leftOut)
    }

    /// Whether a result that goes wrong in the framework, and nowhere else, is much cheaper than another one.
    private func isWorthwhile(_ failed: Attempt, instead found: Attempt) -> Bool {
        func figure(_ attempt: Attempt) -> Double { objective.figure(attempt.result.after) }
        return failed.verdict.status != .failed && figure(failed) < (1 - Self.notableSaving) * figure(found)
    }

    /// The attempt with a rule at those of its places that save most, as many as the bound allows; nil if it allows none.
    ///
    /// - Parameters:
    ///   - failed: what was found with the rule everywhere.
    ///   - restrictions: those without the rule.
    /// - Complexity: as many searches as the number of places has bits.
    private func partly(
        _ rule: String, as failed: Attempt, _ restrictions: Restrictions
    ) throws -> (attempt: Attempt, restrictions: Restrictions, nodes: [String])? {
        let steps = failed.result.portable.rewrites.filter { $0.rule == rule }
        func figure(_ step: AppliedRewrite) -> Double { objective.figure(step.saved) }
        // Of equal ones the last are kept: fewer layers stand behind them that make an error larger.
        let places = steps.reversed().enumerated().sorted {
            (-figure($0.element), $0.offset) < (-figure($1.element), $1.offset)
        }.map(\.element.nodes)
        var (least, most) = (0, places.count)
        var kept: (attempt: Attempt, restrictions: Restrictions, nodes: [String])?
        while most - least > 1 {
            let middle = (least + most) / 2
            var tried = restrictions
            tried.rules.remove(rule)
            let nodes = places[middle...].flatMap { $0 }
            tried.places.exclude(rule, at: nodes)
            let attempt = try attempt(tried)
            if attempt.objection == nil {
                (least, kept) = (middle, (attempt, tried, nodes))
            } else {
                most = middle
            }
        }
        return kept
    }
}
