import IR

/// What a first step sees around it. Where an equal step with equal surroundings led to nothing, it need not be followed again:
/// after a few rewrites, or with the cuts elsewhere, most of a region is what it was.
struct ClusterContext {
    /// Nodes between a matched node and the farthest that counts.
    private static let radius = 4

    private let state: PricedGraph
    private let facts: GraphFacts

    /// Contexts in a state.
    init(_ state: PricedGraph, _ facts: GraphFacts) {
        self.state = state
        self.facts = facts
    }

    /// A hash of the step and the nodes around it: operators, wiring, and what is known of values that come from outside. The same
    /// within a run of the program.
    ///
    /// - Complexity: O(nodes and edges of the surroundings)
    func key(of priced: PricedCandidate) -> UInt64 {
        let matched = priced.candidate.matched
        let values = matched.flatMap { state.graph.nodes[$0].inputs + state.graph.nodes[$0].outputs }.compactMap { $0 }
        let nodes = facts.nodes(within: Self.radius, of: Set(values))
        var hasher = Hasher()
        hasher.combine(priced.match.form)
        var numbers: [ValueID: Int] = [:]
        func combine(_ id: ValueID?) {
            guard let id else { return hasher.combine(-1) }
            if let number = numbers[id] { return hasher.combine(number) }
            hasher.combine(numbers.count)
            numbers[id] = numbers.count
            let value = state.graph[id]
            hasher.combine(
                value.isPublicConstant ? state.seeds[id.index] : value.seed(visibility: state.visibility[id.index]))
            hasher.combine(facts.isConstant[id.index])
            hasher.combine(min(2, facts.uses[id.index].count))
            hasher.combine(facts.isOutput(id))
            hasher.combine(facts.producers[id.index] == nil)
        }
        for index in nodes {
            let node = state.graph.nodes[index]
            hasher.combine(state.prices[index].signature)
            hasher.combine(matched.contains(index))
            node.inputs.forEach(combine)
            node.outputs.forEach(combine)
        }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
