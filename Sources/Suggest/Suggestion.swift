import IR
import Pricing
import Rewrite

/// A variant of a model: cheaper, and with a known or unknown effect on what it computes.
public struct Suggestion: Sendable {
    /// One decision, with what was measured of it alone.
    public struct Change: Sendable {
        /// What the places are called.
        public let place: String
        /// The rule; nil for all rounding rules together.
        public let rule: Rule?
        /// Where it was used, in the form that `optimize --at` takes.
        public let substitutions: [Substitution]
        /// The nodes that went.
        public let nodes: [String]
        /// How much is known of the effect.
        public let effect: EffectClass
        /// What the decision saves by the objective when it is the only one.
        public let saving: Double
        /// The relative L2 divergence when it is the only one; nil if it was not measured.
        public let divergence: Double?
        /// What a person should know of it.
        public let warnings: [String]
    }

    /// The name: `exact`, or `v01`, `v02`, ... from the cheapest on.
    public var name: String
    /// The graph, as it is written.
    public let graph: Graph
    /// The model with the substitutions and nothing else, for training further; nil if there are none. The exact search has not merged its
    /// weights, and its numbers of substitutions are initializers.
    public let trainable: Graph?
    /// What the graph costs.
    public let totals: Cost
    /// How far it is from the model; nil if that could not be measured.
    public let divergence: Divergence?
    /// The worst class of its changes.
    public let effect: EffectClass
    /// How many places of the model are changed.
    public let places: Int
    /// What was decided, in the order of the graph.
    public let changes: [Change]
    /// The steps: the substitutions, then the rewrites of the exact search.
    public let rewrites: [AppliedRewrite]
    /// Whether rounding rules were used.
    public let usesRounding: Bool
    /// What a person should know of the graph.
    public let notes: [String]
}
