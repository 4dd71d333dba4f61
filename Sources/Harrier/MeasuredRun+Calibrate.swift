extension MeasuredRun {
    /// Puts a run beside the prediction for the layers that it tells of, without a model: each is priced by its operator and
    /// shapes.
    ///
    /// - Parameter visibility: who knows inputs and weights, where the run does not say.
    /// - Throws: an error if the run is one of other parties, or does not tell shapes.
    public func calibrate(
        under framework: any Framework, visibility: [String: Visibility] = [:]
    ) throws(HarrierError) -> CalibrationResult {
        try telling {
            try checkParties(of: framework)
            let (graph, known) = try graphOfLayers(evaluator: Interpreter())
            var policy = VisibilityPolicy(stating: visibility, in: graph, under: framework)
            policy.exceptions.merge(known) { stated, _ in stated }
            let profile = try Profiler(framework, evaluator: Interpreter()).profile(
                graph, model: model, policy: policy)
            return try CalibrationResult(of: self, with: profile, in: graph)
        }
    }

    /// Complains of a run that is priced for another number of parties than it had.
    func checkParties(of framework: any Framework) throws {
        let priced = framework.info.parties
        guard let parties, parties != priced else { return }
        throw HarrierError(
            "was measured with \(parties) parties, \(framework.info.title) is priced for \(priced)",
            hint: "price it for \(parties) parties, or give the logs of all of them")
    }
}
