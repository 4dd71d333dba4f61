import IR

/// What an expression evaluates to.
package enum ExpressionValue: Hashable, Sendable, CustomStringConvertible {
    case integer(Int)
    case number(Double)
    case text(String)
    case truth(Bool)
    case list([ExpressionValue])
    /// An attribute that a node leaves out and that has no default.
    case absent

    /// The value as a file would write it.
    package var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let text): "'\(text)'"
        case .truth(let truth): truth ? "true" : "false"
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .absent: "absent"
        }
    }

    /// The integer it is.
    ///
    /// - Throws: ``HarrierError`` if it is something else.
    package func integer() throws -> Int {
        guard case .integer(let value) = self else { throw HarrierError("\(self) is not an integer") }
        return value
    }

    /// The number it is; integers are numbers, too.
    ///
    /// - Throws: ``HarrierError`` if it is something else.
    package func number() throws -> Double {
        switch self {
        case .integer(let value): return Double(value)
        case .number(let value): return value
        default: throw HarrierError("\(self) is not a number")
        }
    }

    /// The string it is.
    ///
    /// - Throws: ``HarrierError`` if it is something else.
    package func text() throws -> String {
        guard case .text(let text) = self else { throw HarrierError("\(self) is not a string") }
        return text
    }

    /// Whether it is true.
    ///
    /// - Throws: ``HarrierError`` if it is something else.
    package func truth() throws -> Bool {
        guard case .truth(let truth) = self else { throw HarrierError("\(self) is not true or false") }
        return truth
    }

    /// The list it is.
    ///
    /// - Throws: ``HarrierError`` if it is something else.
    package func list() throws -> [ExpressionValue] {
        guard case .list(let values) = self else { throw HarrierError("\(self) is not a list") }
        return values
    }
}
