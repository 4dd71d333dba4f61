import Evaluate
import IR
import Pricing
import Render
import Report
import Suggest

extension ReportFile {
    /// The page about variants of a model.
    ///
    /// - Parameters:
    ///   - graph: the model.
    ///   - folder: where the variants are written; nil if they are not.
    /// - Throws: ``HarrierError`` if the model or a variant cannot be priced.
    static func page(
        _ report: SuggestionReport, of graph: Graph, under framework: any Framework, policy: VisibilityPolicy,
        folder: String?
    ) throws -> ReportPage {
        let profiler = Profiler(framework, evaluator: Interpreter())
        let profile = try profiler.profile(graph, model: report.model, policy: policy)
        let original = Drawing.Model(graph, profile)
        var page = ReportPage(
            model: report.model, subject: .suggestion(objective: report.objective.name), network: report.network,
            runs: [PricedRun(profile, title: report.model)])
        page.pictures = [Picture(original, title: report.model, run: 0)]
        page.variants = try report.suggestions.variants.map { suggestion in
            var variant = self.variant(suggestion, of: report, folder: folder)
            let changed = try profiler.profile(
                suggestion.graph, model: suggestion.name, policy: policy.keepingNames(of: suggestion.graph))
            variant.picture = .change(
                from: original, to: Drawing.Model(suggestion.graph, changed), title: suggestion.name)
            return variant
        }
        page.sites = report.suggestions.ranking.map { ranked in
            RankedSite(
                place: ranked.change.place, rule: ranked.change.rule?.name ?? "rounding rules",
                category: ranked.change.effect.phrase, saving: ranked.change.saving,
                divergence: ranked.change.divergence)
        }
        page.alternatives = (report.settings + report.frameworks).map { alternative in
            let settings = alternative.setting?.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return AlternativeRow(
                name: settings?.joined(separator: ", ") ?? alternative.name, remark: alternative.threatModel ?? "",
                total: alternative.totals, unpriced: alternative.unpriced)
        }
        page.notes = [report.summary] + report.suggestions.notes
        return page
    }

    private static func variant(_ suggestion: Suggestion, of report: SuggestionReport, folder: String?) -> Variant {
        let file = report.fileName(of: suggestion)
        var variant = Variant(
            name: suggestion.name, total: suggestion.totals,
            divergence: suggestion.divergence.map {
                Variant.Divergence(
                    relativeL2: $0.relativeL2, top1Agreement: $0.top1Agreement, klDivergence: $0.kl,
                    samples: $0.samples,
                    isSynthetic: report.suggestions.samples?.isSynthetic ?? false)
            }, category: suggestion.effect.phrase)
        variant.whyUnknown = report.suggestions.whyUnknown ?? ""
        describe(suggestion.changes, in: &variant)
        var seen: Set<String> = []
        variant.warnings = (suggestion.changes.flatMap(\.warnings) + suggestion.notes).filter {
            seen.insert($0).inserted
        }
        variant.file = folder.map { "\($0)/\(file)" }
        variant.command = report.command(suggestion, file)
        return variant
    }

    /// What was changed, one phrase a rule, and what is published of it.
    private static func describe(_ changes: [Suggestion.Change], in variant: inout Variant) {
        var order: [String] = []
        var places: [String: [Suggestion.Change]] = [:]
        for change in changes {
            let rule = change.rule?.name ?? "rounding rules"
            if places[rule] == nil { order.append(rule) }
            places[rule, default: []].append(change)
        }
        for rule in order {
            guard let members = places[rule], let first = members.first else { continue }
            let names = members.map(\.place).joined(separator: ", ")
            variant.changes.append("\(rule) at \(names) (\(first.effect.phrase)). \(first.rule?.summary ?? "")")
            if let accuracy = first.rule?.accuracy {
                variant.published.append("\(rule): \(accuracy) Source: \(first.rule?.source ?? "")")
            }
        }
    }
}

extension VisibilityPolicy {
    /// The policy without exceptions for values that a graph does not have: they can have been folded away.
    func keepingNames(of graph: Graph) -> VisibilityPolicy {
        let names = graph.valuesByName()
        var result = self
        result.exceptions = exceptions.filter { names[$0.key] != nil }
        return result
    }
}
