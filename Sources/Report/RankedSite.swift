/// A place of a model at which something can be changed, with what that alone does.
package struct RankedSite: Hashable, Sendable {
    /// What the place is called.
    package var place: String
    /// The rule.
    package var rule: String
    /// How much is known of the effect, as in ``Variant/category``.
    package var category: String
    /// What the change saves, in the unit of the objective: seconds, bytes or rounds.
    package var saving: Double
    /// Relative L2 divergence of the outputs; nil if it is not known.
    package var divergence: Double?

    /// A place with the given parts.
    package init(place: String, rule: String, category: String, saving: Double, divergence: Double?) {
        self.place = place
        self.rule = rule
        self.category = category
        self.saving = saving
        self.divergence = divergence
    }
}
