import IR
import Pricing

/// Something with a price, split into operators: a model under a framework, or a training step.
package struct PricedRun: Sendable {
    /// One priced operator.
    package struct Item: Sendable {
        /// The operator's position in the graph; nil where there is no graph.
        package var index: Int?
        /// The node's name in the file, or the layer's in a training step.
        package var name: String
        /// The operator.
        package var op: String
        /// The module's path, outermost first.
        package var scope: [String]
        /// The part of a training step; nil outside of training.
        package var phase: Phase?
        /// How the price was come by.
        package var basis: OperatorPrice.Basis
        /// The call tree, its root being the operator.
        package var call: Call
        /// What it costs.
        package var cost: Cost { call.total }
    }

    /// One operator without a price.
    package struct Missing: Hashable, Sendable {
        /// The node's name in the file.
        package var name: String
        /// The operator.
        package var op: String
        /// Why.
        package var reason: String
    }

    /// What the page calls it: "before", "after", a framework's title.
    package var title: String
    /// The framework and its configuration.
    package var framework: FrameworkInfo
    /// The operators, in execution order.
    package var items: [Item]
    /// The operators without a price.
    package var missing: [Missing]
    /// Sharing the inputs and revealing the outputs; nil where that is not priced.
    package var inputOutput: Cost?
    /// What a session costs once; nil where that is not priced.
    package var setup: Cost?
    /// Online rounds if independent operators were batched; nil where that is not known.
    package var criticalPathRounds: Int?

    /// The cost of the computation.
    package var total: Cost { items.reduce(.zero) { $0 + $1.cost } }

    /// What costs something in a part of a training step.
    package func cost(of phase: Phase) -> Cost {
        items.reduce(.zero) { $1.phase == phase ? $0 + $1.cost : $0 }
    }

    /// A profile under the given title.
    package init(_ profile: Profile, title: String) {
        self.title = title
        framework = profile.framework
        items = profile.entries.map {
            Item(
                index: $0.index, name: $0.name, op: "\($0.op)", scope: $0.scope.path, phase: nil,
                basis: $0.price.basis, call: $0.price.call)
        }
        missing = profile.unpriced.map { Missing(name: $0.name, op: "\($0.op)", reason: $0.reason) }
        inputOutput = profile.inputOutput
        setup = profile.setup
        criticalPathRounds = profile.criticalPathRounds
    }

    /// A training step under the given title.
    package init(_ profile: TrainingProfile, title: String) {
        self.title = title
        framework = profile.framework
        items = profile.entries.map { entry in
            Item(
                index: nil, name: entry.layer, op: "\(entry.op)", scope: entry.scope.path, phase: entry.phase,
                basis: entry.price.basis, call: entry.price.call)
        }
        missing = profile.unpriced.map { Missing(name: $0.name, op: "\($0.op)", reason: $0.reason) }
    }
}
