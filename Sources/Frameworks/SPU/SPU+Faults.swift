import IR
import Pricing

extension SPU {
    /// What comes of a node that reads such an operator's result and a public constant with different elements, as many as its own.
    private static let faults: [OperatorName: String] = [
        "Transpose":
            "a transposed value meets a constant, whose elements the compiler takes in the wrong order; make it an input or a parameter",
        "Sqrt":
            "a root meets a constant of several numbers, at which the compiler ends ('Assertion isSplat()'); make it an input or a parameter",
    ]

    /// What SPU 0.9.5 (and 0.9.3b0) was seen to compute wrong whatever the numbers are, or to end at. Both come from constants with several
    /// different elements, which its compiler moves through other operators; secret and public inputs of the same values are right.
    @Sendable static func fault(_ site: OperatorSite) -> String? {
        guard let context = site.context, site.node.has(.elementwise), site.node.inputs.count > 1 else { return nil }
        let meetsConstant = site.node.inputs.indices.contains { position in
            guard let operand = site.input(position), operand.visibility == .public,
                operand.count == site.outputs.first.flatMap({ $0?.count }),
                let elements = try? operand.tensor?.doubles(), let first = elements.first
            else { return false }
            return elements.contains { $0 != first }
        }
        guard meetsConstant else { return nil }
        let producers = site.node.inputs.compactMap { $0.flatMap(context.producer) }
        return producers.lazy.compactMap { producer in
            // Roots are the trouble in sums alone, where the compiler looks for a negligible number.
            producer.has(.dataMovement) || site.node.has(.linear) ? faults[producer.op] : nil
        }.first
    }
}
