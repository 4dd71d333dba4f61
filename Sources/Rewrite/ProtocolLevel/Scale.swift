import IR
import Pricing

/// The scale of a fixed-point number: a ring element stands for itself divided by `2^(factors · f + bits)`, where f is the
/// framework's number of bits after the binary point.
struct Scale: Hashable, Sendable, CustomStringConvertible {
    /// How often the framework's scale is a factor of it.
    var factors: Int
    /// What comes on top.
    var bits = 0

    /// The scale of ordinary fixed-point numbers.
    static let ordinary = Scale(factors: 1)

    /// The scale of a product.
    static func + (left: Scale, right: Scale) -> Scale {
        Scale(factors: left.factors + right.factors, bits: left.bits + right.bits)
    }

    /// The scale after a truncation.
    static func - (left: Scale, right: Scale) -> Scale {
        Scale(factors: left.factors - right.factors, bits: left.bits - right.bits)
    }

    /// Bits after the binary point.
    func width(_ format: FixedPointFormat) -> Int { factors * format.fractionBits + bits }

    var description: String {
        let whole = factors == 1 ? "f" : "\(factors)f"
        return bits == 0 ? whole : "\(whole)\(bits > 0 ? "+" : "")\(bits)"
    }
}
