import IR

/// A training profile in the shape of the command line's contract: `totals`, `phases`, `time`, and the costs of each layer by
/// phase.
public struct TrainingDocument: Encodable, Sendable {
    /// What is trained, as the command line names it.
    public struct Subject: Hashable, Sendable {
        /// The model's name.
        public var model: String
        /// The loss.
        public var loss: String
        /// The optimizer.
        public var optimizer: String
        /// Samples in a step.
        public var batch: Int

        /// The given subject.
        public init(model: String, loss: String, optimizer: String, batch: Int) {
            self.model = model
            self.loss = loss
            self.optimizer = optimizer
            self.batch = batch
        }
    }

    private struct Layer: Encodable {
        var name: String
        var op: String
        var scope: String
        var total: CostDocument
        var phases: [String: CostDocument]
    }

    private struct Unpriced: Encodable {
        var phase: String
        var name: String
        var op: String
        var reason: String
    }

    private var model: String
    private var loss: String
    private var optimizer: String
    private var batch: Int
    private var framework: String
    private var parties: Int
    private var config: [String: String]
    private var gradients: String
    private var totals: CostDocument
    private var phases: [String: CostDocument]
    private var time: TimeDocument
    private var layers: [Layer]
    private var unpriced: [Unpriced]

    /// The document of a profile.
    ///
    /// - Parameter gradients: whose gradients were priced.
    public init(_ profile: TrainingProfile, of subject: Subject, gradients: String, on network: Network) {
        (model, loss, optimizer, batch) = (subject.model, subject.loss, subject.optimizer, subject.batch)
        framework = profile.framework.name
        parties = profile.framework.parties
        config = profile.framework.configuration
        self.gradients = gradients
        let total = profile.total
        totals = CostDocument(total)
        time = TimeDocument(total.online, on: network)
        phases = Self.phases { profile.cost(of: $0) }
        layers = profile.layers.map { layer in
            Layer(
                name: layer.name, op: "\(layer.op)", scope: "\(layer.scope)", total: CostDocument(layer.total),
                phases: Self.phases { layer.costs[$0] })
        }
        unpriced = profile.unpriced.map {
            Unpriced(phase: $0.phase.rawValue, name: $0.name, op: "\($0.op)", reason: $0.reason)
        }
    }

    private static func phases(_ cost: (Phase) -> Cost?) -> [String: CostDocument] {
        var result: [String: CostDocument] = [:]
        for phase in Phase.allCases { result[phase.rawValue] = cost(phase).map { CostDocument($0) } }
        return result
    }
}
