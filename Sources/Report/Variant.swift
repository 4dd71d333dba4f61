import Pricing

/// A cheaper variant of a model: a point of the front of cost against divergence.
package struct Variant: Sendable {
    /// How far a variant's outputs are from the model's.
    package struct Divergence: Hashable, Sendable {
        /// ‖variant − model‖₂ / ‖model‖₂ at the logits.
        package var relativeL2: Double
        /// The share of samples on which both say the same class, from 0 to 1; nil if the outputs are no classes.
        package var top1Agreement: Double?
        /// Kullback–Leibler divergence of the variant's class probabilities from the model's, in nats; nil if the outputs are no
        /// classes.
        package var klDivergence: Double?
        /// On how many samples it was measured.
        package var samples: Int
        /// Whether the samples were made up instead of given.
        package var isSynthetic: Bool

        /// The given figures.
        package init(
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
    package var name: String
    /// What it costs.
    package var total: Cost
    /// How far its outputs are from the model's; nil if that is not known.
    package var divergence: Divergence?
    /// Why the divergence is not known; empty if it is.
    package var whyUnknown = ""
    /// `exact`, `rounding`, `bounded error`, `needs fine-tuning` or `needs distillation`.
    package var category: String
    /// What was changed, a phrase each.
    package var changes: [String] = []
    /// What is published of such changes, a paragraph each.
    package var published: [String] = []
    /// What the reader should beware of, a sentence each.
    package var warnings: [String] = []
    /// The file that holds it; nil if none was written.
    package var file: String?
    /// The command that makes it again; empty if there is none.
    package var command = ""
    /// Its drawing; nil for none.
    package var picture: Picture?

    /// A variant without changes, warnings, file and drawing.
    package init(name: String, total: Cost, divergence: Divergence?, category: String) {
        self.name = name
        self.total = total
        self.divergence = divergence
        self.category = category
    }
}
