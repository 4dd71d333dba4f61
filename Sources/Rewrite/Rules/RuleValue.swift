import Graph

/// What an expression in a rule evaluates to.
public enum RuleValue: Hashable, Sendable, CustomStringConvertible {
    case integer(Int)
    case number(Double)
    case text(String)
    case truth(Bool)
    case list([RuleValue])
    /// An attribute that the node leaves out and that has no default.
    case absent

    /// The value as a rule would write it.
    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let text): "'\(text)'"
        case .truth(let truth): truth ? "true" : "false"
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .absent: "absent"
        }
    }

    /// The value of an attribute, if expressions can hold its kind.
    init?(_ attribute: Attribute?) {
        switch attribute {
        case nil: self = .absent
        case .int(let value): self = .integer(value)
        case .float(let value): self = .number(Double(value))
        case .string(let text): self = .text(text)
        case .ints(let values): self = .list(values.map(RuleValue.integer))
        case .floats(let values): self = .list(values.map { .number(Double($0)) })
        case .strings(let texts): self = .list(texts.map(RuleValue.text))
        default: return nil
        }
    }

    /// The attribute of the given kind with this value; nil for ``absent``.
    ///
    /// - Throws: ``HarrierError`` if the value is of another kind.
    func attribute(kind: Attribute.Kind) throws -> Attribute? {
        if self == .absent { return nil }
        switch kind {
        case .int: return .int(try integer())
        case .float: return .float(Float(try number()))
        case .string: return .string(try text())
        case .ints: return .ints(try list().map { try $0.integer() })
        case .floats: return .floats(try list().map { Float(try $0.number()) })
        case .strings: return .strings(try list().map { try $0.text() })
        default: throw HarrierError("an expression cannot give an attribute of kind \(kind)")
        }
    }

    func integer() throws -> Int {
        guard case .integer(let value) = self else { throw HarrierError("\(self) is not an integer") }
        return value
    }

    func number() throws -> Double {
        switch self {
        case .integer(let value): return Double(value)
        case .number(let value): return value
        default: throw HarrierError("\(self) is not a number")
        }
    }

    func text() throws -> String {
        guard case .text(let text) = self else { throw HarrierError("\(self) is not a string") }
        return text
    }

    func truth() throws -> Bool {
        guard case .truth(let truth) = self else { throw HarrierError("\(self) is not true or false") }
        return truth
    }

    func list() throws -> [RuleValue] {
        guard case .list(let values) = self else { throw HarrierError("\(self) is not a list") }
        return values
    }
}
