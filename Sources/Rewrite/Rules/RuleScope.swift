import DataFiles
import IR

/// What a pattern's names stand for at a place where it matched.
struct Bindings: Sendable {
    /// Values of the pattern; nil for an optional operand that the node leaves out.
    var values: [String: ValueID?] = [:]
    /// Attribute variables, as written or by default; nil where there is neither.
    var attributes: [String: Attribute?] = [:]
    /// What nodes hand on as a whole, by the word that the pattern has for their operator.
    var wholes: [OperatorName: Whole] = [:]
    /// Node of the graph by node of the pattern; several nodes of the pattern can be the same one.
    var nodes: [Int: Int] = [:]

    /// The nodes of the graph, each once, in increasing order.
    var matched: [Int] { Set(nodes.values).sorted() }
}

/// What a rule's expressions are evaluated against: the place where the pattern matched, and the rule's definitions.
struct RuleScope: Sendable {
    /// The graph and what is known of it.
    let facts: GraphFacts
    /// What the pattern's names stand for.
    let bindings: Bindings
    /// The rule's `let` definitions that have been evaluated so far.
    var definitions: [String: ExpressionValue] = [:]

    func variable(_ name: String) throws -> ExpressionValue {
        if let value = definitions[name] { return value }
        if let attribute = bindings.attributes[name] {
            guard let value = ExpressionValue(attribute) else {
                throw HarrierError("'\(name)' is no number, string or list")
            }
            return value
        }
        throw HarrierError("there is no '\(name)'")
    }

    /// The value of the graph that a name of the pattern stands for.
    func value(_ expression: Expression) throws -> ValueID? {
        guard case .name(let name) = expression, let binding = bindings.values[name] else {
            throw HarrierError("there is no value of that name in the pattern")
        }
        return binding
    }
}
