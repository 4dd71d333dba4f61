extension Graph {
    /// For every value the index of the node that computes it; nil for inputs, constants and unused values.
    public func producers() -> [Int?] {
        var result = [Int?](repeating: nil, count: values.count)
        for (index, node) in nodes.enumerated() {
            for case let output? in node.outputs { result[output.index] = index }
        }
        return result
    }

    /// For every value the indices of the nodes that read it, in order, a node as often as it reads it; a body
    /// of a node that captures the value counts as a read by that node.
    public func uses() -> [[Int]] {
        var result = [[Int]](repeating: [], count: values.count)
        for (index, node) in nodes.enumerated() {
            for case let input? in node.inputs { result[input.index].append(index) }
        }
        for (index, captured) in capturesByNode() { result[captured.index].append(index) }
        return result
    }

    /// For every value whether one of the given ones is it or depends on it. Nodes must stand after those they read from.
    ///
    /// - Complexity: O(nodes + edges + values).
    package func liveValues(for ends: some Sequence<ValueID>) -> [Bool] {
        var isLive = [Bool](repeating: false, count: values.count)
        for end in ends { isLive[end.index] = true }
        let captured = Dictionary(grouping: capturesByNode(), by: \.node)
        for (index, node) in nodes.enumerated().reversed() where node.isLive(isLive) {
            for case let input? in node.inputs { isLive[input.index] = true }
            for capture in captured[index] ?? [] { isLive[capture.value.index] = true }
        }
        return isLive
    }

    /// The values that bodies of nodes (If, Loop, Scan) read from this graph.
    public func capturedByBodies() -> [ValueID] { capturesByNode().map(\.value) }

    /// Pairs of a node's index and a value that the node's bodies capture.
    public func capturesByNode() -> [(node: Int, value: ValueID)] {
        guard nodes.contains(where: { !$0.attributes.isEmpty && !$0.subgraphs.isEmpty }) else { return [] }
        let names = valuesByName()
        var result: [(node: Int, value: ValueID)] = []
        for (index, node) in nodes.enumerated() {
            for body in node.subgraphs {
                for capture in body.captures {
                    if let id = names[body[capture].name] { result.append((index, id)) }
                }
            }
        }
        return result
    }

    /// Node indices such that every node stands after those it reads from, keeping the present order where
    /// possible.
    ///
    /// - Throws: ``HarrierError`` naming a node on a cycle.
    /// - Complexity: O(nodes + edges), plus a logarithm for the order.
    public func topologicalOrder() throws -> [Int] {
        let producers = producers()
        var state = [UInt8](repeating: 0, count: nodes.count)  // 0 unseen, 1 on the stack, 2 placed
        var order: [Int] = []
        order.reserveCapacity(nodes.count)
        var captured: [Int: [ValueID]] = [:]
        for (index, value) in capturesByNode() { captured[index, default: []].append(value) }
        func operands(_ index: Int) -> [Int] {
            (nodes[index].inputs.compactMap { $0 } + (captured[index] ?? [])).compactMap { producers[$0.index] }
        }
        for start in nodes.indices where state[start] == 0 {
            var stack = [(node: start, pending: operands(start)[...])]
            state[start] = 1
            while let top = stack.last {
                guard let next = top.pending.first else {
                    state[top.node] = 2
                    order.append(top.node)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].pending = top.pending.dropFirst()
                if state[next] == 1 {
                    throw HarrierError(
                        "the graph has a cycle through this node", place: label(ofNode: next),
                        hint: "ONNX graphs must be acyclic")
                }
                if state[next] == 0 {
                    state[next] = 1
                    stack.append((next, operands(next)[...]))
                }
            }
        }
        return order
    }

    /// Brings `nodes` into topological order.
    public mutating func sortTopologically() throws {
        let order = try topologicalOrder()
        nodes = order.map { nodes[$0] }
    }

    /// How messages call a node: by its name, else by what it computes.
    public func label(ofNode index: Int) -> String {
        let node = nodes[index]
        if !node.name.isEmpty { return "node '\(node.name)' (\(node.op))" }
        if let output = node.outputs.compactMap({ $0 }).first {
            return "the \(node.op) that computes '\(self[output].name)'"
        }
        return "an unnamed \(node.op)"
    }
}

extension Node {
    /// Whether one of the node's outputs is among the live values.
    package func isLive(_ values: [Bool]) -> Bool { outputs.contains { $0.map { values[$0.index] } ?? false } }
}
