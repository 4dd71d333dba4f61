import Evaluate
import IR
import Pricing
import Render
import Report
import Rewrite

extension ReportFile {
    /// What a page about an optimization is made of.
    struct Optimization {
        /// The model's name.
        let model: String
        /// The graph before.
        let original: Graph
        let result: LevelOptimizer.Result
        /// The rules that could be used.
        let rules: [Rule]
        let framework: any Framework
        let policy: VisibilityPolicy
        let network: Network
        let objective: String
        let check: NumericCheck
    }

    /// The page about an optimization.
    ///
    /// - Throws: ``HarrierError`` if the result cannot be priced.
    static func page(_ optimization: Optimization) throws -> ReportPage {
        let profiler = Profiler(optimization.framework, evaluator: Interpreter())
        let result = optimization.result
        let before = try profiler.profile(
            optimization.original, model: optimization.model, policy: optimization.policy)
        let after = try profiler.profile(
            result.graph, model: optimization.model, policy: optimization.policy.keepingNames(of: result.graph))
        var page = ReportPage(
            model: optimization.model, subject: .optimization(objective: optimization.objective),
            network: optimization.network,
            runs: [PricedRun(before, title: "before"), PricedRun(after, title: "after")])
        page.pictures = Picture.comparison(
            before: Drawing.Model(optimization.original, before), after: Drawing.Model(result.graph, after),
            partners: GraphDifference(optimization.original, result.graph).partners)
        page.rewrites = RewriteRow.rows(
            result.portable.rewrites + (result.protocolLevel?.rewrites ?? []), rules: optimization.rules)
        page.notes = [verdict(optimization.check)] + result.notes
        return page
    }

    private static func verdict(_ check: NumericCheck) -> String {
        switch check.status {
        case .passed:
            let samples = "\(check.samples) random \(check.samples == 1 ? "input" : "inputs")"
            return
                "Checked: both compute the same; outputs agree to \(shortScientific(check.maxRelativeError)) on \(samples)."
        case .failed: return "The check failed: \(check.why ?? "the outputs differ")."
        case .skipped: return "Not checked: \(check.why ?? "")."
        }
    }
}
