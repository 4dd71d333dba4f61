import Pricing

/// What a model costs otherwise than by changing it: with another setting, or under another framework.
package struct AlternativeRow: Hashable, Sendable {
    /// The setting or the framework.
    package var name: String
    /// What is different besides the cost, such as against whom it protects.
    package var remark: String
    /// What it costs.
    package var total: Cost
    /// Operators without a price, which count as nothing.
    package var unpriced: Int

    /// A row with the given parts.
    package init(name: String, remark: String, total: Cost, unpriced: Int) {
        self.name = name
        self.remark = remark
        self.total = total
        self.unpriced = unpriced
    }
}
