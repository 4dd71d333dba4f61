import Pricing

/// A cheaper variant of a model: a point of the front of cost against divergence.
public struct Variant: Sendable {
    /// How far a variant's outputs are from the model's.
    public struct Divergence: Hashable, Sendable {
        /// ‖variant − model‖₂ / ‖model‖₂ at the logits.
        public var relativeL2: Double
        /// The share of samples on which both say the same class, from 0 to 1; nil if the outputs are no classes.
        public var top1Agreement: Double?
        /// Kullback–Leibler divergence of the variant's class probabilities from the model's, in nats; nil if the outputs are no
        /// classes.
        public var klDivergence: Double?
        /// On how many samples it was measured.
        public var samples: Int
        /// Whether the samples were made up instead of given.
        public var isSynthetic: Bool

        /// The given figures.
        public init(
            relativeL2: Double, top1Agreement: Double? = nil, klDivergence: Double? = nil, samples: Int,
            isSynthetic: Bool
        ) {
            self.relativeL2 = relativeL2
            self.top1Agreement = top1Agreement
            self.klDivergence = klDivergence
            self.samples = samples
            self.isSynthetic = isSynthetic
        }
    }

    /// What the page calls it.
    public var name: String
    /// What it costs.
    public var total: Cost
    /// How far its outputs are from the model's; nil if that is not known.
    public var divergence: Divergence?
    /// Why the divergence is not known; empty if it is.
    public var whyUnknown = ""
    /// `exact`, `rounding`, `bounded error`, `needs fine-tuning` or `needs distillation`.
    public var category: String
    /// What was changed, a phrase each.
    public var changes: [String] = []
    /// What is published of such changes, a paragraph each.
    public var published: [String] = []
    /// What the reader should beware of, a sentence each.
    public var warnings: [String] = []
    /// The file that holds it; nil if none was written.
    public var file: String?
    /// The command that makes it again; empty if there is none.
    public var command = ""
    /// Its drawing; nil for none.
    public var picture: Picture?

    /// A variant without changes, warnings, file and drawing.
    public init(name: String, total: Cost, divergence: Divergence?, category: String) {
        self.name = name
        self.total = total
        self.divergence = divergence
        self.category = category
    }
}
