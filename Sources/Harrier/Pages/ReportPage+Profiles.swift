extension ReportPage {
    /// The page about one model.
    ///
    /// - Parameters:
    ///   - profile: what it costs.
    ///   - graph: the graph that was priced.
    public init(_ profile: Profile, of graph: Graph, on network: Network = .wan) {
        self.init(
            model: profile.model, subject: .profile, network: network, runs: [PricedRun(profile, title: profile.model)])
        pictures = [Picture(Drawing.Model(graph, profile), title: profile.model, run: 0)]
    }

    /// The page about frameworks.
    public init(_ comparison: Comparison) {
        self.init(
            model: comparison.profiles.first?.model ?? "", subject: .comparison, network: comparison.network,
            runs: comparison.profiles.map { PricedRun($0, title: $0.framework.name) })
    }

    /// The page about training steps.
    public init(_ training: Training, on network: Network = .wan) {
        let subject = training.subject
        self.init(
            model: subject.model,
            subject: .training(loss: subject.loss, optimizer: subject.optimizer, batch: subject.batch),
            network: network,
            runs: training.results.map { PricedRun($0.profile, title: $0.profile.framework.title) })
        notes = training.results.map { "Gradients under \($0.profile.framework.title): \($0.gradients)." }
    }
}
