extension Model {
    /// The training step as a model: forward pass, loss, gradients and update in one graph, whose outputs are the loss, the new
    /// parameters and the optimizer's new state.
    ///
    /// - Throws: an error with the name of a node without a gradient, if the loss does not fit the model's output, or if there is
    ///   nothing to train.
    public func trainingStep(_ settings: TrainingSettings) throws(HarrierError) -> Model {
        try telling {
            let trainer = Trainer(model: try batched(settings), settings: settings, visibility: [:])
            return Model(try trainer.step(settings.gradients.style).written, name: name)
        }
    }

    /// What a training step costs, by phase and layer.
    ///
    /// - Parameters:
    ///   - settings: loss, optimizer, batch, and whose gradients are priced.
    ///   - frameworks: who prices the step.
    ///   - visibility: as ``profile(under:visibility:)`` takes it.
    ///   - progress: told how far the work is.
    /// - Throws: as ``trainingStep(_:)``, and if the step cannot be priced.
    public func train(
        _ settings: TrainingSettings, under frameworks: [any Framework], visibility: [String: Visibility] = [:],
        progress: ProgressHandler? = nil
    ) throws(HarrierError) -> Training {
        try telling {
            let graph = try batched(settings)
            let trainer = Trainer(model: graph, settings: settings, visibility: visibility)
            let results = try frameworks.enumerated().map { position, framework in
                progress?(
                    WorkProgress(
                        "pricing the training step under \(framework.info.title)", done: position,
                        of: frameworks.count))
                return try trainer.price(under: framework, gradients: settings.gradients)
            }
            return Training(
                subject: TrainingDocument.Subject(
                    model: name, loss: try settings.makeLoss().name, optimizer: settings.optimizer.lowercased(),
                    batch: graph.batch),
                results: results, notes: frameworks.flatMap(trainer.warnings))
        }
    }

    private func batched(_ settings: TrainingSettings) throws -> Graph {
        guard let batch = settings.batch else { return graph }
        return try graph.withBatch(batch, evaluator: Interpreter())
    }
}

extension Graph {
    /// The length of the first axis of the first input; 1 if there is none.
    fileprivate var batch: Int { inputs.first.flatMap { self[$0].type?.shape?.first?.value } ?? 1 }
}
