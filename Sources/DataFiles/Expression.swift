/// An expression in a data file: integers, numbers, strings, lists, arithmetic, comparisons, `and`, `or`, `not`, indexing,
/// and calls. What names and functions mean is up to the kind of file: conditions of rules, prices of frameworks.
package indirect enum Expression: Hashable, Sendable {
    case literal(ExpressionValue)
    /// What the file or its surroundings define.
    case name(String)
    case list([Expression])
    case call(String, [Expression])
    case index(Expression, Expression)
    case unary(Operator, Expression)
    case binary(Operator, Expression, Expression)

    /// An arithmetic, comparing or logical operator.
    package enum Operator: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case remainder = "%"
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case and
        case or
        case not
    }

    /// All names in the expression that are not names of called functions.
    package var names: Set<String> {
        switch self {
        case .literal: []
        case .name(let name): [name]
        case .list(let items), .call(_, let items): items.reduce(into: []) { $0.formUnion($1.names) }
        case .index(let one, let two), .binary(_, let one, let two): one.names.union(two.names)
        case .unary(_, let operand): operand.names
        }
    }

    /// All calls in the expression.
    package var calls: [(name: String, arguments: [Expression])] {
        switch self {
        case .literal, .name: []
        case .list(let items): items.flatMap(\.calls)
        case .call(let name, let arguments): [(name, arguments)] + arguments.flatMap(\.calls)
        case .index(let one, let two), .binary(_, let one, let two): one.calls + two.calls
        case .unary(_, let operand): operand.calls
        }
    }
}
