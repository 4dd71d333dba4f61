import IR

/// Finds how far a pattern matches around a node, and what stands in its way. Slower than ``Matcher``, which only says whether:
/// it starts from any node of the pattern and remembers the first thing that failed on the way that led furthest.
struct PartialMatcher {
    /// What came of trying.
    struct Outcome {
        /// Complete matches.
        var matches: [Bindings] = []
        /// Nodes of the pattern that matched on the way that led furthest.
        var matched = 0
        /// What failed next on that way.
        var reason = ""
        /// How far the node that failed next came, to choose between ways of equal length.
        fileprivate var progress = -1
    }

    /// What has matched so far.
    struct State {
        /// Value of the graph by value of the pattern; nil inside for an operand that is left out.
        var values: [ValueID: ValueID?] = [:]
        /// Node of the graph by node of the pattern.
        var nodes: [Int: Int] = [:]
        /// Attribute variables.
        var attributes: [String: Attribute?] = [:]
    }

    /// Ways tried at most: patterns with several consumers of one value could otherwise explode.
    private static let largestNumberOfTrials = 2000
    /// The most nodes of another part of a pattern that are tried.
    private static let largestNumberOfStarts = 64

    let pattern: Pattern
    let facts: GraphFacts
    private var trials = 0
    private var outcome = Outcome()

    init(pattern: Pattern, facts: GraphFacts) {
        self.pattern = pattern
        self.facts = facts
    }

    /// How far the pattern matches with the node in any of the places where its operator stands.
    mutating func outcome(at node: Int) -> Outcome {
        outcome = Outcome()
        for (index, wanted) in pattern.graph.nodes.enumerated() where wanted.op == facts.graph.nodes[node].op {
            trials = 0
            extend(State(), index, with: node, steps: steps(from: index)[...])
        }
        if outcome.reason.isEmpty { outcome.reason = "does not match in any of the ways that were tried" }
        return outcome
    }

    /// The order in which the other nodes of the pattern are looked for: producers first, of which a value has but one.
    private func steps(from start: Int) -> [Pattern.Step] {
        var placed: Set<Int> = [start]
        var steps: [Pattern.Step] = []
        while let step = nextStep(after: placed) {
            switch step {
            case .root(let node), .anywhere(let node), .producer(let node, _), .consumer(let node, _):
                placed.insert(node)
            }
            steps.append(step)
        }
        return steps
    }

    private func nextStep(after placed: Set<Int>) -> Pattern.Step? {
        let graph = pattern.graph
        let producers = graph.producers()
        let uses = graph.uses()
        let bound = placed.sorted().flatMap { graph.nodes[$0].inputs + graph.nodes[$0].outputs }.compactMap { $0 }
            .filter { graph[$0].constant == nil }
        for value in bound {
            if let node = producers[value.index], !placed.contains(node) { return .producer(node: node, of: value) }
        }
        for value in bound {
            if let node = uses[value.index].first(where: { !placed.contains($0) }) {
                return .consumer(node: node, of: value)
            }
        }
        return graph.nodes.indices.last { !placed.contains($0) }.map { .anywhere(node: $0) }
    }

    private mutating func look(_ state: State, _ steps: ArraySlice<Pattern.Step>) {
        guard let step = steps.first else {
            outcome.matches.append(bindings(state))
            return
        }
        let rest = steps.dropFirst()
        switch step {
        case .root(let node), .anywhere(let node):
            let op = pattern.graph.nodes[node].op
            let found = facts.graph.nodes.indices.filter {
                facts.graph.nodes[$0].op == op && !state.nodes.values.contains($0)
            }
            if found.isEmpty { fail(state, 0, "needs another \(op), and there is none") }
            for other in found.prefix(Self.largestNumberOfStarts) { extend(state, node, with: other, steps: rest) }
        case .producer(let node, let value):
            guard case .some(.some(let id)) = state.values[value] else { return }
            guard let producer = facts.producers[id.index],
                facts.graph.nodes[producer].op == pattern.graph.nodes[node].op
            else { return fail(state, 0, otherProducer(state, node, value, id)) }
            extend(state, node, with: producer, steps: rest)
        case .consumer(let node, let value):
            guard case .some(.some(let id)) = state.values[value] else { return }
            let op = pattern.graph.nodes[node].op
            let readers = Set(facts.uses[id.index]).sorted()
            let found = readers.filter { facts.graph.nodes[$0].op == op && !state.nodes.values.contains($0) }
            if found.isEmpty { fail(state, 0, otherConsumers(op, id, readers)) }
            for reader in found { extend(state, node, with: reader, steps: rest) }
        }
    }

    private mutating func extend(_ state: State, _ node: Int, with host: Int, steps: ArraySlice<Pattern.Step>) {
        trials += 1
        guard trials <= Self.largestNumberOfTrials else { return }
        var failure = NodeUnification.Failure(progress: 0, reason: "")
        let unification = NodeUnification(pattern: pattern, facts: facts)
        for next in unification.extensions(of: state, node, with: host, failure: &failure) {
            if next.nodes.count > outcome.matched { (outcome.matched, outcome.progress) = (next.nodes.count, -1) }
            look(next, steps)
        }
        if failure.progress > 0 { fail(state, failure.progress, failure.reason) }
    }

    /// Remembers what failed, if no other way led further.
    private mutating func fail(_ state: State, _ progress: Int, _ reason: String) {
        guard (state.nodes.count, progress) > (outcome.matched, outcome.progress) || outcome.reason.isEmpty,
            state.nodes.count >= outcome.matched
        else { return }
        (outcome.matched, outcome.progress, outcome.reason) = (state.nodes.count, progress, reason)
    }

    private func bindings(_ state: State) -> Bindings {
        var result = Bindings()
        for (id, value) in state.values { result.values[pattern.graph[id].name] = .some(value) }
        result.attributes = state.attributes
        result.nodes = state.nodes
        return result
    }

    // MARK: In words

    private func otherProducer(_ state: State, _ node: Int, _ value: ValueID, _ id: ValueID) -> String {
        let wanted = pattern.graph.nodes[node].op
        let reader = pattern.graph.nodes.indices.first {
            state.nodes[$0] != nil && pattern.graph.nodes[$0].inputs.contains(value)
        }
        let subject = reader.flatMap { state.nodes[$0] }.map(facts.title) ?? "a node"
        return "expects \(subject) to read \(wanted), here it reads \(facts.origin(of: id))"
    }

    private func otherConsumers(_ op: OperatorName, _ id: ValueID, _ readers: [Int]) -> String {
        let found = readers.prefix(3).map(facts.title).joined(separator: " and ")
        let here = readers.isEmpty ? "nothing reads it" : "it is read by \(found)"
        let other = readers.contains { facts.graph.nodes[$0].op == op } ? "another " : ""
        return "expects \(facts.origin(of: id)) to be read by \(other)\(op), here \(here)"
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
