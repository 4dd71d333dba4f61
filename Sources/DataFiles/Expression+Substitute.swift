extension Expression {
    /// The expression with other expressions in the place of names.
    package func substituting(_ replacements: [String: Expression]) -> Expression {
        switch self {
        case .literal: self
        case .name(let name): replacements[name] ?? self
        case .list(let items): .list(items.map { $0.substituting(replacements) })
        case .call(let name, let arguments): .call(name, arguments.map { $0.substituting(replacements) })
        case .index(let list, let index):
            .index(list.substituting(replacements), index.substituting(replacements))
        case .unary(let operation, let operand): .unary(operation, operand.substituting(replacements))
        case .binary(let operation, let left, let right):
            .binary(operation, left.substituting(replacements), right.substituting(replacements))
        }
    }
}
