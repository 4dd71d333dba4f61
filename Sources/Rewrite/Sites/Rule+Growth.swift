import IR

extension Rule {
    /// Whether the right side squares a value and the left side does not, so that the new nodes grow faster than the old ones.
    var squaresItsOperand: Bool {
        get throws { try forms.contains { form in squares(form.replacement.body) && !squares(form.pattern.graph) } }
    }

    private func squares(_ graph: Graph) -> Bool {
        graph.nodes.contains { $0.has(.power) }
    }
}
