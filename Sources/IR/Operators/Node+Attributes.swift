/// Attributes by name. What a node leaves out is its operator's default, which the operator table alone says.
extension Node {
    /// An integer attribute.
    ///
    /// - Throws: ``HarrierError`` if the node does not give it and it has no default, or it is of another kind.
    public func int(_ name: String) throws -> Int { try required(name, optionalInt(name)) }

    /// An integer attribute, nil if the node does not give it and it has no default.
    ///
    /// - Throws: ``HarrierError`` if it is of another kind.
    public func optionalInt(_ name: String) throws -> Int? {
        switch attribute(name) {
        case nil: nil
        case .int(let value): value
        case let other?: throw wrongKind(name, other, expected: .int)
        }
    }

    /// An integer attribute that is a switch: whether it is 1. For other numbers the standard says nothing; onnxruntime takes them for off.
    ///
    /// - Throws: as ``int(_:)``.
    public func flag(_ name: String) throws -> Bool { try int(name) == 1 }

    /// A floating-point attribute.
    ///
    /// - Throws: as ``int(_:)``.
    public func float(_ name: String) throws -> Float { try required(name, optionalFloat(name)) }

    /// A floating-point attribute, nil if the node does not give it and it has no default.
    public func optionalFloat(_ name: String) throws -> Float? {
        switch attribute(name) {
        case nil: nil
        case .float(let value): value
        case let other?: throw wrongKind(name, other, expected: .float)
        }
    }

    /// A string attribute.
    ///
    /// - Throws: as ``int(_:)``.
    public func string(_ name: String) throws -> String { try required(name, optionalString(name)) }

    /// A string attribute, nil if the node does not give it and it has no default.
    public func optionalString(_ name: String) throws -> String? {
        switch attribute(name) {
        case nil: nil
        case .string(let text): text
        case let other?: throw wrongKind(name, other, expected: .string)
        }
    }

    /// A list of integers.
    ///
    /// - Throws: as ``int(_:)``.
    public func ints(_ name: String) throws -> [Int] { try required(name, optionalInts(name)) }

    /// A list of integers, nil if the node does not give it and it has no default.
    public func optionalInts(_ name: String) throws -> [Int]? {
        switch attribute(name) {
        case nil: nil
        case .ints(let values): values
        case let other?: throw wrongKind(name, other, expected: .ints)
        }
    }

    /// A list of integers with that many entries, filled in with the entry that the row says if the node leaves it out.
    ///
    /// An empty list counts as left out: some exporters write one.
    /// - Throws: ``HarrierError`` if the attribute is of another kind, has another number of entries, or is left out and
    ///   has no entry to be filled in with.
    public func ints(_ name: String, count: Int) throws -> [Int] {
        guard let values = try optionalInts(name), !values.isEmpty else {
            let entry = try required(name, OperatorTable[op]?.attribute(name)?.defaultEntry)
            return Array(repeating: entry, count: count)
        }
        guard values.count == count else {
            throw HarrierError("attribute '\(name)' of \(op) must have \(count) entries, not \(values.count)")
        }
        return values
    }

    /// A list of floating-point numbers, nil if the node does not give it and it has no default.
    public func optionalFloats(_ name: String) throws -> [Float]? {
        switch attribute(name) {
        case nil: nil
        case .floats(let values): values
        case let other?: throw wrongKind(name, other, expected: .floats)
        }
    }

    /// An attribute that must be one of a few texts.
    public func choice(_ name: String, of choices: [String]) throws -> String {
        let found = try string(name)
        guard choices.contains(found) else {
            throw HarrierError(
                "attribute '\(name)' of \(op) must be one of \(choices.joined(separator: ", ")), not '\(found)'")
        }
        return found
    }

    /// What the node says, or else the default of its operator.
    private func attribute(_ name: String) -> Attribute? {
        attributes[name] ?? OperatorTable[op]?.attribute(name)?.defaultValue
    }

    private func required<Value>(_ name: String, _ value: Value?) throws -> Value {
        guard let value else { throw HarrierError("\(op) lacks its attribute '\(name)'") }
        return value
    }

    private func wrongKind(_ name: String, _ found: Attribute, expected: Attribute.Kind) -> HarrierError {
        HarrierError(
            "attribute '\(name)' of \(op) must be of kind \(expected), not \(found.kind.map { "\($0)" } ?? "opaque")")
    }
}
