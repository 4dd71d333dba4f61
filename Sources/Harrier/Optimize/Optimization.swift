/// What optimizing a model came to.
public struct Optimization: Sendable {
    /// The model as it was.
    public let original: Model
    /// Who priced it.
    public let framework: any Framework
    /// How it was optimized.
    public let options: OptimizationOptions
    /// What the search found.
    public let result: LevelOptimizer.Result
    /// What running the result against the original came to.
    public let check: NumericCheck
    /// The rules without which the result had to be found, because with them the model did not compute the same.
    public let leftOut: [LeftOutRule]
    /// What simulating both in the framework came to; nil if its numbers are not known, or the models cannot run.
    public let fixedPoint: FixedPointOutcome?
    /// What each rule makes of the nodes that were asked for.
    public let explanations: [Explanation]
    /// Nodes of the original without a price, which count as nothing.
    public let unpriced: [Profile.UnpricedEntry]
    /// The rules that could be used.
    package let rules: [Rule]
    /// Who knows what.
    package let policy: VisibilityPolicy
    private let optimizer: LevelOptimizer

    /// What the original costs.
    public var before: Cost { result.portable.before }

    /// What the result costs.
    public var after: Cost { result.after }

    /// The rewrites, in order: those that any runtime can have, then those that need a runtime's help.
    public var rewrites: [AppliedRewrite] { result.portable.rewrites + (result.protocolLevel?.rewrites ?? []) }

    /// What a person should know, a phrase each.
    public var notes: [String] {
        let notes = result.notes + leftOut.map { "rule '\($0.rule)' was left out: with it \($0.why)" }
        guard !unpriced.isEmpty else { return notes }
        let operators = Set(unpriced.map { "\($0.op)" }).sorted().joined(separator: ", ")
        return notes + [
            "\(unpriced.count) nodes have no price and count as nothing: \(operators) ('harrier profile' names them)"
        ]
    }

    /// The cheaper model.
    ///
    /// - Throws: an error if it was found to compute something else. It is not to be used then.
    public var model: Model {
        get throws(HarrierError) {
            guard check.status != .failed else {
                throw HarrierError(
                    "the optimized model does not compute the same, so it was not written: \(check.why ?? "")")
            }
            let substitutes = Set(options.substitutions.map(\.rule))
            return Model(result.graph.withTrainableCoefficients(of: substitutes), name: original.name)
        }
    }

    /// Writes the cheaper model, in operators that the framework's importer reads unless refused ones were allowed.
    ///
    /// - Returns: what a person should know, a phrase each.
    /// - Throws: an error if the model computes something else, or the file cannot be written. Nothing is left behind then.
    @discardableResult
    public func write(to path: String) throws(HarrierError) -> [String] {
        let isFree = options.search.allowsRefusedOperators || result.graph.isProtocolLevel
        return try model.write(to: path, newestOpset: isFree ? nil : framework.newestOpset)
    }

    /// The log of the search, by which ``Model/replay(_:rules:checksSteps:progress:)`` does the same steps again.
    ///
    /// - Parameters:
    ///   - framework: the framework as `FrameworkCatalog.make` takes it: a name, or a file.
    ///   - configuration: the configuration keys that were set.
    /// - Throws: an error if substitutions were made, which a log does not tell of.
    public func proof(framework: String, configuration: [String: String] = [:]) throws(HarrierError) -> ProofLog {
        guard options.substitutions.isEmpty else {
            throw HarrierError("a log tells of steps of the search only, and not of substitutions")
        }
        let context = Optimizer.ProofContext(
            model: original.name, dimensions: original.dimensions, framework: framework, configuration: configuration)
        return optimizer.portable.proof(of: result.portable, on: original.graph, context)
    }
}

extension Optimization {
    /// Optimizes a model.
    init(
        _ model: Model, under framework: any Framework, visibility: [String: Visibility],
        _ options: OptimizationOptions, _ progress: ProgressHandler?
    ) throws {
        let graph = model.graph
        let catalog = try options.catalog ?? .builtIn()
        let substitutes =
            try options.substitutions.isEmpty ? [] : catalog.selecting(only: options.substitutions.map(\.rule)).rules
        let selected = try catalog.selecting(only: options.only, disabling: options.disabled).rules
        let rules = selected + substitutes.filter { rule in !selected.contains { $0.name == rule.name } }
        let policy = model.policy(visibility, under: framework)
        var search = options.search
        search.disabledSteps.formUnion(OperatorExpansion.unwantedSteps(only: options.only, disabling: options.disabled))
        let simulated = options.checks ? framework.simulated(policy) : nil
        let (found, leftOut) = try CheckedSearch(
            rules: rules, original: graph,
            search: { names in
                var search = search
                search.disabledSteps.formUnion(names.intersection(OperatorExpansion.steps))
                let optimizer = LevelOptimizer(
                    rules: rules.filter { !names.contains($0.name) }, framework: framework, policy: policy,
                    evaluator: Interpreter(), options: search)
                return (optimizer, try optimizer.search(graph, options.substitutions, substitutes, progress))
            },
            check: { result in
                let check = ResultCheck(of: result, from: graph, rules: rules, ranges: options.search.ranges)
                guard options.checks else { return (check, .skipped("'--no-check' was given")) }
                return (check, check.compare { progress?(.comparing(sample: $0, of: $1)) })
            },
            errors: simulated.map {
                FrameworkErrorCheck(of: graph, in: $0, ranges: search.ranges, limit: options.errorLimit)
            }
        ).run()
        let (optimizer, result) = (found.optimizer, found.result)
        self.init(
            original: model, framework: framework, options: options, result: result, check: found.verdict,
            leftOut: leftOut,
            fixedPoint: found.errors,
            explanations: try options.explained.map {
                try optimizer.portable.explanation(of: $0, in: graph, result: result.portable)
            },
            unpriced: try Profiler(framework, evaluator: Interpreter()).profile(graph, policy: policy).unpriced,
            rules: rules, policy: policy, optimizer: optimizer)
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
        let sites = try SubstitutionSites(in: graph, rules: substitutes, optimizer: portable)
        let (substituted, steps) = try sites.substituting(sites.parts(of: substitutions))
        return try optimize(substituted, from: (graph, steps), progress: tell)
    }
}

extension WorkProgress {
    /// The result is being run against the original.
    fileprivate static func comparing(sample: Int, of samples: Int) -> WorkProgress {
        WorkProgress("comparing the result with the original, input \(sample + 1)", done: sample, of: samples)
    }
}
