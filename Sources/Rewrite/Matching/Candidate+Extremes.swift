import IR

extension Candidate {
    /// Whether one of the sides multiplies or divides something into which a number near the largest of its type goes, such as a mask of
    /// -3.4·10³⁸: what comes to that number on one side can be infinite, or none, on the other.
    ///
    /// - Complexity: linear in the nodes of both sides.
    func multipliesExtremes(in facts: GraphFacts) -> Bool {
        let before = matched.lazy.map { facts.graph.nodes[$0] }.filter(\.multiplies).flatMap(\.inputs)
        let after = fragment.nodes.lazy.filter(\.multiplies).flatMap(\.inputs)
            .map { $0.flatMap { hostValues[$0.index] } }
        return before.contains { $0.map(facts.meetsExtreme) ?? false }
            || after.contains { $0.map(facts.meetsExtreme) ?? false }
    }
}

extension Node {
    /// Whether it computes products, powers or quotients.
    fileprivate var multiplies: Bool { has(.product) || has(.power) || has(.scaled) || has(.steep) }
}
