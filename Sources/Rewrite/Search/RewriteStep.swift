import IR

/// A rewrite done in a region, in terms that mean the same in every region of equal key: values by number, nodes by the first
/// value that they compute.
struct RewriteStep: Sendable {
    /// Which of the finder's patterns.
    let form: PatternIndex.ID
    /// The node that the match starts from.
    let anchor: ValueID
    /// The node for each node of the pattern.
    let nodes: [Int: ValueID]
    /// The value for each name of the pattern.
    let values: [String: ValueID?]
    /// The region's value for each value of the fragment that was put in.
    let placed: [ValueID]
    /// What the step changes, for telling whether two steps stand in each other's way.
    let footprint: RewriteFootprint

    /// A rewrite that has been done in a state.
    init(_ priced: PricedCandidate, in state: PricedGraph, placed: [ValueID]) {
        func name(_ node: Int) -> ValueID { state.graph.nodes[node].firstOutput }
        let bindings = priced.match.bindings
        form = priced.match.form
        anchor = name(priced.candidate.anchor)
        nodes = bindings.nodes.mapValues(name)
        values = bindings.values
        self.placed = placed
        footprint = RewriteFootprint(priced.candidate, in: state)
    }
}

/// What a rewrite touches: two rewrites whose footprints are disjoint can both be done.
struct RewriteFootprint: Sendable {
    /// The matched and the removed nodes, each by the first value that it computes.
    var nodes: Set<ValueID> = []
    /// Values that it reads.
    var reads: Set<ValueID> = []
    /// Values that nothing computes afterwards.
    var lost: Set<ValueID> = []

    /// The empty footprint.
    init() {}

    init(_ candidate: Candidate, in state: PricedGraph) {
        nodes = Set((candidate.matched + candidate.removed).map { state.graph.nodes[$0].firstOutput })
        reads = candidate.reads
        lost = candidate.lost
    }

    /// Whether both can be done, in any order.
    func isCompatible(with other: RewriteFootprint) -> Bool {
        nodes.isDisjoint(with: other.nodes) && lost.isDisjoint(with: other.reads) && reads.isDisjoint(with: other.lost)
    }

    /// The part of it among the first values of a graph.
    func limited(toFirst count: Int) -> RewriteFootprint {
        var result = self
        result.nodes = nodes.filter { $0.index < count }
        result.reads = reads.filter { $0.index < count }
        result.lost = lost.filter { $0.index < count }
        return result
    }

    mutating func formUnion(_ other: RewriteFootprint) {
        nodes.formUnion(other.nodes)
        reads.formUnion(other.reads)
        lost.formUnion(other.lost)
    }
}

extension Node {
    /// What stands for the node where positions change. Every node computes something.
    var firstOutput: ValueID { outputs.lazy.compactMap { $0 }.first ?? ValueID(-1) }
}

/// Repeats steps that were found in a region in a graph that holds an equal one, or in a later state of the same region.
struct Replay {
    /// The graph's value for each of the region's.
    private var hostValues: [ValueID?]

    /// - Parameter hostValues: the graph's value for each value that the region began with.
    init(hostValues: [ValueID?]) { self.hostValues = hostValues }

    /// The next step as a candidate of the graph; nil if it is not possible there.
    ///
    /// - Parameters:
    ///   - facts: those of the state.
    ///   - aliases: what to read instead of values that are gone.
    func candidate(
        for step: RewriteStep, in state: PricedGraph, facts: GraphFacts, finder: CandidateFinder,
        aliases: [ValueID: ValueID]
    ) throws -> PricedCandidate? {
        func node(_ id: ValueID) -> Int? {
            value(id, aliases).flatMap { facts.producers[$0.index] }
        }
        guard let anchor = node(step.anchor) else { return nil }
        var bindings = Bindings()
        for (index, id) in step.nodes {
            guard let found = node(id) else { return nil }
            bindings.nodes[index] = found
        }
        for (name, id) in step.values {
            if let id {
                guard let found = value(id, aliases) else { return nil }
                bindings.values[name] = .some(found)
            } else {
                bindings.values[name] = .some(nil)
            }
        }
        return try finder.candidate(
            PricedCandidate.Match(form: step.form, bindings: bindings), anchor: anchor, in: state, facts: facts)
    }

    private func value(_ id: ValueID, _ aliases: [ValueID: ValueID]) -> ValueID? {
        guard hostValues.indices.contains(id.index), var found = hostValues[id.index] else { return nil }
        while let next = aliases[found] { found = next }
        return found
    }

    /// Notes where the values of a step were placed.
    mutating func didApply(_ step: RewriteStep, placed: [ValueID]) {
        for (id, host) in zip(step.placed, placed) {
            while hostValues.count <= id.index { hostValues.append(nil) }
            hostValues[id.index] = host
        }
    }
}
