import IR

extension Rule {
    /// Whether the right side squares a value and the left side does not, so that the new nodes grow faster than the old ones.
    var squaresItsOperand: Bool {
        get throws { try forms.contains { form in squares(form.replacement.body) && !squares(form.pattern.graph) } }
    }

    private func squares(_ graph: Graph) -> Bool {
        graph.nodes.contains { node in
            node.op == "Pow" || node.op == "Mul" && node.input(0) == node.input(1)
        }
    }
}
