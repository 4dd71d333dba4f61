import IR

/// Why a node of a pattern cannot be a node of the graph. Cheap to make: words are found when somebody asks for them.
enum Mismatch {
    /// The node computes on constants, before anything is shared.
    case runsBeforehand
    /// Another node was asked for, or the node has bodies.
    case notMeant
    /// Two nodes that compute outputs of the pattern would be one.
    case isAnotherOutput
    /// The value is computed by another operator, or by none.
    case producer(of: ValueID)
    /// No node of the operator reads the value.
    case consumer(of: ValueID)
    /// There is no other node of the operator within reach.
    case nowhere
    /// An attribute has another value.
    case attribute(name: String, expected: Attribute?, found: Attribute?)
    /// What the pattern hands on as a whole is not what another node has.
    case whole
    /// An output that the pattern does not have is used.
    case outputInUse(Int)
    /// There are fewer outputs.
    case tooFewOutputs
    /// The output is not what is read elsewhere.
    case otherOutput(ValueID)
    /// An operand that the pattern does not have.
    case operandTooMany(Int)
    /// An operand that is not the same value as elsewhere: what that is.
    case otherOperand(Int, elsewhere: ValueID?)
    /// An operand is left out.
    case operandMissing(Int)
    /// An operand is not the constant that the pattern demands.
    case literal(Int, Tensor)
    /// An operand that the pattern computes comes from outside.
    case notComputed(Int, by: Int)
    /// A further operand of an operator that a fact chose is not a single number.
    case notOneNumber(Int)

    /// How far the node came: what is looked at first fails first, which tells the better of two ways of equal length.
    var progress: Int {
        switch self {
        case .runsBeforehand, .notMeant, .isAnotherOutput, .producer, .consumer, .nowhere: 0
        case .attribute: 1
        case .outputInUse, .tooFewOutputs, .otherOutput: 2
        case .operandTooMany(let index), .otherOperand(let index, _), .operandMissing(let index),
            .literal(let index, _),
            .notComputed(let index, _), .notOneNumber(let index):
            3 + index
        case .whole: Int.max
        }
    }
}

/// The way on which a pattern matched furthest, and what failed next on it.
final class MatchTrace {
    /// Nodes that had matched.
    private(set) var matched = 0
    /// What failed next, in words; empty if nothing did.
    private(set) var reason = ""
    private var progress = -1

    /// Notes that a node of the pattern could not be placed.
    ///
    /// - Parameters:
    ///   - count: the nodes that had been.
    ///   - mismatch: why not.
    ///   - words: says it.
    func note(after count: Int, _ mismatch: Mismatch, _ words: () -> String) {
        guard (count, mismatch.progress) > (matched, progress) || reason.isEmpty else { return }
        (matched, progress, reason) = (count, mismatch.progress, words())
    }

    /// Notes that so many nodes had been placed when the search for more was given up.
    func note(complete count: Int, _ words: String) {
        if count > matched { (matched, progress, reason) = (count, Int.max, words) }
    }
}

extension Matcher {
    /// Says why a node of the pattern cannot be a node of the graph.
    ///
    /// - Parameters:
    ///   - host: the node of the graph; nil where none was found to try.
    ///   - operands: its operands, in the order that was tried.
    func words(
        _ mismatch: Mismatch, _ node: Int, _ host: Int?, _ operands: [ValueID?], in partial: Partial
    ) -> String {
        let title = host.map(facts.title) ?? "a node"
        func origin(_ id: ValueID?) -> String { id.map(facts.origin) ?? "left out" }
        func operand(_ index: Int) -> ValueID? { index < operands.count ? operands[index] : nil }
        func expected(_ index: Int, _ what: String) -> String { "expects operand \(index) of \(title) to be \(what)" }
        switch mismatch {
        case .runsBeforehand: return "\(title) runs beforehand, on constants only"
        case .notMeant: return "\(title) is not the node that was asked for, or has a body"
        case .isAnotherOutput: return "\(title) stands for another output of the pattern already"
        case .producer(let id): return otherProducer(of: id, node, in: partial)
        case .consumer(let id): return otherConsumers(of: id, node, in: partial)
        case .nowhere: return "needs another node, \(pattern.title(node)), and there is none within reach"
        case .attribute(let name, let expected, let found):
            return "expects '\(name)' of \(title) to be \(expected.shortDescription), here it is "
                + found.shortDescription
        case .whole: return "\(title) has other attributes or operands than another node of the pattern"
        case .outputInUse(let index): return "output \(index) of \(title) is used, and the rule would lose it"
        case .tooFewOutputs: return "\(title) has too few outputs"
        case .otherOutput(let id):
            return "\(title) computes '\(facts.graph[id].name)', which is not what is read elsewhere"
        case .operandTooMany(let index): return "expects \(title) to have no operand \(index), here it has one"
        case .otherOperand(let index, let elsewhere):
            return expected(index, "the same value as elsewhere (\(origin(elsewhere))), here it is ")
                + origin(operand(index))
        case .operandMissing(let index): return "operand \(index) of \(title) is left out"
        case .literal(let index, let wanted):
            let demanded =
                wanted.scalar.map { "the public constant \($0)" } ?? "a public constant of type \(wanted.type)"
            return expected(index, "\(demanded), here it is ") + (operand(index).map(constant) ?? "left out")
        case .notComputed(let index, let producer):
            return "expects \(title) to read \(pattern.title(producer)), here it reads \(origin(operand(index)))"
        case .notOneNumber(let index): return expected(index, "a single number, here it is \(origin(operand(index)))")
        }
    }

    private func constant(_ id: ValueID) -> String {
        guard let found = facts.graph.publicTensor(id) else { return facts.origin(of: id) }
        return found.scalar.map { "\($0)" } ?? "of type \(found.type)"
    }

    private func otherProducer(of value: ValueID, _ node: Int, in partial: Partial) -> String {
        let reader = pattern.graph.nodes.indices.first {
            partial.nodes[$0] != nil && pattern.graph.nodes[$0].inputs.contains(value)
        }
        let subject = reader.flatMap { partial.nodes[$0] }.map(facts.title) ?? "a node"
        guard case .value(let id) = partial.values[value.index] else { return "\(subject) leaves an operand out" }
        return "expects \(subject) to read \(pattern.title(node)), here it reads \(facts.origin(of: id))"
    }

    private func otherConsumers(of value: ValueID, _ node: Int, in partial: Partial) -> String {
        guard case .value(let id) = partial.values[value.index] else { return "an operand is left out" }
        let readers = Set(facts.uses[id.index]).sorted()
        let found = readers.prefix(3).map(facts.title).joined(separator: " and ")
        let here = readers.isEmpty ? "nothing reads it" : "it is read by \(found)"
        let other = readers.contains { pattern.accepts(node, facts.graph.nodes[$0]) } ? "another " : ""
        return "expects \(facts.origin(of: id)) to be read by \(other)\(pattern.title(node)), here \(here)"
    }
}

extension GraphFacts {
    /// A node's operator and name.
    func title(_ node: Int) -> String { "\(graph.nodes[node].op) '\(graph.displayName(ofNode: node))'" }

    /// Where a value comes from, in words.
    func origin(of id: ValueID) -> String {
        if let producer = producers[id.index] { return title(producer) }
        return graph[id].constant == nil ? "the input '\(graph[id].name)'" : "the constant '\(graph[id].name)'"
    }
}
