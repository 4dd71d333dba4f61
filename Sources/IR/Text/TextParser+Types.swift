extension TextParser {
    /// Whether a type comes next.
    mutating func nextIsType() -> Bool { cursor.peekIdentifier().map(TextType.isKeyword) ?? false }

    /// Reads a type.
    mutating func type(depth: Int = 0) throws -> TextType {
        let start = cursor.place()
        let word = try cursor.identifier("a type")
        if let element = ElementType(onnxName: word) { return .tensor(try tensorType(of: element)) }
        guard depth < TextType.deepest else { throw cursor.error("types are nested too deeply", at: start) }
        guard TextType.isKeyword(word) else {
            cursor.rewind(to: start)
            throw cursor.expected("a type")
        }
        try cursor.expect("(", "after '\(word)'")
        let result: TextType
        switch word {
        case "seq": result = .sequence(try type(depth: depth + 1))
        case "optional": result = .optional(try type(depth: depth + 1))
        case "map":
            let key = try elementType("the type of the keys")
            try cursor.expect(",", "after the type of the keys")
            result = .map(key: key, value: try type(depth: depth + 1))
        case "sparse_tensor":
            result = .sparse(try tensorType(of: try elementType("the type of the elements")))
        default: result = try opaqueType()
        }
        try cursor.expect(")", "after the type")
        return result
    }

    private mutating func elementType(_ what: String) throws -> ElementType {
        guard let element = cursor.peekIdentifier().flatMap(ElementType.init(onnxName:)) else {
            throw cursor.expected(what)
        }
        _ = cursor.identifier()
        return element
    }

    /// Without brackets a scalar, with empty ones a tensor of unknown rank.
    private mutating func tensorType(of element: ElementType) throws -> TensorType {
        guard cursor.take("[") else { return TensorType(element, []) }
        if cursor.take("]") { return TensorType(element, nil) }
        var shape: [Dimension] = []
        try cursor.list(until: "]", of: "the dimensions") { cursor in
            if cursor.take("?") {
                shape.append(.unknown)
            } else if let name = try cursor.name() {
                shape.append(.symbol(name))
            } else {
                shape.append(.known(try cursor.integer("a dimension (a number, a name or '?')")))
            }
        }
        return TensorType(element, shape)
    }

    private mutating func opaqueType() throws -> TextType {
        if cursor.isNext(")") { return .opaque(domain: "", name: "") }
        let first = try qualifiedName("the name of an opaque type")
        guard cursor.take(",") else { return .opaque(domain: "", name: first) }
        return .opaque(domain: first, name: try cursor.identifier("the name of an opaque type"))
    }

    /// Reads identifiers between points.
    mutating func qualifiedName(_ what: String) throws -> String {
        var name = try cursor.identifier(what)
        while cursor.take(".") { name += "." + (try cursor.identifier(what)) }
        return name
    }
}
