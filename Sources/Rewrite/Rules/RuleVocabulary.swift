import DataFiles
import Evaluate
import IR

/// The functions that conditions and definitions of rules can call: a small closed vocabulary.
package enum RuleVocabulary {
    /// A function of the vocabulary.
    package struct Function: Sendable {
        /// What an argument must be.
        package enum Parameter: Sendable {
            /// The name of a value of the pattern.
            case value
            /// Any expression.
            case expression
            /// Any number of expressions.
            case rest
        }

        /// What it needs.
        package let parameters: [Parameter]
        /// What it gives, in a phrase.
        package let summary: String
        let evaluate: @Sendable ([Expression], RuleScope) throws -> ExpressionValue
    }

    /// All functions, by name.
    package static let functions: [String: Function] = valueFunctions.merging(pairFunctions) { one, _ in one }
        .merging(listFunctions) { one, _ in one }
        .merging(rangeFunctions) { one, _ in one }

    private static let pairFunctions: [String: Function] = [
        "independent": onPair("whether neither of two values is computed from the other, and that is soon seen") {
            one, two, facts in
            !facts.mayDepend(one, on: two) && !facts.mayDepend(two, on: one)
        },
        "distinct": onPair("whether two names stand for different values") { one, two, _ in one != two },
    ]

    private static let valueFunctions: [String: Function] = [
        "present": onValue("whether an optional operand is there") { id, _ in .truth(id != nil) },
        "used_once": onPresent("whether one operand reads it, and it is no output") { id, facts in
            .truth(facts.uses[id.index].count == 1 && !facts.isOutput(id))
        },
        "constant": onPresent(
            "whether it depends on no input of the model, so that its owner computes it before sharing"
        ) {
            .truth($1.isConstant[$0.index])
        },
        "public": onPresent("whether everybody knows it") { .truth($1.visibility[$0.index] == .public) },
        "is_output": onPresent("whether it is an output of the model") { .truth($1.isOutput($0)) },
        "producer": onPresent("the operator that computes it, '' if none does") { id, facts in
            .text(facts.producers[id.index].map { facts.graph.nodes[$0].op.description } ?? "")
        },
        "scalar": onPresent("its value: a public constant with one element") { id, facts in
            guard let number = facts.graph.publicTensor(id)?.scalar else {
                throw HarrierError("not a public constant with one element")
            }
            return .number(number)
        },
        "integers": onPresent("its elements: a public integer constant") { id, facts in
            guard let tensor = facts.graph.publicTensor(id) else { throw HarrierError("not a public constant") }
            return .list(try tensor.integers().map(ExpressionValue.integer))
        },
        "element_type": onPresent("its element type in ONNX's spelling") { id, facts in
            .text(try facts.type(of: id).elementType.onnxName)
        },
        "floating": onPresent("whether its elements are floating-point numbers") {
            .truth(try $1.type(of: $0).elementType.isFloatingPoint)
        },
        "rank": onPresent("its number of axes") { .integer(try $1.shape(of: $0).count) },
        "shape": onPresent("its axis lengths") { .list(try $1.shape(of: $0).map(ExpressionValue.integer)) },
        "count": onPresent("its number of elements") { .integer(try $1.shape(of: $0).saturatingProduct()) },
        "fits": Function(
            parameters: [.value, .expression, .expression],
            summary:
                "whether the ring holds it at a scale that is so many times the framework's and so many bits larger"
        ) { arguments, scope in
            guard let id = try scope.value(arguments[0]) else { throw HarrierError("the operand is left out") }
            guard let scales = scope.facts.scales else { throw HarrierError("where the scale is, is not known") }
            let more = Scale(
                factors: try arguments[1].evaluate(in: scope).integer(),
                bits: try arguments[2].evaluate(in: scope).integer())
            return .truth(scales.fits(id, more: more))
        },
        "dim": Function(parameters: [.value, .expression], summary: "the length of one axis") { arguments, scope in
            guard let id = try scope.value(arguments[0]) else { throw HarrierError("the operand is left out") }
            let shape = try scope.facts.shape(of: id)
            let axis = try arguments[1].evaluate(in: scope).integer()
            let wrapped = axis < 0 ? axis + shape.count : axis
            guard shape.indices.contains(wrapped) else { throw HarrierError("axis \(axis) of \(shape.count)") }
            return .integer(shape[wrapped])
        },
    ]

    /// Functions that ask for the interval of a value.
    static let rangeFunctions: [String: Function] = [
        "nonnegative": onPresent("whether it cannot be negative, whatever the inputs") {
            .truth($1.ranges.interval(of: $0).low >= 0)
        },
        "positive": onPresent("whether it is above 0, whatever the inputs") {
            .truth($1.ranges.interval(of: $0).low > 0)
        },
        "bounded": onPresent("whether it has a lower and an upper bound, whatever the inputs") {
            .truth($1.ranges.interval(of: $0).isBounded)
        },
        "lower": onPresent("a number that it is never below") { id, facts in
            .number(try bound(facts.ranges.interval(of: id).low))
        },
        "upper": onPresent("a number that it is never above") { id, facts in
            .number(try bound(facts.ranges.interval(of: id).high))
        },
        "largest_constant": onPresent(
            "the largest magnitude of a number of the model that is added to it, chosen for it or padded into it"
        ) { id, facts in .number(try bound(facts.largestConstant(in: id))) },
        "feeds_steps": onPresent(
            "whether a comparison, a rounding to integers or the place of a maximum is computed of it element by element"
        ) { .truth($1.feedsSteps($0)) },
        "feeds_steep": onPresent(
            "whether a quotient, a root, a logarithm or an exponential is computed of it element by element"
        ) { .truth($1.feedsSteep($0)) },
        "at_least": onBounds("whether it is never below a number") { $0.low >= $1 },
        "at_most": onBounds("whether it is never above a number") { $0.high <= $1 },
    ]

    private static let listFunctions: [String: Function] = [
        "is_absent": onExpressions(1, "whether an attribute is left out and has no default") {
            .truth($0[0] == .absent)
        },
        "default": onExpressions(2, "an attribute, or what to take where it is absent") {
            $0[0] == .absent ? $0[1] : $0[0]
        },
        "choose": onExpressions(3, "the second argument where the first is true, else the third") {
            try $0[0].truth() ? $0[1] : $0[2]
        },
        "len": onExpressions(1, "number of items") { .integer(try $0[0].list().count) },
        "range": onExpressions(1, "the integers from 0 up to but without n") { arguments in
            let count = try arguments[0].integer()
            guard (0...GraphFacts.largestList).contains(count) else { throw HarrierError("a list of \(count) items") }
            return .list((0..<count).map(ExpressionValue.integer))
        },
        "repeat": onExpressions(2, "a list of n times the same") { arguments in
            let count = try arguments[1].integer()
            guard (0...GraphFacts.largestList).contains(count) else { throw HarrierError("a list of \(count) items") }
            return .list(Array(repeating: arguments[0], count: count))
        },
        "concat": Function(parameters: [.rest], summary: "lists one after the other") { arguments, scope in
            .list(try arguments.flatMap { try $0.evaluate(in: scope).list() })
        },
        "sum": onExpressions(1, "the sum of a list of integers") { arguments in
            .integer(try arguments[0].list().reduce(0) { try $0 &+ $1.integer() })
        },
        "product": onExpressions(1, "the product of a list of integers") { arguments in
            .integer(try arguments[0].list().map { try $0.integer() }.saturatingProduct())
        },
        "clamp": onExpressions(3, "integers, none below the second nor above the third argument") { arguments in
            let low = try arguments[1].integer()
            let high = try arguments[2].integer()
            return .list(try arguments[0].list().map { .integer(min(max(try $0.integer(), low), high)) })
        },
        "pick": onExpressions(2, "the items of a list at the places that a second list names") { arguments in
            let items = try arguments[0].list()
            return .list(
                try arguments[1].list().map { place in
                    let index = try place.integer()
                    guard items.indices.contains(index) else { throw HarrierError("an index beyond the list") }
                    return items[index]
                })
        },
        "swap": onExpressions(3, "a list with two items exchanged") { arguments in
            var items = try arguments[0].list()
            let places = try [arguments[1], arguments[2]].map { place in
                let index = try place.integer()
                return index < 0 ? index + items.count : index
            }
            guard places.allSatisfy(items.indices.contains) else { throw HarrierError("an index beyond the list") }
            items.swapAt(places[0], places[1])
            return .list(items)
        },
        "log2": onExpressions(1, "the smallest power of two that is not less, for positive integers") { arguments in
            let value = try arguments[0].integer()
            guard value > 0 else { throw HarrierError("the logarithm of \(value)") }
            return .integer(value.ceilLog2)
        },
        "is_power_of_two": onExpressions(1, "whether it is two to a whole power, such as 8 or 0.125") { arguments in
            let value = try arguments[0].number()
            return .truth(value > 0 && value.isFinite && value.significand == 1)
        },
        "exponent": onExpressions(1, "the whole part of the logarithm to the base two of a positive number") {
            arguments in
            let value = try arguments[0].number()
            guard value > 0, value.isFinite else { throw HarrierError("the exponent of \(value)") }
            return .integer(Int(value.exponent))
        },
        "abs": onExpressions(1, "without its sign") { .number(abs(try $0[0].number())) },
        "min": onExpressions(2, "the smaller") { try $0[0].number() <= $0[1].number() ? $0[0] : $0[1] },
        "max": onExpressions(2, "the larger") { try $0[0].number() >= $0[1].number() ? $0[0] : $0[1] },
    ]

    /// A bound that is known.
    private static func bound(_ number: Double) throws -> Double {
        guard number.isFinite else { throw HarrierError("the bound is not known") }
        return number
    }

    private static func onBounds(_ summary: String, _ body: @escaping @Sendable (Interval, Double) -> Bool) -> Function
    {
        Function(parameters: [.value, .expression], summary: summary) { arguments, scope in
            guard let id = try scope.value(arguments[0]) else { throw HarrierError("the operand is left out") }
            return .truth(body(scope.facts.ranges.interval(of: id), try arguments[1].evaluate(in: scope).number()))
        }
    }

    private static func onValue(
        _ summary: String, _ body: @escaping @Sendable (ValueID?, GraphFacts) throws -> ExpressionValue
    ) -> Function {
        Function(parameters: [.value], summary: summary) { arguments, scope in
            try body(scope.value(arguments[0]), scope.facts)
        }
    }

    private static func onPresent(
        _ summary: String, _ body: @escaping @Sendable (ValueID, GraphFacts) throws -> ExpressionValue
    ) -> Function {
        onValue(summary) { id, facts in
            guard let id else { throw HarrierError("the operand is left out") }
            return try body(id, facts)
        }
    }

    private static func onPair(
        _ summary: String, _ body: @escaping @Sendable (ValueID, ValueID, GraphFacts) throws -> Bool
    ) -> Function {
        Function(parameters: [.value, .value], summary: summary) { arguments, scope in
            guard let one = try scope.value(arguments[0]), let two = try scope.value(arguments[1]) else {
                throw HarrierError("the operand is left out")
            }
            return .truth(try body(one, two, scope.facts))
        }
    }

    private static func onExpressions(
        _ count: Int, _ summary: String, _ body: @escaping @Sendable ([ExpressionValue]) throws -> ExpressionValue
    ) -> Function {
        Function(parameters: Array(repeating: .expression, count: count), summary: summary) { arguments, scope in
            try body(arguments.map { try $0.evaluate(in: scope) })
        }
    }
}
