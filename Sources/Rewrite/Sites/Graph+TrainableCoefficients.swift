import IR

extension Graph {
    /// The graph with the numbers that substitutions multiply by and add as initializers, each with a name of its own, so that a
    /// program that reads the file can train them with the weights. They stay single numbers, which are public; exponents, bounds and
    /// all other numbers stay literals.
    ///
    /// - Parameter rules: the names of the rules whose nodes have such numbers.
    /// - Complexity: O(nodes).
    public func withTrainableCoefficients(of rules: Set<String>) -> Graph {
        var result = self
        var taken = Set(values.map(\.name))
        for (index, node) in nodes.enumerated() {
            guard let rule = node.rule, rules.contains(rule), node.isArithmetic else {
                continue
            }
            for (place, id) in node.inputs.enumerated() {
                guard let id, let constant = self[id].constant, constant.form != .initializer,
                    constant.tensor.elementType.isFloatingPoint, constant.tensor.elementCount == 1,
                    constant.tensor.shape.isEmpty
                else { continue }
                let name = unique("\(node.name.isEmpty ? rule : node.name).coefficient", &taken)
                result.nodes[index].inputs[place] = result.add(
                    Value(name: name, constant: Constant(constant.tensor, form: .initializer)))
            }
        }
        return result.compacted()
    }
}

extension Node {
    /// Whether it is a sum, a difference, a product or a quotient of two operands, element by element.
    fileprivate var isArithmetic: Bool {
        op == "Div" || inputs.count == 2 && has(.elementwise) && (has(.linear) || has(.product))
    }
}
