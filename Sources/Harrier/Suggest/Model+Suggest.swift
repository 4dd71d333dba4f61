extension Model {
    /// Looks for cheaper variants of the model that compute something else, and measures how much else.
    ///
    /// - Parameters:
    ///   - framework: who prices the model.
    ///   - visibility: as ``profile(under:visibility:)`` takes it.
    ///   - options: which variants are looked for, and how long.
    ///   - progress: told how far the work is, from any thread.
    /// - Throws: an error if the model cannot be priced, or not run though its weights are there.
    public func suggest(
        under framework: any Framework, visibility: [String: Visibility] = [:],
        options: SuggestionOptions = SuggestionOptions(), progress: ProgressHandler? = nil
    ) throws(HarrierError) -> SuggestionReport {
        try telling { try suggestions(framework, visibility, options, nil, progress) }
    }

    /// As ``suggest(under:visibility:options:progress:)-(_,_,_,_)``, on a thread of its own.
    public func suggest(
        under framework: any Framework, visibility: [String: Visibility] = [:],
        options: SuggestionOptions = SuggestionOptions(), progress: ProgressHandler? = nil
    ) async throws(HarrierError) -> SuggestionReport {
        try await onThread { () throws(HarrierError) in
            try telling { try suggestions(framework, visibility, options, nil, progress) }
        }
    }

    /// The variants.
    ///
    /// - Parameter command: the command that makes a variant again, given the file that it writes; nil where there is no command
    ///   line.
    package func suggestions(
        _ framework: any Framework, _ visibility: [String: Visibility], _ options: SuggestionOptions,
        _ command: (@Sendable (Suggestion, _ file: String) -> String)?, _ progress: ProgressHandler?
    ) throws -> SuggestionReport {
        let rules = try options.selectedRules()
        let policy = policy(visibility, under: framework)
        var search = options.suggester.search
        search.disabledSteps.formUnion(OperatorExpansion.unwantedSteps(only: [], disabling: options.disabled))
        var settled = options.suggester
        settled.search = search
        let suggester = Suggester(
            rules: rules.exact, substitutions: rules.approximate, framework: framework, policy: policy,
            options: settled)
        let found = try suggester.suggest(for: graph, samples: options.samples) { progress?(WorkProgress($0)) }
        var settings: [Alternative] = []
        var frameworks: [Alternative] = []
        if let exact = found.variants.last(where: { $0.effect == .exact }), options.hasAlternatives {
            settings = try Alternative.settings(
                for: exact.graph, framework: framework.info, configuration: options.configuration,
                policy: VisibilityPolicy(stating: visibility, in: exact.graph, under: framework),
                totals: exact.totals, objective: search.objective)
            let start = ContinuousClock.now
            frameworks = Alternative.frameworks(
                for: graph, except: framework.info.name, rules: rules.exact, search: search
            ) { found.seconds + (ContinuousClock.now - start) / .seconds(1) < options.suggester.seconds }
        }
        return SuggestionReport(
            model: name, framework: framework.info, objective: search.objective, network: options.network,
            suggestions: found, settings: settings, frameworks: frameworks, command: command)
    }
}
