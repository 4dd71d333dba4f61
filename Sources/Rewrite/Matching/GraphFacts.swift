import Evaluate
import IR

/// A graph together with what matching and conditions ask of it, computed once.
package final class GraphFacts: Sendable {
    /// The longest list that a rule may make; longer ones are mistakes.
    static let largestList = 1 << 20

    /// The graph.
    package let graph: Graph
    /// Who knows each value, by ``ValueID/index``.
    package let visibility: [Visibility]
    /// The node that computes each value.
    let producers: [Int?]
    /// The nodes that read each value, a node as often as it reads it.
    let uses: [[Int]]
    /// Whether a value depends on constants only.
    let isConstant: [Bool]
    /// Where the fixed-point scale is, in protocol-level graphs; nil where it does not work out, and in others.
    let scales: ScaleAnalysis?
    /// In which intervals values lie, found out when somebody asks.
    package let ranges: RangeAnalysis
    private let outputs: Set<ValueID>

    /// Facts about a graph.
    ///
    /// - Parameter knowledge: what is known of the ranges of values.
    /// - Complexity: O(nodes + edges + values).
    package convenience init(
        _ graph: Graph, visibility: [Visibility], knowledge: RangeKnowledge = RangeKnowledge()
    ) {
        self.init(graph, visibility: visibility, knowledge: knowledge, scales: nil)
    }

    /// Facts about a graph, of which it is known how its scales are found.
    init(_ graph: Graph, visibility: [Visibility], knowledge: RangeKnowledge, scales: ScaleSettings?) {
        self.graph = graph
        self.visibility = visibility
        producers = graph.producers()
        uses = graph.uses()
        outputs = Set(graph.outputs)
        isConstant = graph.constantValues()
        let ranges = RangeAnalysis(graph, producers: producers, knowledge: knowledge)
        self.ranges = ranges
        self.scales = scales.flatMap {
            try? ScaleAnalysis.whole(graph, visibility: visibility, settings: $0, ranges: ranges)
        }
    }

    func isOutput(_ id: ValueID) -> Bool { outputs.contains(id) }

    func type(of id: ValueID) throws -> TensorType {
        guard let type = graph[id].type else { throw HarrierError("the type of '\(graph[id].name)' is not known") }
        return type
    }

    func shape(of id: ValueID) throws -> [Int] {
        guard let lengths = try type(of: id).lengths else {
            throw HarrierError("the shape of '\(graph[id].name)' is not known")
        }
        return lengths
    }

    /// The nodes that are at most so many steps along computed values away from the given values, in order.
    func nodes(within steps: Int, of values: Set<ValueID>) -> [Int] {
        var reached: Set<Int> = []
        var frontier = values
        var seen = values
        for _ in 0..<steps where !frontier.isEmpty {
            var next: Set<ValueID> = []
            for value in frontier where graph[value].constant == nil {
                for node in uses[value.index] + [producers[value.index]].compactMap({ $0 }) {
                    guard reached.insert(node).inserted else { continue }
                    for case let id? in graph.nodes[node].inputs + graph.nodes[node].outputs
                    where seen.insert(id).inserted {
                        next.insert(id)
                    }
                }
            }
            frontier = next
        }
        return reached.sorted()
    }

    /// Nodes that are looked at for telling whether one value is computed from another.
    private static let longestWalk = 512

    /// Whether a value is computed from another one, or is that value, or has so many nodes between it and the other's
    /// readers that looking on would cost more than the answer is worth: in a deep network almost all pairs of
    /// nodes are far apart, and far apart they hang together.
    ///
    /// - Complexity: O(nodes and edges between the two), at most a constant.
    func mayDepend(_ id: ValueID, on other: ValueID) -> Bool {
        guard id != other else { return true }
        // Nothing before its first reader is computed from it, which keeps the walk short for inputs and weights, too.
        guard let first = uses[other.index].min() else { return false }
        return mayReach(other, from: id, after: first - 1)
    }

    /// Whether a value is found among what another one is computed from, among the nodes after the given one, or they are too
    /// many.
    private func mayReach(_ other: ValueID, from id: ValueID, after first: Int) -> Bool {
        var pending = [id]
        var seen: Set<Int> = []
        while let next = pending.popLast() {
            guard let node = producers[next.index], node > first, seen.insert(node).inserted else { continue }
            for case let input? in graph.nodes[node].inputs {
                if input == other { return true }
                pending.append(input)
            }
            if seen.count >= Self.longestWalk { return true }
        }
        return false
    }
}
