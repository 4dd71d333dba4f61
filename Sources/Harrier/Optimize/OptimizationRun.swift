/// What an optimization works with, and its steps: searching, checking, and looking for what would be more exact.
struct OptimizationRun {
    /// What is optimized.
    let graph: Graph
    /// What gives results their open dimensions back; nil if the model has none, or that is not asked for.
    let reopening: Result<Reopening, any Error>?
    /// Who prices it.
    let framework: any Framework
    /// Who knows what.
    let policy: VisibilityPolicy
    /// How it is optimized.
    let options: OptimizationOptions
    /// The rules that can be used.
    let rules: [Rule]
    /// Those of them that are used at single nodes.
    private let substitutes: [Rule]
    /// How the search goes.
    private let search: Optimizer.Options
    /// What simulates results in the framework; nil if that is not asked for, or its numbers are not known.
    private let errors: FrameworkErrorCheck?
    private let progress: ProgressHandler?

    /// Everything that is needed to optimize a model.
    ///
    /// - Throws: an error if there is no rule of a name.
    init(
        _ model: Model, under framework: any Framework, visibility: [String: Visibility],
        _ options: OptimizationOptions, _ progress: ProgressHandler?
    ) throws {
        graph = model.graph
        reopening =
            options.keepsOpenDimensions && model.open != nil
            ? Result { try Reopening(of: model) }.flatMap { $0.map(Result.success) ?? .failure(HarrierError("")) } : nil
        self.framework = framework
        self.options = options
        self.progress = progress
        let catalog = try options.catalog ?? .builtIn()
        let substitutes =
            try options.substitutions.isEmpty ? [] : catalog.selecting(only: options.substitutions.map(\.rule)).rules
        let selected = try catalog.selecting(only: options.only, disabling: options.disabled).rules
        rules = selected + substitutes.filter { rule in !selected.contains { $0.name == rule.name } }
        self.substitutes = substitutes
        policy = model.policy(visibility, under: framework)
        var search = options.search
        search.disabledSteps.formUnion(OperatorExpansion.unwantedSteps(only: options.only, disabling: options.disabled))
        self.search = search
        // Whoever asks for another function does not ask how exactly the framework computes it, unless he says so.
        let isAnother = search.allowsApproximate || !options.substitutions.isEmpty
        let limit = isAnother && options.errorLimit == .usual ? .none : options.errorLimit
        errors = (options.checks ? framework.simulated(policy) : nil).map {
            FrameworkErrorCheck(of: model.graph, in: $0, ranges: options.search.ranges, limit: limit)
        }
    }

    /// The cheapest result found that is as it should be, and the rules that were left out for it.
    func checkedSearch() throws -> (attempt: CheckedSearch.Attempt, leftOut: [LeftOutRule]) {
        try CheckedSearch(
            rules: rules, original: graph, objective: search.objective, search: { try searched($0, search) },
            check: { result in
                let check = ResultCheck(of: result, from: graph, rules: rules, ranges: search.ranges)
                guard options.checks else { return (check, .skipped("'--no-check' was given")) }
                return (check, check.compare { progress?(.comparing(sample: $0, of: $1)) })
            }, reopen: reopened, errors: errors
        ).run()
    }

    /// What becomes of the dimensions that the model leaves open.
    private func reopened(_ optimizer: LevelOptimizer, _ result: LevelOptimizer.Result) -> Reopening.Outcome? {
        switch reopening {
        case nil: nil
        case .failure(let error): .fixed(why: "\(error)")
        case .success(let reopening):
            reopening.outcome(
                of: result, by: optimizer, substitutions: options.substitutions.count,
                substituting: { try optimizer.substituted($0, options.substitutions, substitutes).0 },
                check: { model, graph in
                    let check = ResultCheck(
                        of: result, from: model, rules: rules, ranges: search.ranges, isSearched: false)
                    return options.checks ? check.compare(stage: graph) : .skipped("'--no-check' was given")
                })
        }
    }

    /// What a search finds without some rules and steps.
    private func searched(
        _ restrictions: CheckedSearch.Restrictions, _ search: Optimizer.Options
    ) throws -> (LevelOptimizer, LevelOptimizer.Result) {
        var search = search
        search.disabledSteps.formUnion(restrictions.rules.intersection(OperatorExpansion.steps))
        search.exclusions = restrictions.places
        let optimizer = LevelOptimizer(
            rules: rules.filter { !restrictions.rules.contains($0.name) }, framework: framework, policy: policy,
            evaluator: Interpreter(), options: search)
        return (optimizer, try optimizer.search(graph, options.substitutions, substitutes, progress))
    }

    /// What rules with a stated bound would do for the framework's error, in a sentence: some of them replace what a framework computes badly.
    /// Nil if the error is small, they are allowed anyway, or they would not halve it.
    func offer(beside found: CheckedSearch.Attempt) throws -> String? {
        guard case .compared(let comparison, _)? = found.errors, comparison.isNotable, !search.allowsRounding,
            !search.allowsApproximate
        else { return nil }
        var search = search
        search.allowsRounding = true
        let (_, result) = try searched(CheckedSearch.Restrictions(), search)
        guard case .compared(let other, _)? = errors?.outcome(of: result.graph),
            other.after.typicalError * 2 < comparison.after.typicalError
        else { return nil }
        let (here, there) = (found.result.after.online, result.after.online)
        return
            "with '--rounding' the framework's error would be \(shortScientific(other.after.typicalError)) instead of "
            + "\(shortScientific(comparison.after.typicalError)), at \(ByteFormat.bytes(there.bytes)) and \(there.rounds) rounds instead of "
            + "\(ByteFormat.bytes(here.bytes)) and \(here.rounds)"
    }
}

extension LevelOptimizer {
    /// The search, after substitutions if there are some.
    fileprivate func search(
        _ graph: Graph, _ substitutions: [Substitution], _ substitutes: [Rule], _ progress: ProgressHandler?
    ) throws -> Result {
        progress?(WorkProgress("searching"))
        let tell: SearchProgress = { done, total in
            progress?(WorkProgress("searching, \(done) of \(total) regions", done: done, of: total))
        }
        guard !substitutions.isEmpty else { return try optimize(graph, progress: tell) }
        let (substituted, steps) = try substituted(graph, substitutions, substitutes)
        return try optimize(substituted, from: (graph, steps), progress: tell)
    }

    /// The graph with the substitutions, and these as steps.
    fileprivate func substituted(
        _ graph: Graph, _ substitutions: [Substitution], _ substitutes: [Rule]
    ) throws -> (Graph, [AppliedRewrite]) {
        if substitutions.isEmpty { return (graph, []) }
        let sites = try SubstitutionSites(in: graph, rules: substitutes, optimizer: portable)
        return try sites.substituting(sites.parts(of: substitutions))
    }
}

extension WorkProgress {
    /// The result is being run against the original.
    fileprivate static func comparing(sample: Int, of samples: Int) -> WorkProgress {
        WorkProgress("comparing the result with the original, input \(sample + 1)", done: sample, of: samples)
    }
}
