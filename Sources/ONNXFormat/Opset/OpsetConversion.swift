import IR

/// The conversion of one graph to another version of ONNX's operator set, node by node.
struct OpsetConversion {
    /// The node that is being converted.
    var node: Node
    /// The graph so far; its nodes are those already converted.
    private(set) var graph: Graph
    /// Nodes that go before and after the node that is being converted.
    private var before: [Node] = []
    private var after: [Node] = []
    private let names: UniqueNames
    private let source: Int
    private let target: Int

    /// The graph in another version of ONNX's operator set.
    ///
    /// - Parameters:
    ///   - isLenient: whether operators that the version does not have yet pass through.
    ///   - evaluator: helps to find the types that some conversions depend on.
    static func convert(
        _ graph: Graph, from source: Int, to target: Int, isLenient: Bool, evaluator: (any ConstantEvaluator)?
    ) throws -> Graph {
        var conversion = OpsetConversion(graph, from: source, to: target)
        let needsTypes = graph.nodes.contains { node in
            OperatorChange.changes(of: node.op.type).contains {
                $0.needsTypes && $0.version > source && $0.version <= target
            }
        }
        for index in graph.nodes.indices {
            do {
                try conversion.add(graph.nodes[index], isLenient: isLenient, evaluator: needsTypes ? evaluator : nil)
            } catch let error as HarrierError { throw error.at(graph.label(ofNode: index)) }
            // Errors of types come again, and with a better place, when the whole graph is inferred.
            if needsTypes { conversion.inferTypes(evaluator) }
        }
        conversion.graph.opsets[""] = target
        return conversion.graph
    }

    private init(_ graph: Graph, from source: Int, to target: Int) {
        self.graph = graph
        self.graph.nodes = []
        self.graph.nodes.reserveCapacity(graph.nodes.count)
        self.source = source
        self.target = target
        node = Node(op: "", inputs: [], outputs: [])
        names = UniqueNames(taken: graph.values.map(\.name))
    }

    private mutating func add(_ original: Node, isLenient: Bool, evaluator: (any ConstantEvaluator)?) throws {
        node = original
        for (name, attribute) in node.attributes where !attribute.subgraphs.isEmpty {
            node.attributes[name] = try attribute.mappingGraphs {
                try Self.convert($0, from: source, to: target, isLenient: isLenient, evaluator: evaluator)
            }
        }
        if node.op.domain.isEmpty { try convertNode(isLenient: isLenient) }
        graph.nodes += before + [node] + after
        (before, after) = ([], [])
    }

    private mutating func convertNode(isLenient: Bool) throws {
        if node.firstVersion > target {
            if isLenient { return }
            throw HarrierError(
                "ONNX has \(node.op) since version \(node.firstVersion) of its operator set, not in \(target)")
        }
        if source < target {
            var version = source
            // A conversion may rename the operator, so the list of changes is looked up again.
            while let next = OperatorChange.changes(of: node.op.type).first(where: { $0.version > version }),
                next.version <= target
            {
                for change in OperatorChange.changes(of: node.op.type) where change.version == next.version {
                    try change.upgrade(&self)
                }
                version = next.version
            }
        } else {
            for change in OperatorChange.changes(of: node.op.type).reversed()
            where change.version <= source && change.version > target {
                try change.downgrade(&self)
            }
        }
    }

    private mutating func inferTypes(_ evaluator: (any ConstantEvaluator)?) {
        for index in graph.nodes.indices.reversed() {
            guard graph.nodes[index].outputs.contains(where: { $0.map { graph[$0].type == nil } ?? false }) else {
                break
            }
            try? graph.inferTypes(ofNode: index, evaluator: evaluator)
        }
    }
}

// MARK: What conversions are made of

extension OpsetConversion {
    /// The type of an input, if it is known.
    func type(_ position: Int) -> TensorType? { node.input(position).flatMap { graph[$0].type } }

