import IR

extension Graph {
    /// The graph with an elementwise node done in two parts, one for the given channels and one for the others. Moving channels about is
    /// local, so that nothing gets dearer but by the rounds of the second part.
    ///
    /// - Parameters:
    ///   - index: a node that computes each element of its output from the same element of its first input.
    ///   - channels: places along axis 1: some, but not all.
    ///   - name: what the node for these channels is called; the other one keeps its name.
    /// - Returns: the graph, whose new values have no types yet, and the first output of the node for these channels.
    func splittingChannels(ofNode index: Int, _ channels: [Int], named name: String) -> (graph: Graph, part: ValueID)? {
        let node = nodes[index]
        guard let input = node.input(0), let output = node.output(0), let shape = self[output].type?.lengths,
            shape.count > 1
        else { return nil }
        let rest = (0..<shape[1]).filter { !channels.contains($0) }
        guard !rest.isEmpty, !channels.isEmpty, channels.allSatisfy({ $0 < shape[1] }) else { return nil }
        var result = self
        func value(_ suffix: String) -> ValueID { result.add(Value(name: "\(name).\(suffix)_\(result.values.count)")) }
        func indices(_ list: [Int], _ suffix: String) -> ValueID {
            let full = "\(name).\(suffix)_\(result.values.count)"
            let tensor = Tensor(int64: list, shape: [list.count])
            return result.add(Value(name: full, constant: Constant(tensor, form: .literal(nodeName: full))))
        }
        func gather(_ operand: ValueID, _ list: [Int], _ suffix: String, into output: ValueID) -> Node {
            Node(
                name: "\(name).\(suffix)", op: "Gather", inputs: [operand, indices(list, "\(suffix)_channels")],
                outputs: [output],
                attributes: ["axis": .int(1)], scope: node.scope)
        }
        func part(_ suffix: String, _ list: [Int], _ nodeName: String) -> (nodes: [Node], output: ValueID) {
            let (operand, result) = (value("\(suffix)_operand"), value(suffix))
            var copy = node
            copy.name = nodeName
            copy.inputs[0] = operand
            copy.outputs = [result]
            return ([gather(input, list, "\(suffix)_operand", into: operand), copy], result)
        }
        let first = part("rest", rest, node.name)
        let second = part("part", channels, name)
        let joined = value("joined")
        let order = (0..<shape[1]).map { channel in
            rest.firstIndex(of: channel) ?? rest.count + (channels.firstIndex(of: channel) ?? 0)
        }
        let join = Node(
            name: "\(name).joined", op: "Concat", inputs: [first.output, second.output], outputs: [joined],
            attributes: ["axis": .int(1)], scope: node.scope)
        let last = gather(joined, order, "ordered", into: output)
        result.nodes.replaceSubrange(index...index, with: first.nodes + second.nodes + [join, last])
        return (result, second.output)
    }
}
