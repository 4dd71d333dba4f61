extension Expression: CustomStringConvertible {
    /// The expression as a file could write it, with the parentheses that it needs.
    package var description: String { text(within: .disjunction) }

    /// How tightly an operator binds, loosest first.
    private enum Binding: Int, Comparable {
        case disjunction, conjunction, negation, comparison, sum, product, sign, primary

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        /// What binds one step tighter: the right operand of an operator that groups to the left.
        var next: Binding { Binding(rawValue: rawValue + 1) ?? .primary }
    }

    private var binding: Binding {
        switch self {
        case .literal, .name, .list, .call: .primary
        case .index: .sign
        case .unary(.not, _): .negation
        case .unary: .sign
        case .binary(let operation, _, _): Self.binding(of: operation)
        }
    }

    private static func binding(of operation: Operator) -> Binding {
        switch operation {
        case .or: .disjunction
        case .and: .conjunction
        case .not: .negation
        case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
        case .add, .subtract: .sum
        case .multiply, .divide, .remainder: .product
        }
    }

    private func text(within outer: Binding) -> String {
        let text =
            switch self {
            case .literal(let value): value.description
            case .name(let name): name
            case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
            case .call(let name, let arguments):
                name + "(" + arguments.map(\.description).joined(separator: ", ") + ")"
            case .index(let list, let index): list.text(within: .primary) + "[\(index)]"
            case .unary(.not, let operand): "not " + operand.text(within: .negation)
            case .unary(_, let operand): "-" + operand.text(within: .sign)
            case .binary(let operation, let left, let right):
                left.text(within: binding == .comparison ? .sum : binding)
                    + " \(operation.rawValue) " + right.text(within: binding.next)
            }
        return binding < outer ? "(\(text))" : text
    }
}
