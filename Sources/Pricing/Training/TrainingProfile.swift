import IR

/// What a training step costs under a framework, split by what is done and by layer.
public struct TrainingProfile: Sendable {
    /// Something with a price.
    public struct Entry: Sendable {
        /// What it belongs to.
        public var phase: Phase
        /// The module or node of the network that it is, or whose gradient or parameter it is about; the loss's name where
        /// it belongs to none.
        public var layer: String
        /// The operator of the layer.
        public var op: OperatorName
        /// The module.
        public var scope: Scope
        /// What it costs.
        public var price: OperatorPrice

        /// An entry with the given parts.
        public init(phase: Phase, layer: String, op: OperatorName, scope: Scope, price: OperatorPrice) {
            self.phase = phase
            self.layer = layer
            self.op = op
            self.scope = scope
            self.price = price
        }
    }

    /// Something without a price.
    public struct UnpricedEntry: Hashable, Sendable {
        /// What it belongs to.
        public var phase: Phase
        /// The node's name.
        public var name: String
        /// The operator.
        public var op: OperatorName
        /// Why.
        public var reason: String

        /// An entry with the given parts.
        public init(phase: Phase, name: String, op: OperatorName, reason: String) {
            self.phase = phase
            self.name = name
            self.op = op
            self.reason = reason
        }
    }

    /// What all entries about one layer cost.
    public struct Layer: Sendable {
        /// What stands in ``Entry/layer``.
        public var name: String
        /// The operator of the forward pass, or of the first entry.
        public var op: OperatorName
        /// The module.
        public var scope: Scope
        /// The costs by phase.
        public var costs: [Phase: Cost]

        /// The cost of all phases.
        public var total: Cost { costs.values.reduce(.zero, +) }
    }

    /// The framework and its configuration.
    public var framework: FrameworkInfo
    /// What has a price, in execution order.
    public var entries: [Entry]
    /// What has none.
    public var unpriced: [UnpricedEntry]

    /// A profile with the given parts.
    public init(framework: FrameworkInfo, entries: [Entry], unpriced: [UnpricedEntry]) {
        self.framework = framework
        self.entries = entries
        self.unpriced = unpriced
    }

    /// The cost of the whole step.
    public var total: Cost { entries.reduce(.zero) { $0 + $1.price.cost } }

    /// The cost of a phase.
    public func cost(of phase: Phase) -> Cost {
        entries.reduce(.zero) { $1.phase == phase ? $0 + $1.price.cost : $0 }
    }

    /// The costs of each layer, in order of appearance.
    public var layers: [Layer] {
        var result: [Layer] = []
        var positions: [String: Int] = [:]
        for entry in entries {
            let position = positions[entry.layer] ?? result.count
            if position == result.count {
                positions[entry.layer] = position
                result.append(Layer(name: entry.layer, op: entry.op, scope: entry.scope, costs: [:]))
            }
            result[position].costs[entry.phase, default: .zero] =
                (result[position].costs[entry.phase] ?? .zero) + entry.price.cost
        }
        return result
    }
}

extension TrainingProfile {
    /// Where a node of a training step belongs.
    package struct Place: Hashable, Sendable {
        /// What it is a part of.
        package var phase: Phase
        /// The layer that it is about.
        package var layer: String
        /// The operator of that layer.
        package var op: OperatorName

        /// The given place.
        package init(phase: Phase, layer: String, op: OperatorName) {
            self.phase = phase
            self.layer = layer
            self.op = op
        }
    }

    /// The profile of a training step that is an ordinary graph, split by what its nodes say.
    ///
    /// - Parameter place: where a node of the graph belongs, by its position; nil if it does not count.
    package init(_ profile: Profile, place: (Int) -> Place?) {
        let entries = profile.entries.compactMap { entry in
            guard let place = place(entry.index) else { return nil as Entry? }
            return Entry(
                phase: place.phase, layer: place.layer, op: place.op, scope: entry.scope, price: entry.price)
        }
        let unpriced = profile.unpriced.compactMap { entry in
            place(entry.index).map {
                UnpricedEntry(phase: $0.phase, name: entry.name, op: entry.op, reason: entry.reason)
            }
        }
        self.init(framework: profile.framework, entries: entries, unpriced: unpriced)
    }
}
