import Pricing

/// What came of looking for variants of a model.
public struct Suggestions: Sendable {
    /// A way to decide, with what it does when it is the only one.
    public struct RankedChange: Sendable {
        /// The decision.
        public let change: Suggestion.Change
        /// Saving by the objective per relative L2 divergence; nil if the divergence is not known.
        public let ratio: Double?
    }

    /// The model's own cost.
    public let original: Cost
    /// Variants of which none costs as little or less than another at no more divergence, the cheapest first. Where the divergence is not
    /// known: of which none costs as little or less at no worse class and no more changed places.
    public var variants: [Suggestion]
    /// Every decision alone, by what it saves per divergence, the best first; by what it saves where the divergence is not known.
    public let ranking: [RankedChange]
    /// How the divergence was measured; nil if it is not known.
    public let samples: Samples?
    /// Why the divergence is not known; nil if it is.
    public let whyUnknown: String?
    /// How places were put together.
    public let grouping: Grouping
    /// How many decisions there were, and how many sets of decisions.
    public let choices: Int
    /// Sets of decisions that were measured.
    public let measured: Int
    /// Whether all of them were.
    public let isExhaustive: Bool
    /// Points of the front that were found, of which ``variants`` shows some.
    public let frontSize: Int
    /// Seconds it took.
    public let seconds: Double
    /// What a person should know.
    public let notes: [String]
}
