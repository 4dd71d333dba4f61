import IR
import Pricing

/// Writes nodes that a framework is known to compute wrong in the way in which it computes them right. It costs no communication.
struct FaultAvoidance {
    private var graph: Graph
    private var nodes: [Node] = []

    /// The graph with those nodes written otherwise for which that helps, and where their shapes are known.
    ///
    /// - Throws: ``HarrierError`` if the policy names a value that is neither an input nor a constant.
    /// - Complexity: O(nodes · what stands before each).
    static func avoiding(
        faultsOf framework: any Framework, in graph: Graph, _ policy: VisibilityPolicy
    ) throws -> Graph {
        let faults = try framework.faultyNodes(in: graph, policy)
        guard faults.contains(where: { $0.fault.remedy != nil }) else { return graph }
        let remedies = Dictionary(uniqueKeysWithValues: faults.map { ($0.node, $0.fault.remedy) })
        var writer = FaultAvoidance(graph: graph)
        for (index, node) in graph.nodes.enumerated() {
            switch remedies[index] ?? nil {
            case .flattened: writer.flatten(node)
            case .constantFirst: writer.putConstantFirst(node)
            case nil: writer.nodes.append(node)
            }
        }
        writer.graph.nodes = writer.nodes
        return writer.graph
    }

    private init(graph: Graph) { self.graph = graph }

    /// The operator on rows of numbers, and its result in its shape; as it was where operands have several shapes.
    private mutating func flatten(_ node: Node) {
        guard let output = node.output(0), let shape = graph[output].type?.lengths,
            node.inputs.allSatisfy({ isWhole($0, of: shape) })
        else { return nodes.append(node) }
        let count = shape.reduce(1, *)
        var flat = node
        flat.inputs = node.inputs.map { input in
            guard let input, graph[input].type?.lengths == shape else { return input }
            return reshape(input, to: [count], like: node)
        }
        let row = copy(output, "flat", shape: [count])
        flat.outputs = [row]
        nodes.append(flat)
        nodes.append(reshaping(row, to: shape, output, like: node))
    }

    /// Whether an operand has as many elements as the result, or one.
    private func isWhole(_ input: ValueID?, of shape: [Int]) -> Bool {
        guard let input else { return true }
        return graph[input].type?.lengths.map { $0 == shape || $0.reduce(1, *) == 1 } ?? false
    }

    /// `x + k` as `k - (-x)`, and `x - k` as `-(k - x)`.
    private mutating func putConstantFirst(_ node: Node) {
        guard let output = node.output(0), node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1]
        else { return nodes.append(node) }
        func opposite(_ value: ValueID, _ result: ValueID) -> Node {
            Node(op: "Neg", inputs: [value], outputs: [result], scope: node.scope)
        }
        guard node.has(.commutative) else {
            let difference = copy(output, "turned", shape: nil)
            nodes.append(Node(op: "Sub", inputs: [right, left], outputs: [difference], scope: node.scope))
            return nodes.append(opposite(difference, output))
        }
        let (constant, other) = graph[left].constant == nil ? (right, left) : (left, right)
        let turned = copy(other, "turned", shape: nil)
        nodes.append(opposite(other, turned))
        nodes.append(Node(op: "Sub", inputs: [constant, turned], outputs: [output], scope: node.scope))
    }

    /// A value in another shape; a constant becomes another constant.
    private mutating func reshape(_ value: ValueID, to shape: [Int], like node: Node) -> ValueID {
        if var tensor = graph[value].constant?.tensor {
            tensor.shape = shape
            return graph.addConstant("\(graph[value].name)_flat", tensor, isLiteral: true)
        }
        let result = copy(value, "flat", shape: shape)
        nodes.append(reshaping(value, to: shape, result, like: node))
        return result
    }

    private mutating func reshaping(_ value: ValueID, to shape: [Int], _ result: ValueID, like node: Node) -> Node {
        let lengths = graph.addConstant("\(graph[result].name)_shape", Tensor(int64: shape), isLiteral: true)
        return Node(op: "Reshape", inputs: [value, lengths], outputs: [result], scope: node.scope)
    }

    /// A new value of another's type.
    ///
    /// - Parameter shape: its shape; nil if that of the other.
    private mutating func copy(_ value: ValueID, _ suffix: String, shape: [Int]?) -> ValueID {
        var type = graph[value].type
        if let shape { type?.shape = shape.map(Dimension.known) }
        return graph.add(Value(name: "\(graph[value].name)_\(suffix)", type: type))
    }
}
