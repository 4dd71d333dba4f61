extension Graph {
    /// Common subexpression elimination: the graph with every computation done once: nodes of the same operator, attributes and operands become one, and so do
    /// equal constants of the same form. Values are renumbered.
    ///
    /// Left alone are operators that are random or unknown, nodes with bodies (what is inside the bodies is treated for
    /// itself), and constants whose data is large or missing without saying where it was.
    ///
    /// Before: `a = Exp (x)  b = Exp (x)  y = Add (a, b)`. After: `a = Exp (x)  y = Add (a, a)`.
    ///
    /// - Complexity: O(nodes + edges + values + bytes of small constants).
    package func eliminatingCommonSubexpressions() -> Graph {
        var result = self
        result.mapBodies { $0 = $0.eliminatingCommonSubexpressions() }
        var replacements = result.equalConstants()
        result.mergeNodes(&replacements)
        result.replaceUses(replacements)
        return result.removingDeadCode()
    }

    /// Bytes of data up to which constants are compared by content.
    private static let largestComparedConstant = 4096

    /// What constants have in common that can be one.
    private struct ConstantKey: Hashable {
        let isLiteral: Bool
        let tensor: Tensor

        init?(_ constant: Constant) {
            switch constant.tensor.payload {
            case .bytes(let bytes): if bytes.count > largestComparedConstant { return nil }
            case .strings(let strings): if strings.count > largestComparedConstant { return nil }
            case .file: break
            case .missing(let reference): if !reference.identifiesData { return nil }
            }
            isLiteral = constant.form != .initializer
            tensor = constant.tensor
        }
    }

    private func equalConstants() -> [ValueID: ValueID] {
        var first: [ConstantKey: ValueID] = [:]
        var replacements: [ValueID: ValueID] = [:]
        let outputs = Set(self.outputs)
        for (index, value) in values.enumerated() {
            let id = ValueID(index)
            guard let key = value.constant.flatMap(ConstantKey.init) else { continue }
            if let twin = first[key] {
                if !outputs.contains(id) { replacements[id] = twin }
            } else {
                first[key] = id
            }
        }
        return replacements
    }

    /// What nodes have in common that compute the same.
    private struct NodeKey: Hashable {
        let op: OperatorName
        let overload: String
        let attributes: [String: Attribute]
        let inputs: [ValueID?]
        /// Which outputs it has: some operators compute others if asked for more.
        let outputs: [Bool]
    }

    private mutating func mergeNodes(_ replacements: inout [ValueID: ValueID]) {
        var first: [NodeKey: Int] = [:]
        var graphOutputs = Set(outputs)
        for index in nodes.indices where isRepeatable(nodes[index]) {
            let node = nodes[index]
            var inputs = node.inputs.map { $0.map { replacements[$0] ?? $0 } }
            if inputs.count == 2, let one = inputs[0], let two = inputs[1], two < one,
                OperatorTable[node.op]?.traits.contains(.commutative) == true
            {
                inputs = [two, one]
            }
            let key = NodeKey(
                op: node.op, overload: node.overload, attributes: node.attributes, inputs: inputs,
                outputs: node.outputs.map { $0 != nil })
            guard let twin = first[key] else {
                first[key] = index
                continue
            }
            let pairs = zip(node.outputs, nodes[twin].outputs).compactMap { old, new in
                old.flatMap { old in new.map { (old: old, new: $0) } }
            }
            // Both are outputs of the graph, which must come from two nodes to have two names.
            if pairs.contains(where: { graphOutputs.contains($0.old) && graphOutputs.contains($0.new) }) { continue }
            for (old, new) in pairs {
                replacements[old] = new
                guard graphOutputs.remove(old) != nil else { continue }
                graphOutputs.insert(new)
                outputs = outputs.map { $0 == old ? new : $0 }
                swapNames(old, new)
            }
        }
    }

    /// Whether two runs of the node on the same operands give the same.
    private func isRepeatable(_ node: Node) -> Bool {
        guard node.subgraphs.isEmpty, let definition = OperatorTable[node.op] else { return false }
        return !definition.traits(of: node).contains(.random) && !functions.contains { $0.name == node.op }
    }

    /// Exchanges two values' names and types where nothing but nodes' bodies knows values by name.
    private mutating func swapNames(_ one: ValueID, _ two: ValueID) {
        let (first, second) = (self[one].name, self[two].name)
        rename(one, to: freeName(like: first + "_merged"))
        rename(two, to: first)
        rename(one, to: second)
        self[two].type = self[one].type ?? self[two].type
    }
}
