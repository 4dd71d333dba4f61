extension Node {
    /// An integer attribute, or the default.
    ///
    /// - Throws: ``HarrierError`` if the attribute is there and of another kind.
    public func int(_ name: String, default value: Int) throws -> Int { try int(name) ?? value }

    /// An integer attribute, nil if it is absent.
    public func int(_ name: String) throws -> Int? {
        switch attributes[name] {
        case nil: nil
        case .int(let value): value
        case let other?: throw wrongKind(name, other, expected: .int)
        }
    }

    /// A floating-point attribute, or the default.
    public func float(_ name: String, default value: Float) throws -> Float { try float(name) ?? value }

    /// A floating-point attribute, nil if it is absent.
    public func float(_ name: String) throws -> Float? {
        switch attributes[name] {
        case nil: nil
        case .float(let value): value
        case let other?: throw wrongKind(name, other, expected: .float)
        }
    }

    /// A string attribute, or the default.
    public func string(_ name: String, default value: String) throws -> String {
        switch attributes[name] {
        case nil: value
        case .string(let text): text
        case let other?: throw wrongKind(name, other, expected: .string)
        }
    }

    /// A list of integers, nil if it is absent.
    public func ints(_ name: String) throws -> [Int]? {
        switch attributes[name] {
        case nil: nil
        case .ints(let values): values
        case let other?: throw wrongKind(name, other, expected: .ints)
        }
    }

    /// A list of integers with an entry for each axis, or the default for each.
    ///
    /// An empty list counts as absent: some exporters write one for a list that is left out.
    /// - Throws: ``HarrierError`` if the attribute is of another kind or has another number of entries.
    public func ints(_ name: String, count: Int, default entry: Int) throws -> [Int] {
        guard let values = try ints(name), !values.isEmpty else { return Array(repeating: entry, count: count) }
        guard values.count == count else {
            throw HarrierError("attribute '\(name)' of \(op) must have \(count) entries, not \(values.count)")
        }
        return values
    }

    /// A list of floating-point numbers, nil if it is absent.
    public func floats(_ name: String) throws -> [Float]? {
        switch attributes[name] {
        case nil: nil
        case .floats(let values): values
        case let other?: throw wrongKind(name, other, expected: .floats)
        }
    }

    private func wrongKind(_ name: String, _ found: Attribute, expected: Attribute.Kind) -> HarrierError {
        HarrierError(
            "attribute '\(name)' of \(op) must be of kind \(expected), not \(found.kind.map { "\($0)" } ?? "opaque")")
    }
}
