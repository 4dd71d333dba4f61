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
    /// The result with the dimensions open that the model leaves open; nil if it is one for the lengths that were set.
    public let openGraph: Graph?
    /// What became of the dimensions that the model leaves open, a phrase; nil if there are none.
    public let openNote: String?
    /// What simulating both in the framework came to; nil if its numbers are not known, or the models cannot run.
    public let fixedPoint: FixedPointOutcome?
    /// What rules with a stated bound would do for the framework's error; nil if it is small, or they would not make it smaller.
    public let offer: String?
    /// What the framework is known to compute wrong of the result, a phrase each.
    public let faults: [String]
    /// What each rule makes of the nodes that were asked for.
    public let explanations: [Explanation]
    /// Nodes of the original without a price, which count as nothing.
    public let unpriced: [Profile.UnpricedEntry]
    /// Nodes of the result without a price. Where there are others than before, the costs of both cannot be compared.
    public let unpricedAfter: [Profile.UnpricedEntry]
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
        var notes = result.notes + leftOut.map(\.note)
        notes += faults.map { "\(framework.info.title) computes \($0)" }
        if let warning = fixedPoint?.warning { notes.append("\(framework.info.title): \(warning)") }
        if let offer { notes.append(offer) }
        if let openNote { notes.append(openNote) }
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
            return Model((openGraph ?? result.graph).withTrainableCoefficients(of: substitutes), name: original.name)
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
        let run = try OptimizationRun(model, under: framework, visibility: visibility, options, progress)
        let (found, leftOut) = try run.checkedSearch()
        let profiler = Profiler(framework, evaluator: Interpreter())
        self.init(
            original: model, framework: framework, options: options, result: found.result, check: found.verdict,
            leftOut: leftOut, openGraph: found.openGraph, openNote: found.openNote(run.reopening),
            fixedPoint: found.errors, offer: try run.offer(beside: found),
            faults: try framework.faults(in: found.result.portable.graph, run.policy),
            explanations: try options.explained.map {
                try found.optimizer.portable.explanation(of: $0, in: model.graph, result: found.result.portable)
            },
            unpriced: try profiler.profile(model.graph, policy: run.policy).unpriced,
            unpricedAfter: try profiler.profile(
                found.result.graph, policy: run.policy.keepingNames(of: found.result.graph)
            ).unpriced, rules: run.rules,
            policy: run.policy, optimizer: found.optimizer)
    }
}
