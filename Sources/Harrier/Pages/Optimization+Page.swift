extension Optimization {
    /// The page for a browser: both models, what rules did, and what the check came to.
    ///
    /// - Throws: an error if the result cannot be priced.
    public func page() throws(HarrierError) -> ReportPage {
        try telling {
            let profiler = Profiler(framework, evaluator: Interpreter())
            let before = try profiler.profile(original.graph, model: original.name, policy: policy)
            let after = try profiler.profile(
                result.graph, model: original.name, policy: policy.keepingNames(of: result.graph))
            var page = ReportPage(
                model: original.name, subject: .optimization(objective: options.search.objective.name),
                network: options.network,
                runs: [PricedRun(before, title: "before"), PricedRun(after, title: "after")])
            page.pictures = Picture.comparison(
                before: Drawing.Model(original.graph, before), after: Drawing.Model(result.graph, after),
                partners: GraphDifference(original.graph, result.graph).partners)
            page.rewrites = RewriteRow.rows(rewrites, rules: rules)
            page.notes = [verdict] + result.notes
            return page
        }
    }

    private var verdict: String {
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
