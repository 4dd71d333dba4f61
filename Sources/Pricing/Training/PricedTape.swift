import IR

/// What a framework writes down while it computes, so that it can differentiate, with what each entry costs.
package struct PricedTape {
    private let graph: Graph
    /// Whether a gradient is needed towards a value, by ``ValueID/index``.
    private(set) var isNeeded: [Bool]
    /// Whether a node is recorded and something that the loss depends on depends on it.
    private(set) var isReached: [Bool]
    /// What the gradients of each recorded node cost, or why they have no price.
    package var gradients: [Result<[Call], Unpriced>?]

    /// What the bodies of each node read from around them.
    private let captures: [Int: [ValueID]]

    package init(_ graph: Graph, needed: Set<ValueID>) {
        self.graph = graph
        captures = Dictionary(grouping: graph.capturesByNode(), by: \.node).mapValues { $0.map(\.value) }
        isNeeded = graph.values.indices.map { needed.contains(ValueID($0)) }
        isReached = Array(repeating: false, count: graph.nodes.count)
        gradients = Array(repeating: nil, count: graph.nodes.count)
    }

    /// What the bodies of a node read from around them.
    package func captured(_ index: Int) -> [ValueID] { captures[index] ?? [] }

    /// Marks what a node computes as in need of a gradient, if it depends on something that is. Integers and truth values,
    /// such as shapes, have no gradients.
    ///
    /// - Returns: whether anything was marked.
    package mutating func need(_ index: Int) -> Bool {
        guard operands(index).contains(where: { isNeeded[$0.index] }) else { return false }
        let outputs = graph.nodes[index].outputs.compactMap { $0 }
            .filter { graph[$0].type?.elementType.isFloatingPoint ?? true }
        for output in outputs { isNeeded[output.index] = true }
        return !outputs.isEmpty
    }

    /// Finds the nodes that a gradient reaches from the given values.
    package mutating func reach(_ values: [ValueID]) {
        var isWanted = [Bool](repeating: false, count: isNeeded.count)
        for value in values { isWanted[value.index] = true }
        for (index, node) in graph.nodes.enumerated().reversed() where gradients[index] != nil {
            isReached[index] = node.outputs.contains { $0.map { isWanted[$0.index] } ?? false }
            guard isReached[index] else { continue }
            for operand in operands(index) where isNeeded[operand.index] { isWanted[operand.index] = true }
        }
    }

    /// All that a node reads.
    private func operands(_ index: Int) -> [ValueID] { graph.nodes[index].inputs.compactMap { $0 } + captured(index) }
}