    /// The element type of the first input, or of what it is computed from; 32-bit floating point if nothing is known.
    var elementType: ElementType { type(0)?.elementType ?? .float32 }

    /// The tensor that an input always is, if its data can be had.
    func constant(_ position: Int) -> Tensor? {
        guard let tensor = node.input(position).flatMap({ graph[$0].knownTensor }), tensor.isAvailable else {
            return nil
        }
        return tensor
    }

    /// An integer attribute whose default was another one in former versions, or that is no more.
    func former(_ name: String, default value: Int) throws -> Int {
        node.attributes[name] == nil ? value : try node.int(name)
    }

    /// Removes an input that is a constant list of integers and returns it; nil if there is no such input.
    ///
    /// - Throws: ``HarrierError`` if the input is computed.
    mutating func takeIntegers(_ position: Int, called name: String) throws -> [Int]? {
        guard node.input(position) != nil else { return nil }
        guard let tensor = constant(position) else { throw cannotGoBack("computes its '\(name)'") }
        setInput(position, nil)
        return try tensor.integers()
    }

    /// Removes an input that is a constant number and returns it; nil if there is no such input.
    ///
    /// - Throws: ``HarrierError`` if the input is computed.
    mutating func takeNumber(_ position: Int, called name: String) throws -> Double? {
        guard node.input(position) != nil else { return nil }
        guard let value = constant(position)?.scalar else { throw cannotGoBack("computes its '\(name)'") }
        setInput(position, nil)
        return value
    }

    /// Sets or removes an input.
    mutating func setInput(_ position: Int, _ value: ValueID?) {
        while node.inputs.count <= position { node.inputs.append(nil) }
        node.inputs[position] = value
        while let last = node.inputs.last, last == nil { node.inputs.removeLast() }
    }

    /// Sets an input to a new literal.
    mutating func setInput(_ position: Int, literal tensor: Tensor, named name: String) {
        setInput(position, literal(tensor, named: name))
    }

    /// A new literal, named after the node's result.
    mutating func literal(_ tensor: Tensor, named name: String) -> ValueID {
        graph.addConstant(uniqueName(name), tensor, isLiteral: true)
    }

    /// Adds a node before the one that is being converted and returns its output.
    mutating func insertBefore(
        _ op: OperatorName, _ inputs: [ValueID?], _ attributes: [String: Attribute] = [:], named name: String
    )
        -> ValueID
    {
        let output = graph.add(Value(name: uniqueName(name)))
        before.append(helper(op, inputs, attributes, output: output))
        return output
    }

    /// Adds a node after the one that is being converted that takes over its output: the operands are made from the
    /// output that the node gets instead.
    mutating func insertAfter(_ op: OperatorName, named name: String, _ inputs: (ValueID) -> [ValueID?]) {
        guard let output = node.output(0) else { return }
        let inner = graph.add(Value(name: uniqueName(name)))
        node.outputs[0] = inner
        after.append(helper(op, inputs(inner), [:], output: output))
    }

    private func helper(
        _ op: OperatorName, _ inputs: [ValueID?], _ attributes: [String: Attribute], output: ValueID
    ) -> Node {
        Node(
            name: graph[output].name, op: op, inputs: inputs, outputs: [output], attributes: attributes,
            scope: node.scope)
    }

    private func uniqueName(_ name: String) -> String {
        names.take((node.outputs.compactMap { $0 }.first.map { graph[$0].name } ?? node.name) + "_" + name)
    }

    /// What to say of a node that the old version cannot express.
    func cannotGoBack(_ reason: String) -> HarrierError {
        HarrierError("\(node.op) \(reason), which version \(target) of ONNX's operator set has not")
    }

    /// What to say of a node whose old form Harrier does not read.
    func cannotRead(_ reason: String) -> HarrierError {
        HarrierError("\(node.op) \(reason), as in version \(source) of ONNX's operator set, is not supported")
    }
}
