import Graph

/// A graph together with what matching and conditions ask of it, computed once.
public final class GraphFacts: Sendable {
    /// The longest list that a rule may make; longer ones are mistakes.
    static let largestList = 1 << 20

    /// The graph.
    public let graph: Graph
    /// Who knows each value, by ``ValueID/index``.
    public let visibility: [Visibility]
    /// The node that computes each value.
    let producers: [Int?]
    /// The nodes that read each value, a node as often as it reads it.
    let uses: [[Int]]
    /// Whether a value depends on constants only.
    let isConstant: [Bool]
    private let outputs: Set<ValueID>
    /// Values that cannot be negative for reasons outside of the graph.
    private let nonnegative: Set<ValueID>

    /// Facts about a graph.
    ///
    /// - Parameter nonnegative: values that cannot be negative for reasons outside of the graph.
    /// - Complexity: O(nodes + edges + values).
    public init(_ graph: Graph, visibility: [Visibility], nonnegative: Set<ValueID> = []) {
        self.nonnegative = nonnegative
        self.graph = graph
        self.visibility = visibility
        producers = graph.producers()
        uses = graph.uses()
        outputs = Set(graph.outputs)
        isConstant = graph.constantValues()
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

    /// Whether a value is computed from another one, or is that value.
    ///
    /// - Complexity: O(nodes and edges between the two).
    func depends(_ id: ValueID, on other: ValueID) -> Bool {
        guard id != other else { return true }
        guard let first = producers[other.index] else { return reaches(other, from: id, after: -1) }
        return reaches(other, from: id, after: first)
    }

    /// Whether a value is found among what another one is computed from, among the nodes after the given one.
    private func reaches(_ other: ValueID, from id: ValueID, after first: Int) -> Bool {
        var pending = [id]
        var seen: Set<Int> = []
        while let next = pending.popLast() {
            guard let node = producers[next.index], node > first, seen.insert(node).inserted else { continue }
            for case let input? in graph.nodes[node].inputs {
                if input == other { return true }
                pending.append(input)
            }
        }
        return false
    }

    /// Whether a value cannot be negative, from the operators that compute it. Says no where it is not sure.
    func isNonnegative(_ id: ValueID, depth: Int = 8) -> Bool {
        if nonnegative.contains(id) { return true }
        guard depth > 0, let producer = producers[id.index] else {
            guard let values = try? graph.publicConstant(id)?.doubles() else { return false }
            return values.allSatisfy { $0 >= 0 }
        }
        let node = graph.nodes[producer]
        guard node.op.domain.isEmpty else { return false }
        func operand(_ index: Int) -> Bool {
            node.input(index).map { isNonnegative($0, depth: depth - 1) } ?? false
        }
        switch node.op.type {
        case "Relu", "Sigmoid", "Softmax", "Exp", "Abs", "Sqrt", "Softplus", "HardSigmoid", "ReduceL1", "ReduceL2",
            "ReduceSumSquare":
            return true
        case "Mul": return node.input(0) == node.input(1) || (operand(0) && operand(1))
        case "Pow":
            guard let exponent = node.input(1).flatMap({ graph.publicConstant($0)?.scalar }) else { return false }
            return exponent.truncatingRemainder(dividingBy: 2) == 0
        case "Clip": return node.input(1).flatMap { graph.publicConstant($0)?.scalar }.map { $0 >= 0 } ?? false
        case "Add", "Div", "Max", "Min", "Concat", "Sum", "Mean":
            return node.inputs.indices.allSatisfy(operand)
        case "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceSum", "ReduceMax",
            "ReduceMin", "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Gather", "Expand",
            "Identity", "Dropout", "Split":
            return operand(0)
        default: return false
        }
    }
}

extension Graph {
    /// The tensor of a value that is public and known: a literal, an integer or scalar initializer, or what inference found.
    func publicConstant(_ id: ValueID) -> Tensor? {
        if let known = self[id].known { return known }
        guard let constant = self[id].constant, !constant.isParameter, constant.tensor.isAvailable else { return nil }
        return constant.tensor
    }
}
