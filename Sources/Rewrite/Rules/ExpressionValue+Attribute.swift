import DataFiles
import IR

extension ExpressionValue {
    /// The value of an attribute, if expressions can hold its kind.
    init?(_ attribute: Attribute?) {
        switch attribute {
        case nil: self = .absent
        case .int(let value): self = .integer(value)
        case .float(let value): self = .number(Double(value))
        case .string(let text): self = .text(text)
        case .ints(let values): self = .list(values.map(ExpressionValue.integer))
        case .floats(let values): self = .list(values.map { .number(Double($0)) })
        case .strings(let texts): self = .list(texts.map(ExpressionValue.text))
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
}
