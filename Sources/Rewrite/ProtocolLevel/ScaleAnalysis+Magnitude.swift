import IR

extension ScaleAnalysis {
    /// How large what a node computes is assumed to be, if its operands are what is assumed of them.
    func assumedResult(_ node: Node, _ inputs: [ValueID]) -> Int {
        let largest = inputs.map(assumedBits).max() ?? Self.assumedBits
        switch node.op.type {
        // Where activations truncate, sums of products are the framework's own, whatever the graph does.
        case "Add", "Sub", "Sum": return settings.truncatesActivations ? largest : largest + inputs.count.ceilLog2
        case "ReduceSum": return (inputs.first.map(assumedBits) ?? largest) + summands(node, inputs)
        case "Concat", "Max", "Min", "Where": return largest
        case "Shift": return max(0, largest - ((try? node.int("bits")) ?? 0))
        default:
            // What moves elements about, or picks among them, makes none larger.
            let isMovement = Self.alignedOperands(node) != nil || ProtocolLevel.averages.contains(node.op.type)
            let isProduct = ProtocolLevel.products.contains(node.op.type)
            return (isMovement || ProtocolLevel.contains(node.op)) && !isProduct
                ? inputs.first.map(assumedBits) ?? largest : Self.assumedBits
        }
    }

    /// The logarithm of how many elements a reduction adds up.
    private func summands(_ node: Node, _ inputs: [ValueID]) -> Int {
        let before = inputs.first.map(elementCount) ?? 1
        let after = node.output(0).map(elementCount) ?? 1
        return (before / max(1, after)).ceilLog2
    }
}
