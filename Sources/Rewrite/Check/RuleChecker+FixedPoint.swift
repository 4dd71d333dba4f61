import Evaluate
import IR

extension RuleChecker {
    /// What a simulation at a framework's precision says of a rule. It warns and decides nothing: errors of fixed-point numbers depend on
    /// inputs, and a rewrite that costs a bit of precision can be worth it.
    public struct FixedPoint: Hashable, Sendable {
        /// How many times larger the error of the right side is than that of the left one, which is taken to be at least one
        /// step of the numbers; the worst of all examples. Nil if none could be run.
        public internal(set) var worstRatio: Double?
        /// What a user of the rule should know.
        public internal(set) var warnings: [String] = []
    }

    /// The numbers that most frameworks use by default.
    private static let format = FixedPointFormat(ringBits: 64, fractionBits: 16)
    /// From here on a loss of precision is worth a warning: three bits.
    private static let notableRatio = 8.0

    /// Runs an example and what a rule makes of it at a framework's precision.
    func simulate(_ rule: Rule, on example: RuleCase, _ report: inout Report) {
        for rewritten in (try? example.rewrites(rule, evaluator: evaluator)) ?? [] {
            simulate(example, rewritten, &report)
        }
    }

    private func simulate(_ example: RuleCase, _ rewritten: Graph, _ report: inout Report) {
        let settings = ComparisonSettings(samples: 2, positive: example.positive, assumptions: example.ranges)
        // What cannot be simulated (operators that no framework computes) is not warned of.
        guard
            let comparison = try? FixedPointComparison.compare(
                example.state.graph, rewritten, in: SimulatedFramework(Self.format), settings)
        else { return }
        let ratio = comparison.after.maxError / max(comparison.before.maxError, Self.format.resolution)
        report.fixedPoint.worstRatio = max(report.fixedPoint.worstRatio ?? 0, ratio)
        if ratio > Self.notableRatio {
            report.fixedPoint.warnings.append(
                "\(example.place): in fixed point the error grows from \(comparison.before.maxError) to "
                    + "\(comparison.after.maxError)")
        }
        if comparison.before.overflows.isEmpty, let overflow = comparison.after.overflows.first {
            report.fixedPoint.warnings.append(
                "\(example.place): \(overflow.op) that computes '\(overflow.node)' overflows in fixed point")
        }
    }
}
