extension Graph {
    /// Bodies in bodies are written out no deeper than this.
    private static let deepestBody = 16

    /// The graph with the nodes that are meant written out as their function bodies, also those inside bodies. Nodes that have none for
    /// their operands stay. New nodes have the name of the node, a slash and their own, and its scope; what they compute is named so, too.
    ///
    /// - Parameter isMeant: which nodes to write out.
    /// - Throws: ``HarrierError`` if attributes or operands do not fit an operator.
    public func writingFunctionBodies(where isMeant: (Node) -> Bool) throws -> Graph {
        let operators = FunctionBodies.operators
        guard nodes.contains(where: { operators.contains($0.op) && isMeant($0) }) else { return self }
        var result = self
        result.nodes = []
        let names = UniqueNames(taken: result.allNames())
        for node in nodes { try result.append(node, names: names, depth: 0, where: isMeant) }
        return result
    }

    private mutating func append(
        _ node: Node, names: UniqueNames, depth: Int, where isMeant: (Node) -> Bool
    ) throws {
        guard depth < Self.deepestBody, isMeant(node),
            let body = try FunctionBodies.body(
                of: node, inputTypes: node.inputs.map { $0.flatMap { self[$0].type } },
                inputTensors: node.inputs.map { $0.flatMap { self[$0].knownTensor } })
        else {
            nodes.append(node)
            return
        }
        let title = node.name.isEmpty ? node.op.type : node.name
        var placed: [ValueID: ValueID] = [:]
        for (input, operand) in zip(body.inputs, node.inputs) { placed[input] = operand }
        let computed = Set(body.nodes.flatMap(\.outputs).compactMap { $0 })
        for (inner, output) in zip(body.outputs, node.outputs) where computed.contains(inner) && placed[inner] == nil {
            placed[inner] = output
        }
        for (index, value) in body.values.enumerated() where placed[ValueID(index)] == nil {
            guard !body.inputs.contains(ValueID(index)) else { continue }
            var copy = value
            copy.name = names.take("\(title)/\(value.name)")
            if case .literal? = value.constant?.form { copy.constant?.form = .literal(nodeName: copy.name) }
            placed[ValueID(index)] = add(copy)
        }
        for inner in body.nodes {
            var copy = inner
            copy.name = inner.name.isEmpty ? title : "\(title)/\(inner.name)"
            copy.scope = node.scope
            copy.rule = node.rule
            if let scopes = node.metadata[Scope.nameScopesKey] { copy.metadata[Scope.nameScopesKey] = scopes }
            copy.inputs = inner.inputs.map { $0.flatMap { placed[$0] } }
            copy.outputs = inner.outputs.map { $0.flatMap { placed[$0] } }
            try append(copy, names: names, depth: depth + 1, where: isMeant)
        }
        for (inner, output) in zip(body.outputs, node.outputs) {
            guard let output, let source = placed[inner], source != output else { continue }
            nodes.append(
                Node(
                    name: title, op: "Identity", inputs: [source], outputs: [output], scope: node.scope, rule: node.rule
                ))
        }
    }
}
