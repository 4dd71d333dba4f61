extension TextParser {
    /// Reads the body of a node, whose name has been read.
    mutating func body(named name: String) throws -> Graph {
        guard depth < Self.deepest else { throw cursor.error("bodies of nodes are nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        return try graph(named: name, isBody: true)
    }

    /// Reads a graph whose name has been read.
    mutating func graph(named name: String, isBody: Bool) throws -> Graph {
        var table = NameTable(name: name)
        try inputs(&table)
        try cursor.expect("=>", "between inputs and outputs")
        let outputs = try self.outputs(&table)
        try valueInfos(&table, allowInitializers: true)
        return try nodesAndEnd(&table, outputs: outputs, isBody: isBody)
    }

    /// Reads inputs. One that has data is an initializer and no input.
    mutating func inputs(_ table: inout NameTable) throws {
        try cursor.expect("(", "before the inputs")
        try elements(until: ")", of: "the inputs") { parser in
            let (name, type, place) = try parser.valueInfo("an input")
            guard let id = table.define(name, at: place) else { throw parser.secondDefinition(name, place) }
            if parser.cursor.take("=") {
                try parser.initializer(id, name, type, &table)
            } else {
                table.declare(name, type)
                table.graph.inputs.append(id)
            }
        }
    }

    /// Reads outputs, which nodes after them give: their names, and where these stand.
    mutating func outputs(_ table: inout NameTable) throws -> [(name: String, place: Int)] {
        try cursor.expect("(", "before the outputs")
        var result: [(name: String, place: Int)] = []
        try elements(until: ")", of: "the outputs") { parser in
            let (name, type, place) = try parser.valueInfo("an output")
            table.declare(name, type)
            result.append((name, place))
        }
        return result
    }

    /// Reads initializers and the types of intermediate values, if any come next.
    mutating func valueInfos(_ table: inout NameTable, allowInitializers: Bool) throws {
        guard cursor.take("<") else { return }
        try elements(until: ">", of: "the initializers and types") { parser in
            let (name, type, place) = try parser.valueInfo("an initializer or the type of a value")
            guard parser.cursor.isNext("=") else { return table.declare(name, type) }
            guard allowInitializers else {
                throw parser.cursor.error(
                    "a function cannot have initializers", hint: "write a Constant node for '\(name)'")
            }
            _ = parser.cursor.take("=")
            // An input may get its data here: then it is an initializer only.
            let id = table.takeInput(name) ?? table.define(name, at: place)
            guard let id else { throw parser.secondDefinition(name, place) }
            try parser.initializer(id, name, type, &table)
        }
    }

    /// Reads a name with its type before it, if it has one.
    private mutating func valueInfo(_ what: String) throws -> (name: String, type: TextType?, place: Int) {
        let type = nextIsType() ? try type() : nil
        let place = cursor.place()
        let name = try cursor.name("the name of \(what)")
        guard !name.isEmpty else { throw cursor.error("\(what) needs a name", at: place) }
        return (name, type, place)
    }

    private mutating func initializer(
        _ id: ValueID, _ name: String, _ type: TextType?, _ table: inout NameTable
    ) throws {
        guard case .tensor(let tensorType) = type else {
            throw cursor.error("the initializer '\(name)' needs the type of a tensor")
        }
        let tensor = try tensor(tensorType)
        table.graph[id] = Value(name: name, constant: Constant(tensor, form: .initializer))
    }

    private func secondDefinition(_ name: String, _ place: Int) -> HarrierError {
        cursor.error("a second value of the name '\(name)'", at: place)
    }

    /// Reads the nodes, and checks and orders the graph.
    mutating func nodesAndEnd(
        _ table: inout NameTable, outputs: [(name: String, place: Int)], isBody: Bool
    ) throws -> Graph {
        try cursor.expect("{", "before the nodes")
        while !cursor.take("}") {
            guard cursor.peek() != nil else { throw cursor.expected("a node or '}'") }
            try node(&table)
        }
        for (name, place) in outputs {
            if let id = table.use(name, at: place) { table.graph.outputs.append(id) }
        }
        if isBody {
            table.captureUndefined()
        } else if let (name, place) = table.firstUndefined {
            throw cursor.error("nothing computes '\(name)'", at: place)
        }
        table.applyTypes()
        try table.graph.sortTopologically()
        return table.graph
    }

    private mutating func node(_ table: inout NameTable) throws {
        var name = ""
        if cursor.take("[") {
            name = try cursor.name() ?? ""
            try cursor.expect("]", "after the name of the node")
        }
        let outputs = try names(before: "=", of: "the outputs")
        try cursor.expect("=", "between the outputs and the operator")
        let op = try operatorName()
        let overload = cursor.take(":") ? try cursor.identifier("the overload of a function") : ""
        var list = AttributeList()
        try attributes(of: op, into: &list)
        try cursor.expect("(", "before the operands of \(op)")
        let inputs = try names(before: ")", of: "the operands")
        try cursor.expect(")", "or ',' in the operands of \(op)")
        try attributes(of: op, into: &list)
        for (capture, place) in list.captures { _ = table.use(capture, at: place) }
        let operands = inputs.map { table.use($0.name, at: $0.place) }
        let results = try outputs.map { output -> ValueID? in
            if output.name.isEmpty { return nil }
            guard let id = table.define(output.name, at: output.place) else {
                throw secondDefinition(output.name, output.place)
            }
            return id
        }
        var node = Node(
            name: name, op: op, inputs: operands.droppingTrailingNils(), outputs: results.droppingTrailingNils(),
            attributes: list.attributes, overload: overload)
        node.scope = Scope(of: node)
        if let literal = node.literal, case let output?? = node.outputs.first {
            table.graph[output] = Value(
                name: table.graph[output].name, constant: Constant(literal, form: .literal(nodeName: name)))
        } else {
            table.graph.nodes.append(node)
        }
    }

    /// Reads names between commas; nothing before a comma is the empty name, too.
    private mutating func names(
        before end: Unicode.Scalar, of what: String
    ) throws -> [(name: String, place: Int)] {
        var result: [(name: String, place: Int)] = []
        repeat {
            let place = cursor.place()
            if let name = try cursor.name() {
                result.append((name, place))
            } else if cursor.isNext(",") {
                result.append(("", place))
            } else if !cursor.isNext(end) {
                throw cursor.expected("a name in \(what)")
            }
        } while cursor.take(",")
        return result
    }

    private mutating func operatorName() throws -> OperatorName {
        let name = try qualifiedName("the name of an operator")
        guard let point = name.lastIndex(of: ".") else { return OperatorName(name) }
        return OperatorName(String(name[name.index(after: point)...]), domain: String(name[..<point]))
    }
}

extension Array {
    /// Without the nils at the end.
    fileprivate func droppingTrailingNils<Wrapped>() -> [Element] where Element == Wrapped? {
        guard let last = lastIndex(where: { $0 != nil }) else { return [] }
        return Array(self[...last])
    }
}
