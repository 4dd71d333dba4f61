import IR

/// Names what an alignment leaves over and what is different about the pairs.
struct ChangeFinder {
    let alignment: GraphAlignment
    var first: AlignedGraph { alignment.first }
    var second: AlignedGraph { alignment.second }
    /// Nodes that only the second graph has and that stand in a change already.
    private var explained: Set<Int> = []

    init(_ alignment: GraphAlignment) { self.alignment = alignment }

    /// All differences, in order.
    mutating func changes() -> [GraphChange] {
        let added = second.order.filter { alignment.inverse[$0] == nil }
        let places = Dictionary(
            uniqueKeysWithValues: added.map { node in
                (node, second.surroundings(of: node) { alignment.inverse[$0] != nil })
            })
        var result: [GraphChange] = []
        for one in first.order {
            if let two = alignment.partners[one] {
                result += changes(of: one, two)
            } else {
                result.append(leftOver(one, added, places))
            }
        }
        for two in added where !explained.contains(two) {
            let text = "new \(second.description(of: two, places[two]))"
            result.append(
                GraphChange(
                    kind: .added, op: second.graph.nodes[two].op, node: second.graph.displayName(ofNode: two),
                    text: text, first: nil, second: two, isOnConstants: second.isOnConstants(two)))
        }
        return result
    }

    /// A difference about a node of the first graph.
    func change(_ kind: GraphChange.Kind, _ one: Int, _ two: Int?, _ text: String) -> GraphChange {
        GraphChange(
            kind: kind, op: first.graph.nodes[one].op, node: first.graph.displayName(ofNode: one), text: text,
            first: one, second: two, isOnConstants: first.isOnConstants(one))
    }

    // MARK: Nodes of one graph

    /// What became of a node that has no partner.
    private mutating func leftOver(_ one: Int, _ added: [Int], _ places: [Int: NodeSurroundings]) -> GraphChange {
        let here = first.surroundings(of: one) { alignment.partners[$0] != nil }
        let node = first.graph.nodes[one]
        let text = first.description(of: one, here)
        if isAlone(one) {
            let free = added.filter { !explained.contains($0) && isAlone($0, inSecond: true) }
            if let twin = free.first(where: { isReplacement($0, places[$0], of: one, here) }) {
                explained.insert(twin)
                let op = second.graph.nodes[twin].op
                return change(.replaced, one, twin, "\(text) became \(op) '\(second.graph.displayName(ofNode: twin))'")
            }
            if let moved = free.first(where: { isMoved($0, places[$0], from: one, here) }) {
                explained.insert(moved)
                return change(.moved, one, moved, "\(text) is now \(second.position(of: moved, places[moved]))")
            }
        }
        let named = added.first {
            !explained.contains($0) && !node.name.isEmpty && second.graph.nodes[$0].name == node.name
                && second.graph.nodes[$0].op == node.op
        }
        if let named {
            explained.insert(named)
            return change(.moved, one, named, "\(text) is now \(second.position(of: named, places[named]))")
        }
        if first.isResidual(one) { return change(.lost, one, nil, "dropped the residual connection \(text)") }
        return change(.lost, one, nil, "lost \(text)")
    }

    /// Whether all nodes around a node have partners.
    private func isAlone(_ node: Int, inSecond: Bool = false) -> Bool {
        let (side, partners) = inSecond ? (second, alignment.inverse) : (first, alignment.partners)
        return !side.isOnConstants(node)
            && side.consumers(of: node).allSatisfy { partners[$0] != nil }
            && side.dataOperands(of: node).compactMap { side.producers[$0.index] }.allSatisfy { partners[$0] != nil }
    }

    /// Whether another operator stands between the same nodes.
    private func isReplacement(_ two: Int, _ there: NodeSurroundings?, of one: Int, _ here: NodeSurroundings) -> Bool {
        guard let there, second.graph.nodes[two].op != first.graph.nodes[one].op else { return false }
        return Set(here.below.map(translated)) == Set(there.below.map(Optional.some))
            && Set(here.above.map(translated)) == Set(there.above.map(Optional.some))
    }

    /// Whether the same operator stands on another side of one of the same nodes.
    private func isMoved(_ two: Int, _ there: NodeSurroundings?, from one: Int, _ here: NodeSurroundings) -> Bool {
        let (left, right) = (first.graph.nodes[one], second.graph.nodes[two])
        guard let there, left.op == right.op, first.dataOperands(of: one).count == 1,
            AlignedGraph.attributeHash(of: left) == AlignedGraph.attributeHash(of: right)
        else { return false }
        let mine = Set((here.below + here.above).compactMap(translated))
        return (there.below + there.above).contains { mine.contains($0) }
    }

    /// The place of the second graph that a place of the first one is.
    private func translated(_ place: NodeSurroundings.Place) -> NodeSurroundings.Place? {
        switch place {
        case .node(let node): alignment.partners[node].map(NodeSurroundings.Place.node)
        case .value(let id):
            (alignment.inputs + alignment.outputs).first { $0.first == id }.map { .value($0.second) }
        }
    }
}
