import Evaluate
import IR

/// Brings masks of attention within the range on which a framework's exponential is right.
///
/// A mask of -10⁹ says that an element has no part in a softmax. The exponential of frameworks that compute (1 + x / 2^n)^(2^n) grows again
/// below -2 · 2^n, so that every element of the result is wrong. A mask of -2^n / 2 says the same, as long as the other elements of a row
/// lie no further apart than a quarter of the range: what is left of a masked element is less than fixed-point numbers resolve, and the
/// check of the result holds it against the original.
///
/// Changed are the elements of constants that are below that, all of whose readers lead to a softmax by sums, choices, products with
/// what is 0 or 1, and moves.
struct MaskClipping {
    /// The name of the step.
    static let step = "masks-within-range"

    /// How far below the largest of its row an operand of a softmax may lie.
    let depth: Double

    /// What elements are raised to.
    private var mask: Double { -depth / 4 }

    /// The graph with masks within the range, and the names of the nodes that read them; nil if there is nothing to change.
    ///
    /// - Complexity: O(nodes + edges), and the elements of constants that lead to a softmax.
    func clipped(_ graph: Graph) -> (graph: Graph, names: [String])? {
        var result = graph
        let uses = graph.uses()
        var changed: [Int] = []
        for (index, value) in graph.values.enumerated() where value.constant != nil {
            let id = ValueID(index)
            guard !graph.outputs.contains(id), leadsToSoftmax(id, graph, uses), let tensor = clipped(value) else {
                continue
            }
            let isLiteral = value.constant.map { !$0.isParameter } ?? false
            let replacement = result.addConstant("\(value.name)_within_range", tensor, isLiteral: isLiteral)
            for node in Set(uses[index]).sorted() {
                for (position, input) in graph.nodes[node].inputs.enumerated() where input == id {
                    result.nodes[node].inputs[position] = replacement
                }
                changed.append(node)
            }
        }
        guard !changed.isEmpty else { return nil }
        return (result.removingDeadCode(), Set(changed).sorted().map(graph.displayName))
    }

    /// Whether everything that reads a value hands it on to a softmax.
    private func leadsToSoftmax(_ id: ValueID, _ graph: Graph, _ uses: [[Int]]) -> Bool {
        var pending = [id]
        var seen: Set<ValueID> = [id]
        var reaches = false
        while let value = pending.popLast() {
            if graph.outputs.contains(value) { return false }
            for index in uses[value.index] {
                let node = graph.nodes[index]
                if node.has(.softmax) {
                    reaches = true
                    continue
                }
                guard handsOn(node), let output = node.output(0) else { return false }
                if seen.insert(output).inserted { pending.append(output) }
            }
        }
        return reaches
    }

    /// Whether a node's result is made of its operands' elements by sums, choices, products and moves.
    private func handsOn(_ node: Node) -> Bool {
        node.has(.dataMovement) || node.has(.elementwise) && (node.has(.linear) || node.has(.product))
            || node.has(.choice)
    }

    /// The constant with its smallest elements raised; nil if none is below the range, or it has no data.
    private func clipped(_ value: Value) -> Tensor? {
        guard let tensor = value.constant?.tensor, tensor.elementType.isFloatingPoint, tensor.isAvailable,
            let elements = try? tensor.doubles(), elements.contains(where: { $0 < 2 * mask })
        else { return nil }
        let raised = elements.map { $0 < mask ? mask : $0 }
        return try? NumericArray(raised, shape: tensor.shape, elementType: tensor.elementType).tensor()
    }
}
