import DataFiles
import Foundation
import IR
import Pricing

/// An arithmetic expression of a framework file, compiled: names are looked up and functions chosen once, when the file is
/// read, so that pricing only calculates. All numbers are real numbers (`7 / 2` is 3.5).
struct PriceExpression: Sendable {
    /// Foundation has an `Expression`, too.
    typealias Expression = DataFiles.Expression

    /// Its value for the sizes of a call.
    ///
    /// - Throws: ``HarrierError`` for a division by zero, a logarithm or root of what has none, and results without
    ///   bounds.
    let evaluate: @Sendable (Sizes) throws -> Double

    /// What a name stands for: a number that is known when the file is read, or a size of the call.
    enum Name {
        case constant(Double)
        case size(KeyPath<Sizes, Int> & Sendable)
    }

    /// The sizes of a call, by the names they have in expressions.
    static let sizes: [String: KeyPath<Sizes, Int> & Sendable] = [
        "n": \.n, "p": \.p, "q": \.q, "r": \.r, "bits": \.bits,
        "left_owned": \.leftOwned, "right_owned": \.rightOwned,
    ]

    /// The functions that expressions can call, with what they do.
    static let functions: [(name: String, summary: String)] = [
        ("ceil(x)", "the next whole number up"), ("floor(x)", "the next whole number down"),
        ("log2(x)", "the logarithm to base 2, not rounded"), ("sqrt(x)", "the square root"),
        ("pow(x, y)", "x to the power of y"), ("min(x, y, ...)", "the smallest"), ("max(x, y, ...)", "the largest"),
        ("choose(c, x, y)", "x where the condition c holds, else y"),
    ]

    /// Compiles an expression.
    ///
    /// - Parameter lookup: what a name stands for; nil if nothing.
    /// - Throws: ``HarrierError`` for a name or function that does not exist, and for what is no arithmetic.
    init(_ expression: Expression, lookup: (String) -> Name?) throws {
        let number = try Self.number(expression, lookup)
        self.evaluate = { sizes in
            let value = try number(sizes)
            guard value.isFinite else { throw HarrierError("its value has no bounds") }
            return value
        }
    }

    private typealias Number = @Sendable (Sizes) throws -> Double
    private typealias Truth = @Sendable (Sizes) throws -> Bool

    private static func number(_ expression: Expression, _ lookup: (String) -> Name?) throws -> Number {
        switch expression {
        case .literal(let literal):
            let value = try literal.number()
            return { _ in value }
        case .name(let name):
            switch lookup(name) {
            case .constant(let value): return { _ in value }
            case .size(let path): return { Double($0[keyPath: path]) }
            case nil: throw HarrierError("there is no '\(name)'")
            }
        case .call(let name, let arguments): return try call(name, arguments, lookup)
        case .unary(.subtract, let operand):
            let value = try number(operand, lookup)
            return { try -value($0) }
        case .binary(let operation, let left, let right):
            return try arithmetic(operation, number(left, lookup), number(right, lookup))
        case .list, .index, .unary: throw HarrierError("a price is a number, made of numbers")
        }
    }

    private static func arithmetic(
        _ operation: Expression.Operator, _ left: @escaping Number, _ right: @escaping Number
    ) throws -> Number {
        switch operation {
        case .add: return { try left($0) + right($0) }
        case .subtract: return { try left($0) - right($0) }
        case .multiply: return { try left($0) * right($0) }
        case .divide:
            return { sizes in
                let divisor = try right(sizes)
                guard divisor != 0 else { throw HarrierError("a division by zero") }
                return try left(sizes) / divisor
            }
        case .remainder:
            return { sizes in
                let divisor = try right(sizes)
                guard divisor != 0 else { throw HarrierError("a division by zero") }
                return try left(sizes).truncatingRemainder(dividingBy: divisor)
            }
        default: throw HarrierError("'\(operation.rawValue)' gives no number; it belongs into choose(condition, x, y)")
        }
    }

    private static func call(_ name: String, _ arguments: [Expression], _ lookup: (String) -> Name?) throws -> Number {
        if name == "choose" {
            try expect(arguments, 3, name)
            let condition = try truth(arguments[0], lookup)
            let (yes, no) = (try number(arguments[1], lookup), try number(arguments[2], lookup))
            return { try condition($0) ? yes($0) : no($0) }
        }
        let values = try arguments.map { try number($0, lookup) }
        switch name {
        case "min", "max":
            guard let first = values.first else { throw HarrierError("\(name) of nothing") }
            let isMinimum = name == "min"
            return { sizes in
                try values.dropFirst().reduce(first(sizes)) { best, next in
                    let value = try next(sizes)
                    return isMinimum ? Swift.min(best, value) : Swift.max(best, value)
                }
            }
        case "pow":
            try expect(arguments, 2, name)
            return { try Foundation.pow(values[0]($0), values[1]($0)) }
        case "ceil", "floor":
            try expect(arguments, 1, name)
            let rule: FloatingPointRoundingRule = name == "ceil" ? .up : .down
            return { try values[0]($0).rounded(rule) }
        case "log2", "sqrt":
            try expect(arguments, 1, name)
            let isLogarithm = name == "log2"
            return { sizes in
                let value = try values[0](sizes)
                let result = isLogarithm ? Foundation.log2(value) : value.squareRoot()
                guard result.isFinite else { throw HarrierError("\(name) of \(value)") }
                return result
            }
        default:
            throw HarrierError(
                "there is no function '\(name)'", hint: "functions: " + functions.map(\.name).joined(separator: ", "))
        }
    }

    private static func truth(_ expression: Expression, _ lookup: (String) -> Name?) throws -> Truth {
        switch expression {
        case .literal(.truth(let value)): return { _ in value }
        case .unary(.not, let operand):
            let value = try truth(operand, lookup)
            return { try !value($0) }
        case .binary(.and, let left, let right):
            let (one, two) = (try truth(left, lookup), try truth(right, lookup))
            return { try one($0) && two($0) }
        case .binary(.or, let left, let right):
            let (one, two) = (try truth(left, lookup), try truth(right, lookup))
            return { try one($0) || two($0) }
        case .binary(let operation, let left, let right):
            let (one, two) = (try number(left, lookup), try number(right, lookup))
            guard let compare = comparison(operation) else { break }
            return { try compare(one($0), two($0)) }
        default: break
        }
        throw HarrierError("the first argument of choose is a comparison")
    }

    private static func comparison(_ operation: Expression.Operator) -> (@Sendable (Double, Double) -> Bool)? {
        switch operation {
        case .equal: { $0 == $1 }
        case .unequal: { $0 != $1 }
        case .less: { $0 < $1 }
        case .lessOrEqual: { $0 <= $1 }
        case .greater: { $0 > $1 }
        case .greaterOrEqual: { $0 >= $1 }
        default: nil
        }
    }

    private static func expect(_ arguments: [Expression], _ count: Int, _ name: String) throws {
        guard arguments.count == count else {
            throw HarrierError("\(name) takes \(count) argument\(count == 1 ? "" : "s"), not \(arguments.count)")
        }
    }
}
