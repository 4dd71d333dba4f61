import IR

/// What a step changed, for telling what it left as it was.
struct StepSurroundings {
    /// The values that the step read, replaced and made, and those that what it removed had read.
    let values: Set<ValueID>
    /// Those of them that a node computes or that come from outside: where further steps are looked for.
    let touched: Set<ValueID>

    /// - Parameters:
    ///   - state: the graph before the step.
    ///   - placed: the graph's value for each value of the step's fragment.
    init(_ priced: PricedCandidate, in state: PricedGraph, placed: [ValueID]) {
        let candidate = priced.candidate
        var values = Set(placed)
        for (host, _) in candidate.replaced { values.insert(host) }
        for index in candidate.removed { values.formUnion(state.graph.nodes[index].inputs.compactMap { $0 }) }
        self.values = values
        touched = values.filter { $0.index >= state.graph.values.count || state.graph[$0].constant == nil }
    }

    /// Whether one of the nodes reads or computes what the step changed.
    func meet(_ nodes: [Int], of graph: Graph) -> Bool {
        nodes.contains { graph.nodes[$0].isConnected(to: values) }
    }
}

extension CandidateFinder {
    /// The rewrites near what several steps touched, given those of the state before the last step: what that step did not
    /// change is not looked for again.
    ///
    /// - Parameters:
    ///   - surroundings: those of the last step.
    ///   - before: the graph before it.
    ///   - known: the rewrites there, near what all earlier steps touched.
    /// - Returns: What ``candidates(in:touching:joinsParts:)`` finds for the union of all steps' surroundings.
    func candidates(
        in state: PricedGraph, after surroundings: StepSurroundings, from before: Graph, known: [PricedCandidate]
    ) throws -> [PricedCandidate] {
        let facts = state.facts
        var result: [PricedCandidate] = []
        for priced in known
        where !priced.candidate.matched.contains(where: {
            before.nodes[$0].isConnected(to: surroundings.touched)
        }) {
            guard let moved = priced.moved(from: before, to: facts) else { continue }
            let nodes = priced.candidate.matched + priced.candidate.removed
            if try isLocal(priced.match), !surroundings.meet(nodes, of: before) {
                result.append(moved)
            } else if let found = try candidate(
                moved.match, anchor: moved.candidate.anchor, in: state, facts: facts)
            {
                result.append(found)
            }
        }
        result += try candidates(in: state, touching: surroundings.touched)
        return result.enumerated().sorted {
            let (left, right) = ($0.element, $1.element)
            return (left.candidate.anchor, left.match.form, $0.offset)
                < (right.candidate.anchor, right.match.form, $1.offset)
        }.map(\.element)
    }
}

extension Node {
    /// Whether the node reads or computes one of the values.
    func isConnected(to values: Set<ValueID>) -> Bool {
        inputs.contains { $0.map(values.contains) ?? false } || outputs.contains { $0.map(values.contains) ?? false }
    }
}

extension PricedCandidate {
    /// The rewrite in a graph where its nodes have other positions; nil if one of them is gone.
    fileprivate func moved(from before: Graph, to facts: GraphFacts) -> PricedCandidate? {
        func moved(_ node: Int) -> Int? { facts.producers[before.nodes[node].firstOutput.index] }
        var bindings = match.bindings
        for (key, node) in bindings.nodes {
            guard let found = moved(node) else { return nil }
            bindings.nodes[key] = found
        }
        let removed = candidate.removed.compactMap(moved)
        guard let anchor = moved(candidate.anchor), removed.count == candidate.removed.count else { return nil }
        let place = Candidate(
            rule: candidate.rule, variant: candidate.variant, anchor: anchor, removed: removed.sorted(),
            matched: bindings.matched, fragment: candidate.fragment, hostValues: candidate.hostValues,
            replaced: candidate.replaced, lost: candidate.lost)
        return PricedCandidate(place, Match(form: match.form, bindings: bindings), pricedAs: self)
    }
}
