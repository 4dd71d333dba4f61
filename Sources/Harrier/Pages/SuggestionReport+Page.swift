extension SuggestionReport {
    /// The page for a browser.
    ///
    /// - Parameters:
    ///   - model: the model that variants were looked for.
    ///   - framework: the framework that priced them.
    ///   - visibility: as ``Model/profile(under:visibility:)`` takes it.
    ///   - folder: where the variants are written; nil if they are not.
    /// - Throws: an error if the model or a variant cannot be priced.
    public func page(
        of model: Model, under framework: any Framework, visibility: [String: Visibility] = [:], folder: String? = nil
    ) throws(HarrierError) -> ReportPage {
        try telling { try page(of: model.graph, framework, model.policy(visibility, under: framework), folder) }
    }

    private func page(
        of graph: Graph, _ framework: any Framework, _ policy: VisibilityPolicy, _ folder: String?
    ) throws -> ReportPage {
        let profiler = Profiler(framework, evaluator: Interpreter())
        let profile = try profiler.profile(graph, model: model, policy: policy)
        let original = Drawing.Model(graph, profile)
        var page = ReportPage(
            model: model, subject: .suggestion(objective: objective.name), network: network,
            runs: [PricedRun(profile, title: model)])
        page.pictures = [Picture(original, title: model, run: 0)]
        page.variants = try suggestions.variants.map { suggestion in
            var variant = self.variant(suggestion, folder: folder)
            let changed = try profiler.profile(
                suggestion.graph, model: suggestion.name, policy: policy.keepingNames(of: suggestion.graph))
            variant.picture = .change(
                from: original, to: Drawing.Model(suggestion.graph, changed), title: suggestion.name)
            return variant
        }
        page.sites = suggestions.ranking.map { ranked in
            RankedSite(
                place: ranked.change.place, rule: ranked.change.rule?.name ?? "rounding rules",
                category: ranked.change.effect.phrase, saving: ranked.change.saving,
                divergence: ranked.change.divergence)
        }
        page.alternatives = (settings + frameworks).map { alternative in
            let settings = alternative.setting?.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return AlternativeRow(
                name: settings?.joined(separator: ", ") ?? alternative.name, remark: alternative.threatModel ?? "",
                total: alternative.totals, unpriced: alternative.unpriced)
        }
        page.notes = [summary] + suggestions.notes
        return page
    }

    private func variant(_ suggestion: Suggestion, folder: String?) -> Variant {
        let file = fileName(of: suggestion)
        var variant = Variant(
            name: suggestion.name, total: suggestion.totals,
            divergence: suggestion.divergence.map {
                Variant.Divergence(
                    relativeL2: $0.relativeL2, top1Agreement: $0.top1Agreement, klDivergence: $0.kl,
                    samples: $0.samples,
                    isSynthetic: suggestions.samples?.isSynthetic ?? false)
            }, category: suggestion.effect.phrase)
        variant.whyUnknown = suggestions.whyUnknown ?? ""
        variant.describe(suggestion.changes)
        var seen: Set<String> = []
        variant.warnings = (suggestion.changes.flatMap(\.warnings) + suggestion.notes).filter {
            seen.insert($0).inserted
        }
        variant.file = folder.map { "\($0)/\(file)" }
        variant.command = command?(suggestion, file) ?? ""
        return variant
    }
}

extension Variant {
    /// What was changed, one phrase a rule, and what is published of it.
    fileprivate mutating func describe(_ changes: [Suggestion.Change]) {
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
            self.changes.append("\(rule) at \(names) (\(first.effect.phrase)). \(first.rule?.summary ?? "")")
            if let accuracy = first.rule?.accuracy {
                published.append("\(rule): \(accuracy) Source: \(first.rule?.source ?? "")")
            }
        }
    }
}
