import IR

/// Code sinking of transpositions and reshapes: elementwise operators are computed before the movements that their operands went through,
/// and their results are moved instead.
///
/// Before: `t = Transpose (x)  r = Relu (t)  y = Mul (r, k)`. After: `r = Relu (x)  p = Mul (r, k')  y = Transpose (p)`, where k' is k
/// transposed back.
struct MovementSinking {
    private var graph: Graph
    private var nodes: [Node] = []
    private let movements: [ValueID: Movement]
    /// The values as they are before their movements, by the values behind them.
    private var sources: [ValueID: ValueID] = [:]

    /// The graph in which the nodes with the given first results are computed before movements, with the elementwise nodes between, wherever
    /// that is possible.
    ///
    /// - Complexity: O(nodes · steps of movements)
    static func sinking(results: Set<ValueID>, in graph: Graph) -> Graph {
        if results.isEmpty { return graph }
        var sinking = MovementSinking(graph: graph, movements: graph.movements())
        let needed = sinking.valuesToCompute(for: results)
        for node in graph.nodes { sinking.write(node, needed) }
        sinking.graph.nodes = sinking.nodes
        return sinking.graph
    }

    private init(graph: Graph, movements: [ValueID: Movement]) {
        self.graph = graph
        self.movements = movements
    }

    /// The values that are needed as they are before their movements: the given ones and what these are computed from.
    private func valuesToCompute(for results: Set<ValueID>) -> Set<ValueID> {
        var needed = results.filter { movements[$0]?.isElementwise == true }
        for node in graph.nodes.reversed() {
            guard let output = node.output(0), needed.contains(output) else { continue }
            needed.formUnion(node.inputs.compactMap { $0 }.filter { movements[$0] != nil })
        }
        return needed
    }

    private mutating func write(_ node: Node, _ needed: Set<ValueID>) {
        guard let output = node.output(0), needed.contains(output), let movement = movements[output],
            let shape = graph[output].type?.lengths
        else { return nodes.append(node) }
        if node.has(.elementwise) { return sink(node, output, movement, shape) }
        nodes.append(node)
        if let operand = node.input(0) { sources[output] = sources[operand] ?? operand }
    }

    /// The node on its operands as they are before the movement, and the movement behind it.
    private mutating func sink(_ node: Node, _ output: ValueID, _ movement: Movement, _ shape: [Int]) {
        var sunk = node
        sunk.inputs = node.inputs.map { input in
            guard let input, graph[input].type?.elementCount != 1 else { return input }
            if movements[input]?.steps == movement.steps, let source = sources[input] { return source }
            return move(expanding(input, to: shape), shape, movement.inverse, like: node)
        }
        let result = copy(output, "before", movement.inverse.reduce(shape) { $1.shape(of: $0) })
        sunk.outputs = [result]
        sources[output] = result
        nodes.append(sunk)
        move(result, graph[result].type?.lengths ?? [], movement.steps, like: node, into: output)
    }

    /// An operand with as many elements as the result.
    private mutating func expanding(_ input: ValueID, to shape: [Int]) -> ValueID {
        if graph[input].type?.lengths == shape { return input }
        let result = copy(input, "whole", shape)
        append("Expand", [input, literal(shape, result)], result, [:])
        return result
    }

    /// A value after the steps.
    @discardableResult
    private mutating func move(
        _ value: ValueID, _ shape: [Int], _ steps: [Movement.Step], like node: Node, into output: ValueID? = nil
    ) -> ValueID {
        var (value, shape) = (value, shape)
        for (index, step) in steps.enumerated() {
            shape = step.shape(of: shape)
            let isLast = index == steps.count - 1
            let result = (isLast ? output : nil) ?? copy(value, "moved", shape)
            switch step {
            case .transposition(let order): append("Transpose", [value], result, ["perm": .ints(order)])
            case .reshape: append("Reshape", [value, literal(shape, result)], result, [:])
            }
            nodes[nodes.count - 1].scope = node.scope
            value = result
        }
        return value
    }

    private mutating func append(
        _ op: OperatorName, _ inputs: [ValueID], _ result: ValueID, _ attributes: [String: Attribute]
    ) {
        var node = Node(op: op, inputs: inputs, outputs: [result], attributes: attributes)
        if inputs.allSatisfy({ precomputed.contains($0) || graph[$0].constant != nil }) {
            node.metadata[Graph.precomputedKey] = "true"
            precomputed.insert(result)
        }
        nodes.append(node)
    }

    /// Results of constants, which are computed before the model runs.
    private var precomputed: Set<ValueID> = []

    private mutating func literal(_ lengths: [Int], _ result: ValueID) -> ValueID {
        graph.addConstant("\(graph[result].name)_shape", Tensor(int64: lengths), isLiteral: true)
    }

    /// A new value of another's element type.
    private mutating func copy(_ value: ValueID, _ suffix: String, _ shape: [Int]) -> ValueID {
        var type = graph[value].type
        type?.shape = shape.map(Dimension.known)
        return graph.add(Value(name: "\(graph[value].name)_\(suffix)", type: type))
    }
}
