import IR

/// A plain value in an oracle's JSON: a number, a text, or a list of them.
public enum Literal: Decodable, Hashable, Sendable {
    case number(Double)
    case text(String)
    case numbers([Double])
    case texts([String])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let values = try? container.decode([Double].self) {
            self = .numbers(values)
        } else {
            self = .texts(try container.decode([String].self))
        }
    }

    /// The attribute of that kind with this value; nil if a value of that kind cannot look like this.
    public func attribute(kind: Attribute.Kind) -> Attribute? {
        switch (kind, self) {
        case (.int, .number(let value)): Int(exactly: value).map(Attribute.int)
        case (.float, .number(let value)): .float(Float(value))
        case (.string, .text(let value)): .string(value)
        case (.ints, .numbers(let values)): .ints(values.compactMap { Int(exactly: $0) })
        case (.floats, .numbers(let values)): .floats(values.map { Float($0) })
        case (.strings, .texts(let values)): .strings(values)
        case (.strings, .numbers(let values)) where values.isEmpty: .strings([])
        default: nil
        }
    }
}
