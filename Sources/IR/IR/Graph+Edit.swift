extension Graph {
    /// Adds a value and returns its number.
    @discardableResult
    public mutating func add(_ value: Value) -> ValueID {
        values.append(value)
        return ValueID(values.count - 1)
    }

    /// Adds an input of the given name and type.
    @discardableResult
    public mutating func addInput(_ name: String, _ type: TensorType) -> ValueID {
        let id = add(Value(name: name, type: type))
        inputs.append(id)
        return id
    }

    /// Adds a constant. A literal's node gets the name of the value.
    @discardableResult
    public mutating func addConstant(_ name: String, _ tensor: Tensor, isLiteral: Bool = false) -> ValueID {
        add(Value(name: name, constant: Constant(tensor, form: isLiteral ? .literal(nodeName: name) : .initializer)))
    }

    /// Appends a node whose operands are all there already, and returns its first output.
    @discardableResult
    public mutating func append(_ node: Node) -> ValueID? {
        nodes.append(node)
        return node.outputs.first ?? nil
    }

    /// Appends a node with one new output of the given name.
    @discardableResult
    public mutating func append(
        _ op: OperatorName, _ inputs: [ValueID?], attributes: [String: Attribute] = [:], output: String,
        scope: Scope = Scope()
    ) -> ValueID {
        let id = add(Value(name: output))
        nodes.append(
            Node(name: output, op: op, inputs: inputs, outputs: [id], attributes: attributes, scope: scope))
        return id
    }

    /// The value of that name. Linear in the number of values; build ``valuesByName()`` for many look-ups.
    public func value(named name: String) -> ValueID? {
        values.firstIndex { $0.name == name }.map(ValueID.init)
    }

    /// All values by name; of several of one name, the first.
    public func valuesByName() -> [String: ValueID] {
        var result: [String: ValueID] = [:]
        result.reserveCapacity(values.count)
        for (index, value) in values.enumerated() where result[value.name] == nil {
            result[value.name] = ValueID(index)
        }
        return result
    }

    /// The same graph with only the values that something mentions, renumbered in order of appearance.
    public func compacted() -> Graph {
        var used = [Bool](repeating: false, count: values.count)
        func use(_ id: ValueID?) { if let id { used[id.index] = true } }
        inputs.forEach(use)
        outputs.forEach(use)
        captures.forEach(use)
        for node in nodes {
            node.inputs.forEach(use)
            node.outputs.forEach(use)
        }
        for id in capturedByBodies() { use(id) }
        var result = self
        var renumbered = [ValueID?](repeating: nil, count: values.count)
        result.values = []
        for index in values.indices where used[index] {
            renumbered[index] = result.add(values[index])
        }
        func new(_ id: ValueID) -> ValueID { renumbered[id.index]! }
        result.inputs = inputs.map(new)
        result.outputs = outputs.map(new)
        result.captures = captures.map(new)
        for index in nodes.indices {
            result.nodes[index].inputs = nodes[index].inputs.map { $0.map(new) }
            result.nodes[index].outputs = nodes[index].outputs.map { $0.map(new) }
        }
        return result
    }
}
