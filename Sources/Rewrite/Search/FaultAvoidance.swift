import IR
import Pricing

/// Writes nodes that a framework is known to compute wrong in the way in which it computes them right. It costs no communication.
struct FaultAvoidance {
    private var graph: Graph
    private var nodes: [Node] = []

    /// The graph with those nodes written otherwise for which that helps, and where their shapes are known.
    ///
    /// - Throws: ``HarrierError`` if the policy names a value that is neither an input nor a constant.
    /// - Complexity: O(nodes · movements before each).
    static func avoiding(
        faultsOf framework: any Framework, in graph: Graph, _ policy: VisibilityPolicy, evaluator: any ConstantEvaluator
    ) throws -> Graph {
        func faulty(_ graph: Graph, _ remedy: FrameworkFault.Remedy) throws -> [Int] {
            try framework.faultyNodes(in: graph, policy).filter { $0.fault.remedy == remedy }.map(\.node)
        }
        var graph = graph
        let moved = try faulty(graph, .beforeMovements).compactMap { graph.nodes[$0].output(0) }
        if !moved.isEmpty {
            graph = MovementSinking.sinking(results: Set(moved), in: graph).foldingPrecomputed(evaluator: evaluator)
                .removingDeadCode()
        }
        let turned = Set(try faulty(graph, .constantFirst))
        if turned.isEmpty { return graph }
        var writer = FaultAvoidance(graph: graph)
        for (index, node) in graph.nodes.enumerated() {
            if turned.contains(index) { writer.putConstantFirst(node) } else { writer.nodes.append(node) }
        }
        writer.graph.nodes = writer.nodes
        return writer.graph
    }

    private init(graph: Graph) { self.graph = graph }

    /// `x + k` as `k - (-x)`, and `x - k` as `-(k - x)`.
    private mutating func putConstantFirst(_ node: Node) {
        guard let output = node.output(0), node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1]
        else { return nodes.append(node) }
        func opposite(_ value: ValueID, _ result: ValueID) -> Node {
            Node(op: "Neg", inputs: [value], outputs: [result], scope: node.scope)
        }
        guard node.has(.commutative) else {
            let difference = turned(output)
            nodes.append(Node(op: "Sub", inputs: [right, left], outputs: [difference], scope: node.scope))
            return nodes.append(opposite(difference, output))
        }
        let (constant, other) = graph[left].constant == nil ? (right, left) : (left, right)
        let turned = turned(other)
        nodes.append(opposite(other, turned))
        nodes.append(Node(op: "Sub", inputs: [constant, turned], outputs: [output], scope: node.scope))
    }

    private mutating func turned(_ value: ValueID) -> ValueID {
        graph.add(Value(name: "\(graph[value].name)_turned", type: graph[value].type))
    }
}
