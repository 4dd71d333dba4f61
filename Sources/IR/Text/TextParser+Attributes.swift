extension TextParser {
    /// The attributes of one node: first what the text says, then what Harrier keeps.
    struct AttributeList {
        var attributes: [String: Attribute] = [:]
        /// Where the values that mention outer names start, by those names.
        var captures: [(name: String, place: Int)] = []
    }

    /// Reads the attributes of a node, if any come next.
    mutating func attributes(of op: OperatorName, into list: inout AttributeList) throws {
        guard cursor.take("<") else { return }
        try elements(until: ">", of: "the attributes") { parser in
            let start = parser.cursor.place()
            if parser.cursor.take("@*") {
                list.attributes[Attribute.allOthers] = .reference(name: Attribute.allOthers, kind: .string)
                return
            }
            let name = try parser.cursor.name("the name of an attribute")
            guard list.attributes[name] == nil else {
                throw parser.cursor.error("a second attribute '\(name)'", at: start)
            }
            let attribute = try parser.attribute(name, of: op)
            list.attributes[name] = attribute
            for body in attribute.subgraphs {
                list.captures += body.captures.map { (body[$0].name, start) }
            }
        }
    }

    /// Reads what follows an attribute's name: its kind, if given, and its value.
    ///
    /// - Parameter op: the node's operator, which knows the kind where the text does not say it (of a reference, of `2`
    ///   for a floating-point number); nil in the head of a function.
    mutating func attribute(_ name: String, of op: OperatorName?) throws -> Attribute {
        let kind = try attributeKind()
        let usual = op.flatMap { OperatorTable[$0]?.attribute(name)?.kind }
        try cursor.expect("=", "after the name of the attribute '\(name)'")
        if cursor.take("@") {
            let start = cursor.place()
            let target = try cursor.name("the name of the attribute that '\(name)' takes its value from")
            guard let kind = kind ?? usual ?? defaults[target]?.kind else {
                throw cursor.error(
                    "the kind of the attribute '\(name)' is not known", at: start,
                    hint: "write it: \(name): float = @\(target)")
            }
            return .reference(name: target, kind: kind)
        }
        let start = cursor.place()
        if cursor.take("[") { return try attributeList(name, kind, usual, start) }
        let item = try attributeItem(expected: kind ?? usual)
        guard kind == nil || kind == item.kind else {
            throw cursor.error("the attribute '\(name)' is not of the kind \(kind?.onnxName ?? "given")", at: start)
        }
        return item.attribute(named: name)
    }

    private mutating func attributeKind() throws -> Attribute.Kind? {
        guard cursor.take(":") else { return nil }
        let start = cursor.place()
        let word = try cursor.identifier("a kind of attribute such as 'int'")
        guard let kind = Attribute.Kind.allCases.first(where: { $0.onnxName == word }) else {
            throw cursor.error("there is no kind of attribute '\(word)'", at: start)
        }
        return kind
    }

    private mutating func attributeList(
        _ name: String, _ kind: Attribute.Kind?, _ usual: Attribute.Kind?, _ start: Int
    ) throws -> Attribute {
        if let kind, kind.element == nil {
            throw cursor.error("the attribute '\(name)' of kind \(kind.onnxName) cannot be a list", at: start)
        }
        var items: [AttributeItem] = []
        try elements(until: "]", of: "the values of the attribute '\(name)'") { parser in
            items.append(try parser.attributeItem(expected: (kind ?? usual)?.element))
        }
        guard let attribute = AttributeItem.list(items, kind: kind, named: name) else {
            let problem =
                items.isEmpty
                ? "the attribute '\(name)' is empty, so its kind must be given"
                : "the values of the attribute '\(name)' are not of one kind"
            throw cursor.error(problem, at: start, hint: items.isEmpty ? "as in \(name): ints = []" : nil)
        }
        return attribute
    }

    /// Reads one value. Whether an integer stands for a floating-point number is the caller's to say.
    private mutating func attributeItem(expected: Attribute.Kind?) throws -> AttributeItem {
        if nextIsType() {
            let start = cursor.place()
            let type = try type()
            let hasData = cursor.isNext("{") || cursor.isNext("=") || cursor.isNext("\"")
            guard hasData || cursor.isNext(".") || cursor.isNext("[") || cursor.peekIdentifier() != nil else {
                return .type(type)
            }
            guard case .tensor(let tensorType) = type else {
                throw cursor.error("only tensors can have data here", at: start)
            }
            _ = try cursor.name()
            _ = cursor.take("=")
            return .tensor(try tensor(tensorType))
        }
        if cursor.isNext("\"") {
            let text = try cursor.string("a string")
            return cursor.isNext("(") ? .graph(try body(named: text)) : .string(text)
        }
        if let number = cursor.number() {
            if number.isFloat || expected == .float { return .float(try cursor.real(number, as: Float.self)) }
            return .int(try cursor.integer(number))
        }
        guard let name = cursor.identifier() else { throw cursor.expected("the value of an attribute") }
        return .graph(try body(named: name))
    }
}
