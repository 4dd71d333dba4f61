import Evaluate
import IR
import Rewrite

/// Warns of polynomials on values without bounds.
///
/// A polynomial of degree two or more grows faster than what it takes the place of. Where nothing bounds its operand, values can grow
/// from layer to layer until fixed-point numbers overflow: *escaping activations* (Garimella, Jha and Reagen, "Sisyphus: A Cautionary Tale of
/// Using Low-Degree Polynomial Activations in Privacy-Preserving Deep Learning", 2021).
enum EscapeWarning {
    /// What to say of substitutions by one rule.
    static func warnings(for places: [SubstitutionSites.Site], facts: GraphFacts) -> [String] {
        guard let first = places.first, first.squaresItsOperand else { return [] }
        let isUnbounded = places.contains { place in
            guard let operand = place.operand else { return false }
            let interval = facts.ranges.interval(of: operand)
            return !(interval.low.isFinite && interval.high.isFinite)
        }
        guard isUnbounded else { return [] }
        return [
            "\(first.rule.name) squares a value that nothing bounds: activations can escape, and fixed-point numbers overflow, on inputs "
                + "that are larger than the samples"
        ]
    }
}
