/// Writes the body of a composite operator: expressions over the node's operands become nodes of a graph.
final class BodyBuilder {
    /// A value of the body.
    struct Term {
        let builder: BodyBuilder
        let id: ValueID
        let elementType: ElementType
    }

    /// The node that the body is for.
    let node: Node
    private let inputTypes: [TensorType?]
    private var graph: Graph

    /// A builder whose graph has an input for each of the node's, also for those that are left out.
    init(_ node: Node, inputTypes: [TensorType?], inputTensors: [Tensor?]) {
        self.node = node
        self.inputTypes = inputTypes
        graph = Graph(name: node.op.type)
        for index in node.inputs.indices {
            let type = index < inputTypes.count ? inputTypes[index] : nil
            var value = Value(name: "input\(index)", type: type)
            if index < inputTensors.count { value.known = inputTensors[index] }
            graph.inputs.append(graph.add(value))
        }
    }

    /// The body with the given outputs and with types filled in.
    func graph(outputs: [Term]) throws -> Graph {
        graph.outputs = outputs.map(\.id)
        try graph.inferTypes(evaluator: nil)
        return graph
    }

    /// The type of an operand, if known.
    func type(_ index: Int) -> TensorType? { index < inputTypes.count ? inputTypes[index] : nil }

    /// The operand at that position.
    ///
    /// - Throws: ``HarrierError`` if it is left out.
    func input(_ index: Int) throws -> Term {
        guard let term = optionalInput(index) else { throw HarrierError("\(node.op) lacks its input \(index)") }
        return term
    }

    /// The operand at that position, nil if it is left out.
    func optionalInput(_ index: Int) -> Term? {
        guard node.input(index) != nil, let first = type(0) else { return nil }
        return Term(
            builder: self, id: graph.inputs[index], elementType: type(index)?.elementType ?? first.elementType)
    }

    /// A floating-point attribute with its default from the operator table.
    func float(_ name: String) throws -> Double {
        if let value = try node.float(name) { return Double(value) }
        guard case .float(let value)? = OperatorTable[node.op]?.attribute(name)?.defaultValue else {
            throw HarrierError("\(node.op) lacks its attribute '\(name)'")
        }
        return Double(value)
    }

    /// An integer attribute with its default from the operator table.
    func int(_ name: String) throws -> Int {
        if let value = try node.int(name) { return value }
        guard case .int(let value)? = OperatorTable[node.op]?.attribute(name)?.defaultValue else {
            throw HarrierError("\(node.op) lacks its attribute '\(name)'")
        }
        return value
    }

    /// A list of integers, as axes and shapes are.
    func integers(_ values: [Int]) -> Term {
        Term(builder: self, id: addLiteral(Tensor(int64: values)), elementType: .int64)
    }

    /// A scalar of the given type.
    func scalar(_ value: Double, _ elementType: ElementType) -> Term {
        let tensor: Tensor
        switch elementType {
        case .float64: tensor = Tensor(float64: [value], shape: [])
        case .float16:
            let bits = littleEndianBytes([Float16(value).bitPattern])
            tensor = Tensor(.float16, shape: [], payload: .bytes(bits))
        case .bfloat16:
            let bits = UInt16(truncatingIfNeeded: Float(value).bitPattern >> 16)
            tensor = Tensor(.bfloat16, shape: [], payload: .bytes(littleEndianBytes([bits])))
        default: tensor = Tensor(float32: [Float(value)], shape: [])
        }
        return Term(builder: self, id: addLiteral(tensor), elementType: tensor.elementType)
    }

    /// The result of an operator on terms, of the element type of the first unless told otherwise.
    func apply(
        _ op: OperatorName, _ operands: [Term?], _ attributes: [String: Attribute] = [:],
        elementType: ElementType? = nil
    ) -> Term {
        var inputs = operands.map { $0?.id }
        while inputs.last == .some(nil) { inputs.removeLast() }
        let id = graph.append(op, inputs, attributes: attributes, output: "\(op.type)_\(graph.values.count)")
        return Term(builder: self, id: id, elementType: elementType ?? operands.first??.elementType ?? .float32)
    }

    private func addLiteral(_ tensor: Tensor) -> ValueID {
        graph.addConstant("constant_\(graph.values.count)", tensor, isLiteral: true)
    }
}

extension BodyBuilder.Term {
    /// The result of an operator with this term as its first operand.
    func apply(
        _ op: OperatorName, _ others: Self?..., attributes: [String: Attribute] = [:], elementType: ElementType? = nil
    ) -> Self {
        builder.apply(op, [self] + others, attributes, elementType: elementType)
    }

    /// A scalar of this term's element type.
    func scalar(_ value: Double) -> Self { builder.scalar(value, elementType) }

    /// A reduction along axes, which stay with length 1.
    func reduced(_ op: OperatorName, axes: [Int]) -> Self { apply(op, builder.integers(axes)) }

    /// The term with axes of length 1 added at its end, so that a list of channels broadcasts to an image.
    func withTrailingAxes(_ count: Int) -> Self {
        count > 0 ? apply("Unsqueeze", builder.integers(Array(1...count))) : self
    }

    static func + (left: Self, right: Self) -> Self { left.apply("Add", right) }
    static func - (left: Self, right: Self) -> Self { left.apply("Sub", right) }
    static func * (left: Self, right: Self) -> Self { left.apply("Mul", right) }
    static func / (left: Self, right: Self) -> Self { left.apply("Div", right) }
    static func + (left: Self, right: Double) -> Self { left + left.scalar(right) }
    static func - (left: Self, right: Double) -> Self { left - left.scalar(right) }
    static func * (left: Self, right: Double) -> Self { left * left.scalar(right) }
    static func / (left: Self, right: Double) -> Self { left / left.scalar(right) }
}
