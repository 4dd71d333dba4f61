extension Graph {
    /// Whether nodes of the graph need a runtime that knows the protocol-level operators.
    public var isProtocolLevel: Bool { nodes.contains { ProtocolLevel.contains($0.op) } }

    /// The graph with a function for every protocol-level operator that its nodes use, so that any ONNX runtime runs it.
    public func definingProtocolFunctions() -> Graph {
        var result = self
        result.functions.removeAll { ProtocolLevel.contains($0.name) }
        let used = Set(nodes.map(\.op).filter(ProtocolLevel.contains)).sorted()
        result.functions += used.compactMap(ProtocolLevel.function)
        result.opsets[Self.harrierDomain] = used.isEmpty ? nil : 1
        return result
    }
}

extension ProtocolLevel {
    /// The ONNX function of a protocol-level operator; nil for other operators.
    public static func function(_ op: OperatorName) -> Function? {
        guard contains(op), let definition = OperatorTable[op] else { return nil }
        var body = Graph(name: op.type)
        let count = definition.inputs.upperBound
        let inputs = (0..<count).map { index in
            let id = body.add(Value(name: count == 1 ? "x" : "x\(index)"))
            body.inputs.append(id)
            return id
        }
        let output: ValueID
        var attributes: [String] = []
        var defaults: [String: Attribute] = [:]
        for attribute in definition.attributes {
            // What has no default stays absent from the call inside where the call of the function leaves it out.
            if let value = attribute.defaultValue {
                defaults[attribute.name] = value
            } else {
                attributes.append(attribute.name)
            }
        }
        switch op {
        case shift: output = halving(inputs[0], in: &body)
        case truncate, scaleUp, open, openOnce: output = body.append("Identity", [inputs[0]], output: "y")
        default:
            let ordinary = OperatorName(op.type)
            var inner: [String: Attribute] = [:]
            for attribute in OperatorTable[ordinary]?.attributes ?? [] {
                inner[attribute.name] = .reference(name: attribute.name, kind: attribute.kind)
            }
            output = body.append(ordinary, inputs, attributes: inner, output: "y")
        }
        body.outputs = [output]
        return Function(
            name: op, attributes: attributes, defaults: defaults, body: body, documentation: summaries[op.type] ?? raw)
    }

    /// `x · 2^-bits`
    private static func halving(_ x: ValueID, in body: inout Graph) -> ValueID {
        let bits = body.append(
            "Constant", [], attributes: ["value_int": .reference(name: "bits", kind: .int)], output: "bits")
        let base = body.append("Constant", [], attributes: ["value_float": .float(0.5)], output: "half")
        let exponent = body.append("CastLike", [bits, x], output: "exponent")
        let half = body.append("CastLike", [base, x], output: "half_like")
        let factor = body.append("Pow", [half, exponent], output: "factor")
        return body.append("Mul", [x, factor], output: "y")
    }

    private static let raw = "ONNX's operator, its result left at the scale that comes out."

    private static let summaries = [
        "Truncate": "In the ring: divides by 2^(factors f + bits) to the last place.",
        "ScaleUp": "In the ring: multiplies by 2^(factors f + bits).",
        "Shift": "In the ring: nothing. The scale grows by bits, so that the number shrinks.",
        "Open": "In the ring: opens x - a, for a mask a that belongs to x.",
        "OpenOnce": "In the ring: opens w - b, for a mask b that lasts as long as w does.",
    ]
}
