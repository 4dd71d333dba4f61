import Foundation
import Pricing

/// Divergences as people read them.
package enum DivergenceFormat {
    /// Relative L2, top-1 agreement and KL, as cells of a table.
    ///
    /// - Parameter isVariant: whether an unknown divergence is to be told as such.
    package static func cells(_ divergence: Divergence?, isVariant: Bool = true) -> [String] {
        guard let divergence else { return [isVariant ? "unknown" : "", "", ""] }
        return [
            number(divergence.relativeL2),
            divergence.top1Agreement.map { String(format: "%.1f %%", $0 * 100) } ?? "",
            divergence.kl.map(number) ?? "",
        ]
    }

    /// Three digits of a number.
    package static func number(_ value: Double) -> String {
        value == 0 ? "0" : String(format: value < 1e-3 ? "%.2e" : "%.3g", value)
    }
}
