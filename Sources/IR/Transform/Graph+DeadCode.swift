extension Graph {
    /// Dead code elimination: the graph without what its outputs do not need: nodes, constants, captures of bodies, and functions that
    /// nothing calls. Inputs stay. Values are renumbered.
    ///
    /// Before: `y = Relu (x)  z = Exp (x)` with the output `y`. After: `y = Relu (x)`.
    ///
    /// - Complexity: O(nodes + edges + values).
    package func removingDeadCode() -> Graph {
        var result = self
        result.mapBodies { $0 = $0.removingDeadCode() }
        let isLive = result.liveValues(for: outputs)
        result.nodes.removeAll { !$0.isLive(isLive) }
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
