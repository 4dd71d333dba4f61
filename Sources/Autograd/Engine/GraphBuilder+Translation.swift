import IR

extension GraphBuilder {
    /// A node of another graph as a node of this one, `x · x` as `x²`.
    ///
    /// - Parameter ids: the values that stand for those of the other graph; new ones are added.
    func translated(_ node: Node, of graph: Graph, _ ids: inout [ValueID: ValueID]) -> Node {
        var result = node
        result.inputs = node.inputs.map { $0.map { translated($0, of: graph, &ids) } }
        result.outputs = node.outputs.map {
            $0.map { id in
                if let known = ids[id] { return known }
                let new = newValue(node.op.type)
                ids[id] = new
                return new
            }
        }
        if result.has([.power, .product]), let factor = result.input(0) {
            result.op = "Pow"
            result.inputs = [factor, self[factor].scalar(2).id]
        }
        return result
    }

    /// The value that stands for one of another graph; constants become literals.
    func translated(_ id: ValueID, of graph: Graph, _ ids: inout [ValueID: ValueID]) -> ValueID {
        if let known = ids[id] { return known }
        guard let constant = graph[id].constant else { return id }
        let result = literal(constant.tensor).id
        ids[id] = result
        return result
    }
}
