extension Model {
    /// Rewrites the model into the cheapest equivalent that the search finds, and runs the two against each other.
    ///
    /// - Parameters:
    ///   - framework: who prices the model.
    ///   - visibility: as ``profile(under:visibility:)`` takes it.
    ///   - options: what to make small, and by which rules: exact ones unless others are allowed.
    ///   - progress: told how far the work is, from any thread.
    /// - Throws: an error if the model cannot be priced, or there is no rule of a name.
    public func optimize(
        under framework: any Framework, visibility: [String: Visibility] = [:],
        options: OptimizationOptions = OptimizationOptions(), progress: ProgressHandler? = nil
    ) throws(HarrierError) -> Optimization {
        try telling { try Optimization(self, under: framework, visibility: visibility, options, progress) }
    }

    /// As ``optimize(under:visibility:options:progress:)-(_,_,_,_)``, on a thread of its own.
    public func optimize(
        under framework: any Framework, visibility: [String: Visibility] = [:],
        options: OptimizationOptions = OptimizationOptions(), progress: ProgressHandler? = nil
    ) async throws(HarrierError) -> Optimization {
        try await onThread { () throws(HarrierError) in
            try telling { try Optimization(self, under: framework, visibility: visibility, options, progress) }
        }
    }

    /// Does the steps of an optimization again, without searching. At every step the rule is matched anew: it must fire exactly
    /// where the log says and save what the log says, and the last graph must be the one that the log names.
    ///
    /// - Parameters:
    ///   - log: what ``Optimization/proof(framework:configuration:)`` wrote.
    ///   - rules: the rules; nil for those that are part of Harrier.
    ///   - checksSteps: whether both sides of every step are also run, on the values that a random input brings there.
    ///   - progress: told how far the work is.
    /// - Throws: an error that names the first step that differs.
    public func replay(
        _ log: ProofLog, rules: RuleCatalog? = nil, checksSteps: Bool = false, progress: ProgressHandler? = nil
    ) throws(HarrierError) -> ProofReplay {
        try telling {
            let framework = try FrameworkCatalog.make(log)
            let optimizer = try Optimizer(
                replaying: log, rules: rules ?? .builtIn(), under: framework, evaluator: Interpreter())
            // Batch 0 is what is done before searching.
            let batches = (log.steps.last?.batch ?? 0) + 1
            return try optimizer.replay(log, on: graph, checksSteps: checksSteps) {
                progress?(WorkProgress("replaying batch \($0)", done: $0, of: batches))
            }
        }
    }
}

extension FrameworkCatalog {
    /// The framework of a log, set as it was.
    ///
    /// - Throws: ``HarrierError`` if there is no such framework, or it does not take the configuration.
    package static func make(_ log: ProofLog) throws -> any Framework {
        try make(log.framework.name, parties: log.framework.parties, configuration: log.framework.config)
    }
}
