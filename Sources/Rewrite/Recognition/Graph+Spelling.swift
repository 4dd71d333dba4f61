import IR

extension Graph {
    /// The graph with all operators that were recognised written as the file has them.
    public func asSpelled() -> Graph {
        guard nodes.contains(where: { $0.spelling != nil }) else { return self }
        var result = self
        result.nodes = []
        var taken = Set(values.filter { $0.constant != nil }.map(\.name))
        let producers = producers()
        for node in nodes {
            guard let spelling = node.spelling, let output = node.output(0) else {
                result.nodes.append(node)
                continue
            }
            let operands = spelling.operands.map { position -> ValueID? in
                guard let operand = node.input(position) else { return nil }
                // A parameter that was brought into the operator's shape.
                let producer = producers[operand.index].map { nodes[$0] }
                return producer?.rule == Recognizer.step && producer?.spelling == nil ? producer?.input(0) : operand
            }
            result.append(spelling, operands, output: output, &taken)
        }
        return result.removingDeadCode()
    }

    private mutating func append(
        _ spelling: Spelling, _ operands: [ValueID?], output: ValueID, _ taken: inout Set<String>
    ) {
        var placed: [ValueID: ValueID] = [:]
        for (input, operand) in zip(spelling.graph.inputs, operands) { placed[input] = operand }
        for id in spelling.graph.outputs { placed[id] = output }
        for (index, value) in spelling.graph.values.enumerated() where placed[ValueID(index)] == nil {
            var copy = value
            if let constant = value.constant {
                if let original = original(of: value, spelling.constants[ValueID(index)]) {
                    placed[ValueID(index)] = original
                    continue
                }
                var number = 0
                while !taken.insert(copy.name).inserted {
                    number += 1
                    copy.name = "\(value.name)_\(number)"
                }
                if case .literal = constant.form { copy.constant?.form = .literal(nodeName: copy.name) }
            }
            placed[ValueID(index)] = add(copy)
        }
        for part in spelling.graph.nodes {
            var copy = part
            copy.inputs = part.inputs.map { $0.flatMap { placed[$0] } }
            copy.outputs = part.outputs.map { $0.flatMap { placed[$0] } }
            nodes.append(copy)
        }
    }

    /// The constant of a spelling in this graph, where it is still there.
    func original(of value: Value, _ id: ValueID?) -> ValueID? {
        guard let id, values.indices.contains(id.index), self[id].name == value.name,
            self[id].constant == value.constant
        else { return nil }
        return id
    }
}
