import IR

/// Writes lengths that depend on open dimensions as nodes that compute them from the shapes of the model's inputs.
struct ShapeArithmetic {
    /// The graph that values are added to.
    var graph: Graph
    /// The nodes so far.
    private(set) var nodes: [Node] = []
    private let scope = Scope()
    private var lists: [[LengthExpression]: ValueID] = [:]
    private var lengths: [LengthExpression: ValueID] = [:]
    private var products: [[String]: ValueID] = [:]

    init(_ graph: Graph) { self.graph = graph }

    /// Appends a node that was made elsewhere.
    mutating func append(_ node: Node) { nodes.append(node) }

    /// A list of lengths, of 64-bit integers.
    ///
    /// - Throws: ``HarrierError`` if no input has a dimension that is needed.
    mutating func list(_ expressions: [LengthExpression]) throws -> ValueID {
        if let known = lists[expressions] { return known }
        var parts: [ValueID] = []
        var constants: [Int] = []
        for expression in expressions {
            if let constant = expression.constant {
                constants.append(constant)
                continue
            }
            if !constants.isEmpty { parts.append(literal(constants)) }
            constants = []
            parts.append(try length(expression))
        }
        if !constants.isEmpty || parts.isEmpty { parts.append(literal(constants)) }
        let result = parts.count == 1 ? parts[0] : node("Concat", parts, ["axis": .int(0)])
        lists[expressions] = result
        return result
    }

    /// A length as a tensor without axes.
    mutating func scalar(_ expression: LengthExpression) throws -> ValueID {
        node("Squeeze", [try list([expression])])
    }

    /// Equal elements.
    ///
    /// - Parameter number: a tensor of one of them.
    mutating func filled(_ number: Tensor, _ shape: ValueID) -> ValueID {
        node("ConstantOfShape", [shape], ["value": .tensor(number)])
    }

    /// A list or scalar in another element type.
    mutating func cast(_ value: ValueID, to type: ElementType) -> ValueID {
        type == .int64 ? value : node("Cast", [value], ["to": .int(type.rawValue)])
    }

    private mutating func length(_ expression: LengthExpression) throws -> ValueID {
        if let known = lengths[expression] { return known }
        var result = try product(expression.dimensions)
        if expression.factor != 1 { result = node("Mul", [result, literal([expression.factor])]) }
        if expression.offset != 0 { result = node("Add", [result, literal([expression.offset])]) }
        if expression.divisor != 1 { result = node("Div", [result, literal([expression.divisor])]) }
        lengths[expression] = result
        return result
    }

    private mutating func product(_ dimensions: [String]) throws -> ValueID {
        if let known = products[dimensions] { return known }
        let result: ValueID
        if dimensions.count > 1 {
            result = node("Mul", [try product(Array(dimensions.dropLast())), try product(Array(dimensions.suffix(1)))])
        } else {
            result = try dimension(dimensions[0])
        }
        products[dimensions] = result
        return result
    }

    private mutating func dimension(_ name: String) throws -> ValueID {
        for input in graph.inputs {
            guard let axis = graph[input].type?.shape?.firstIndex(of: .symbol(name)) else { continue }
            return node("Gather", [node("Shape", [input]), literal([axis])], ["axis": .int(0)])
        }
        throw HarrierError("no input has the dimension '\(name)'")
    }

    private mutating func literal(_ lengths: [Int]) -> ValueID {
        graph.addConstant("lengths_\(graph.values.count)", Tensor(int64: lengths), isLiteral: true)
    }

    private mutating func node(
        _ op: OperatorName, _ inputs: [ValueID], _ attributes: [String: Attribute] = [:]
    ) -> ValueID {
        let result = graph.add(Value(name: "lengths_\(graph.values.count)"))
        nodes.append(Node(op: op, inputs: inputs, outputs: [result], attributes: attributes, scope: scope))
        return result
    }
}
