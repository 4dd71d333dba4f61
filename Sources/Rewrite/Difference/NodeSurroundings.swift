import IR

/// Where a node stands between nodes that both graphs have.
struct NodeSurroundings: Sendable {
    /// Nodes below it, and inputs of the graph, from which it is reached without another node of both graphs.
    let below: [Place]
    /// Nodes above it, and outputs of the graph.
    let above: [Place]

    /// A node that both graphs have, or an input or output of both.
    enum Place: Hashable, Sendable {
        case node(Int)
        case value(ValueID)
    }
}

extension AlignedGraph {
    /// The surroundings of a node.
    ///
    /// - Parameter isPaired: whether both graphs have the node of that index.
    /// - Complexity: linear in the number of nodes in between.
    func surroundings(of node: Int, isPaired: (Int) -> Bool) -> NodeSurroundings {
        NodeSurroundings(
            below: nearest(from: node, isPaired: isPaired) {
                graph.nodes[$0].inputs.compactMap { $0 }
            } next: { id in
                isConstant[id.index] ? nil : producers[id.index].map { [$0] } ?? []
            },
            above: nearest(from: node, isPaired: isPaired) {
                graph.nodes[$0].outputs.compactMap { $0 }
            } next: { id in
                uses[id.index]
            })
    }

    /// The nearest nodes of both graphs along values; a value that leads to no node stands for itself.
    private func nearest(
        from start: Int, isPaired: (Int) -> Bool, values: (Int) -> [ValueID], next: (ValueID) -> [Int]?
    ) -> [NodeSurroundings.Place] {
        var result: [NodeSurroundings.Place] = []
        var seen: Set<NodeSurroundings.Place> = []
        var pending = [start]
        while let node = pending.popLast() {
            // The first operand's side comes first.
            for value in values(node).reversed() {
                guard let nodes = next(value) else { continue }
                if nodes.isEmpty, seen.insert(.value(value)).inserted { result.append(.value(value)) }
                for other in nodes where seen.insert(.node(other)).inserted {
                    if isPaired(other) { result.append(.node(other)) } else { pending.append(other) }
                }
            }
        }
        return result.reversed()
    }

    /// Whether one node is reached from another, going down along at most `limit` nodes.
    func isBelow(_ lower: Int, _ upper: Int, limit: Int = 2000) -> Bool {
        var seen: Set<Int> = [upper]
        var pending = [upper]
        while let node = pending.popLast(), seen.count < limit {
            for value in dataOperands(of: node) {
                guard let producer = producers[value.index], seen.insert(producer).inserted else { continue }
                if producer == lower { return true }
                pending.append(producer)
            }
        }
        return false
    }
}

// MARK: In words

extension AlignedGraph {
    /// A node and where it stands.
    func description(of node: Int, _ surroundings: NodeSurroundings?) -> String {
        "\(graph.nodes[node].op) '\(graph.displayName(ofNode: node))' \(position(of: node, surroundings))"
    }

    /// Where a node stands.
    func position(of node: Int, _ surroundings: NodeSurroundings?) -> String {
        if isOnConstants(node) { return "on constants" }
        guard let surroundings else { return "" }
        let (below, above) = (list(surroundings.below), list(surroundings.above))
        return dataOperands(of: node).count > 1
            ? "that joins \(below), before \(above)" : "between \(below) and \(above)"
    }

    private func list(_ places: [NodeSurroundings.Place]) -> String {
        if places.isEmpty { return "nothing" }
        let names = places.prefix(3).map(name)
        return names.joined(separator: " and ") + (places.count > 3 ? " and \(places.count - 3) more" : "")
    }

    /// How messages call a place.
    func name(of place: NodeSurroundings.Place) -> String {
        switch place {
        case .node(let node): return "'\(graph.displayName(ofNode: node))'"
        case .value(let id): return "the \(graph.inputs.contains(id) ? "input" : "output") '\(graph[id].name)'"
        }
    }

    /// Whether a node adds a value to something computed from it.
    func isResidual(_ node: Int) -> Bool {
        guard graph.nodes[node].has([.linear, .commutative]) else { return false }
        let producers = dataOperands(of: node).map { self.producers[$0.index] }
        guard producers.count > 1 else { return false }
        return producers.contains { lower in
            guard let lower else { return true }
            return producers.contains { upper in upper.map { isBelow(lower, $0) } ?? false }
        }
    }
}
