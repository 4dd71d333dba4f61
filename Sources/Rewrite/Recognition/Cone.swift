import IR

/// Nodes that compute one value from one other value, parameters and public numbers: what could be an operator spelled out.
struct Cone: Sendable {
    /// The node that computes the result.
    let root: Int
    /// The value from which everything is computed that is no constant.
    let operand: ValueID
    /// Constants that are no public numbers, in the order in which the nodes read them.
    let parameters: [ValueID]
    /// The nodes, in increasing order.
    let nodes: [Int]
}

/// Finds the cones behind a node.
///
/// Going backwards, always from the last node that is still to be looked at, every moment at which only one value is left that is no
/// constant is a cone with that value as its operand. No value inside may be read elsewhere: it would have to be computed all the same.
struct ConeFinder {
    /// Nodes of the largest cone.
    private static let largest = 48

    private let facts: GraphFacts
    private let isInside: [Bool]
    private var rests: [ValueID: Bool] = [:]

    /// - Parameter isInside: whether each node of the graph can be a part of a cone.
    init(_ facts: GraphFacts, isInside: [Bool]) {
        self.facts = facts
        self.isInside = isInside
    }

    /// A cone while it grows.
    private struct Growth {
        var nodes: Set<Int> = []
        var pending: [ValueID] = []
        var parameters: [ValueID] = []
    }

    /// The cones whose result the node computes, the smallest first.
    mutating func cones(behind root: Int) -> [Cone] {
        guard isInside[root] else { return [] }
        var growth = Growth()
        var result: [Cone] = []
        add(root, to: &growth)
        while growth.nodes.count <= Self.largest {
            if growth.pending.count == 1 {
                result.append(
                    Cone(
                        root: root, operand: growth.pending[0], parameters: growth.parameters,
                        nodes: growth.nodes.sorted()))
            }
            guard let next = last(of: growth.pending), let producer = facts.producers[next.index], isInside[producer],
                !facts.isOutput(next), facts.uses[next.index].allSatisfy(growth.nodes.contains)
            else { break }
            growth.pending.removeAll { $0 == next }
            add(producer, to: &growth)
        }
        return result
    }

    /// The value that is computed last.
    private func last(of values: [ValueID]) -> ValueID? {
        values.max { (facts.producers[$0.index] ?? -1) < (facts.producers[$1.index] ?? -1) }
    }

    private mutating func add(_ node: Int, to growth: inout Growth) {
        guard growth.nodes.insert(node).inserted else { return }
        for case let input? in facts.graph.nodes[node].inputs {
            if facts.isConstant[input.index] {
                addConstant(input, to: &growth)
            } else if !growth.pending.contains(input) {
                growth.pending.append(input)
            }
        }
    }

    /// What a constant is made of by public numbers alone, or by moving a parameter's elements, belongs to the cone.
    private mutating func addConstant(_ id: ValueID, to growth: inout Growth) {
        if isPublicNumber(id) { return }
        if let producer = facts.producers[id.index], isInside[producer],
            restsOnPublicNumbers(id) || facts.graph.nodes[producer].has(.dataMovement)
        {
            add(producer, to: &growth)
        } else if !growth.parameters.contains(id) {
            growth.parameters.append(id)
        }
    }

    /// Whether the value is a number, or a list of integers, that everybody knows.
    private func isPublicNumber(_ id: ValueID) -> Bool {
        guard facts.visibility[id.index] == .public, let tensor = facts.graph.publicTensor(id) else { return false }
        return tensor.elementCount == 1 || !tensor.elementType.isFloatingPoint
    }

    private mutating func restsOnPublicNumbers(_ id: ValueID) -> Bool {
        if let known = rests[id] { return known }
        if isPublicNumber(id) { return true }
        guard let producer = facts.producers[id.index], isInside[producer] else { return false }
        rests[id] = false
        var result = true
        for case let input? in facts.graph.nodes[producer].inputs where !restsOnPublicNumbers(input) { result = false }
        rests[id] = result
        return result
    }
}
