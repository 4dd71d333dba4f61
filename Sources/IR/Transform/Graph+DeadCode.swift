extension Graph {
    /// The graph without what its outputs do not need: nodes, constants, captures of bodies, and functions that
    /// nothing calls. Inputs stay. Values are renumbered.
    ///
    /// Before: `y = Relu (x)  z = Exp (x)` with the output `y`. After: `y = Relu (x)`.
    ///
    /// - Complexity: O(nodes + edges + values).
    package func removingDeadCode() -> Graph {
        var result = self
        result.mapBodies { $0 = $0.removingDeadCode() }
        var isLive = [Bool](repeating: false, count: values.count)
        for output in outputs { isLive[output.index] = true }
        let captured = Dictionary(grouping: result.capturesByNode(), by: \.node)
        var kept: [Node] = []
        for (index, node) in result.nodes.enumerated().reversed() {
            guard node.outputs.contains(where: { $0.map { isLive[$0.index] } ?? false }) else { continue }
            for case let input? in node.inputs { isLive[input.index] = true }
            for capture in captured[index] ?? [] { isLive[capture.value.index] = true }
            kept.append(node)
        }
        result.nodes = kept.reversed()
        result.captures.removeAll { !isLive[$0.index] }
        result.functions = result.calledFunctions()
        return result.compacted()
    }

    /// The functions that nodes call, directly or from other functions, in order.
    private func calledFunctions() -> [Function] {
        if functions.isEmpty { return [] }
        var called: Set<OperatorName> = []
        var pending = calledOperators()
        while let name = pending.popFirst() {
            guard called.insert(name).inserted else { continue }
            for function in functions where function.name == name { pending.formUnion(function.body.calledOperators()) }
        }
        return functions.filter { called.contains($0.name) }
    }

    /// The operators of the nodes, here and in bodies.
    func calledOperators() -> Set<OperatorName> {
        var names = Set(nodes.map(\.op))
        for node in nodes {
            for body in node.subgraphs { names.formUnion(body.calledOperators()) }
        }
        return names
    }
}
