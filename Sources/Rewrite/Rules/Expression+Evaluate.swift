import DataFiles
import IR

extension Expression {
    /// The value of the expression at a place where the rule's pattern matched.
    ///
    /// - Throws: ``HarrierError`` if it has none there: a shape that is not known, an index beyond the end, overflow.
    func evaluate(in scope: RuleScope) throws -> ExpressionValue {
        switch self {
        case .literal(let value): return value
        case .name(let name): return try scope.variable(name)
        case .list(let items): return .list(try items.map { try $0.evaluate(in: scope) })
        case .call(let name, let arguments):
            guard let function = RuleVocabulary.functions[name] else {
                throw HarrierError("there is no function '\(name)'")
            }
            return try function.evaluate(arguments, scope)
        case .index(let list, let index):
            let items = try list.evaluate(in: scope).list()
            let position = try index.evaluate(in: scope).integer()
            let wrapped = position < 0 ? position + items.count : position
            guard items.indices.contains(wrapped) else {
                throw HarrierError("index \(position) of \(items.count) items")
            }
            return items[wrapped]
        case .unary(.not, let operand): return .truth(try !operand.evaluate(in: scope).truth())
        case .unary(_, let operand):
            return try Self.apply(.subtract, .integer(0), operand.evaluate(in: scope))
        case .binary(.and, let left, let right):
            return .truth(try left.evaluate(in: scope).truth() && right.evaluate(in: scope).truth())
        case .binary(.or, let left, let right):
            return .truth(try left.evaluate(in: scope).truth() || right.evaluate(in: scope).truth())
        case .binary(let operation, let left, let right):
            return try Self.apply(operation, left.evaluate(in: scope), right.evaluate(in: scope))
        }
    }

    private static func apply(_ operation: Operator, _ left: ExpressionValue, _ right: ExpressionValue) throws
        -> ExpressionValue
    {
        switch operation {
        case .equal: return .truth(try equal(left, right))
        case .unequal: return .truth(try !equal(left, right))
        default: break
        }
        switch (left, right) {
        case (.list(let ones), .list(let twos)):
            guard ones.count == twos.count else {
                throw HarrierError("lists of \(ones.count) and \(twos.count) items do not go together")
            }
            return try everyItem(operation, zip(ones, twos).map { ($0, $1) })
        case (.list(let ones), _): return try everyItem(operation, ones.map { ($0, right) })
        case (_, .list(let twos)): return try everyItem(operation, twos.map { (left, $0) })
        case (.integer(let one), .integer(let two)): return try apply(operation, one, two)
        default: return try apply(operation, left.number(), right.number())
        }
    }

    /// Arithmetic on lists gives a list; a comparison of lists holds if it holds for every item.
    private static func everyItem(_ operation: Operator, _ pairs: [(ExpressionValue, ExpressionValue)]) throws
        -> ExpressionValue
    {
        let results = try pairs.map { try apply(operation, $0.0, $0.1) }
        switch operation {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: return .truth(try results.allSatisfy { try $0.truth() })
        default: return .list(results)
        }
    }

    private static func equal(_ left: ExpressionValue, _ right: ExpressionValue) throws -> Bool {
        switch (left, right) {
        case (.integer, .number), (.number, .integer): try left.number() == right.number()
        case (.list(let ones), .list(let twos)):
            try ones.count == twos.count && zip(ones, twos).allSatisfy { try equal($0, $1) }
        default: left == right
        }
    }

    private static func apply(_ operation: Operator, _ left: Int, _ right: Int) throws -> ExpressionValue {
        func checked(_ result: (partialValue: Int, overflow: Bool)) throws -> ExpressionValue {
            guard !result.overflow else { throw HarrierError("an integer overflow") }
            return .integer(result.partialValue)
        }
        switch operation {
        case .add: return try checked(left.addingReportingOverflow(right))
        case .subtract: return try checked(left.subtractingReportingOverflow(right))
        case .multiply: return try checked(left.multipliedReportingOverflow(by: right))
        case .divide, .remainder:
            guard right != 0 else { throw HarrierError("a division by zero") }
            return try checked(
                operation == .divide
                    ? left.dividedReportingOverflow(by: right) : left.remainderReportingOverflow(dividingBy: right))
        default: return .truth(compare(operation, left, right))
        }
    }

    private static func apply(_ operation: Operator, _ left: Double, _ right: Double) throws -> ExpressionValue {
        switch operation {
        case .add: .number(left + right)
        case .subtract: .number(left - right)
        case .multiply: .number(left * right)
        case .divide: .number(left / right)
        case .remainder: .number(left.truncatingRemainder(dividingBy: right))
        default: .truth(compare(operation, left, right))
        }
    }

    private static func compare<Number: Comparable>(_ operation: Operator, _ left: Number, _ right: Number) -> Bool {
        switch operation {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        default: left >= right
        }
    }
}
