import IR
import Pricing

extension PricedGraph {
    /// What came of rewrites.
    struct Rewritten {
        /// The state afterwards.
        let state: PricedGraph
        /// For each rewrite the value of the graph for each value of its fragment.
        let placed: [[ValueID]]
        /// Values that nothing reads any more, and what is read instead.
        let aliases: [ValueID: ValueID]
    }

    /// The state after rewrites that do not touch each other.
    ///
    /// - Parameter pricer: prices the result anew if its framework looks at neighbouring nodes.
    /// - Throws: ``HarrierError`` if they cannot be done: the new nodes would form a cycle, or an output of the model
    ///   would lose its name.
    func rewritten(by candidates: [PricedCandidate], pricer: NodePricer) throws -> Rewritten {
        var splice = Splice(self)
        var placed: [[ValueID]] = []
        for candidate in candidates { placed.append(try splice.add(candidate)) }
        var state = try splice.finish()
        if pricer.fusesOperators {
            let prices = pricer.prices(of: state.graph, visibility: state.visibility, isPart: isPart)
            state = PricedGraph(
                graph: state.graph, visibility: state.visibility, prices: prices, seeds: state.seeds,
                knowledge: knowledge, isPart: isPart, scales: scales)
        }
        return Rewritten(state: state, placed: placed, aliases: splice.aliases)
    }

    /// The state after rewrites that do not touch each other, every node priced for itself.
    ///
    /// - Throws: As ``rewritten(by:pricer:)``.
    func applying(_ candidates: [PricedCandidate]) throws -> PricedGraph {
        var splice = Splice(self)
        for candidate in candidates { _ = try splice.add(candidate) }
        return try splice.finish()
    }
}

extension Graph {
    /// What the verifier says against the graph; nil if nothing. Debug builds ask after every rewrite.
    fileprivate var defect: String? {
        do {
            try verify()
            return nil
        } catch {
            return "\(error)"
        }
    }
}

/// Puts fragments into a graph.
private struct Splice {
    private var graph: Graph
    private let base: PricedGraph
    private var visibility: [Visibility]
    private var seeds: [UInt64]
    private var removed: Set<Int> = []
    private var inserted: [Int: [(node: Node, price: NodePrice)]] = [:]
    private(set) var aliases: [ValueID: ValueID] = [:]
    private var needsSorting = false

    init(_ base: PricedGraph) {
        self.base = base
        graph = base.graph
        visibility = base.visibility
        seeds = base.seeds
    }

    /// Puts one fragment in, and returns the value of the graph for each of its values.
    mutating func add(_ priced: PricedCandidate) throws -> [ValueID] {
        let candidate = priced.candidate
        let fragment = candidate.fragment
        var hosts = candidate.hostValues
        let computed = Set(fragment.nodes.flatMap(\.outputs).compactMap { $0 })
        for (host, value) in candidate.replaced where hosts[value.index] == nil && computed.contains(value) {
            hosts[value.index] = host
            graph[host].known = fragment[value].known
        }
        for (index, value) in fragment.values.enumerated() {
            if hosts[index] == nil {
                hosts[index] = graph.add(value)
                visibility.append(priced.visibility[index])
                seeds.append(value.constant == nil ? 0 : value.seed(visibility: priced.visibility[index]))
            }
        }
        for (host, value) in candidate.replaced {
            guard let target = hosts[value.index] else { continue }
            visibility[host.index] = priced.visibility[value.index]
            if target != host { try alias(host, to: target) }
        }
        removed.formUnion(candidate.removed)
        let nodes = fragment.nodes.map { node in
            var copy = node
            copy.inputs = node.inputs.map { $0.flatMap { hosts[$0.index] } }
            copy.outputs = node.outputs.map { $0.flatMap { hosts[$0.index] } }
            return copy
        }
        inserted[candidate.anchor, default: []] += zip(nodes, priced.prices).map { ($0, $1) }
        needsSorting = needsSorting || candidate.replaced.count > 1
        return hosts.compactMap { $0 }
    }

    /// Makes everything that reads one value read another one.
    private mutating func alias(_ old: ValueID, to target: ValueID) throws {
        // Another of the rewrites can have put something else in the target's place.
        let new = resolve(target)
        aliases[old] = new
        guard graph.outputs.contains(old) else { return }
        guard !graph.inputs.contains(new), graph[new].constant == nil, !graph.outputs.contains(new) else {
            throw HarrierError("the output '\(graph[old].name)' must keep its name")
        }
        let name = graph[old].name
        graph[old].name = "\(name)/replaced_\(old.index)"
        graph[new].name = name
        graph.outputs = graph.outputs.map { $0 == old ? new : $0 }
    }

    private func resolve(_ id: ValueID) -> ValueID {
        var id = id
        while let next = aliases[id] { id = next }
        return id
    }

    mutating func finish() throws -> PricedGraph {
        let captured = Set(graph.capturedByBodies())
        if let lost = aliases.keys.first(where: captured.contains) {
            throw HarrierError("a body of a node captures '\(graph[lost].name)'")
        }
        var nodes: [Node] = []
        var prices: [NodePrice] = []
        nodes.reserveCapacity(graph.nodes.count)
        prices.reserveCapacity(graph.nodes.count)
        func place(_ node: Node, _ price: NodePrice) {
            var node = node
            if !aliases.isEmpty { node.inputs = node.inputs.map { $0.map(resolve) } }
            nodes.append(node)
            prices.append(price)
        }
        for (index, node) in graph.nodes.enumerated() {
            for entry in inserted[index] ?? [] { place(entry.node, entry.price) }
            if !removed.contains(index) { place(node, base.prices[index]) }
        }
        graph.nodes = nodes
        if needsSorting {
            let order = try graph.topologicalOrder()
            graph.nodes = order.map { nodes[$0] }
            prices = order.map { prices[$0] }
        }
        let state = removingDeadCode(
            PricedGraph(
                graph: graph, visibility: visibility, prices: prices, seeds: seeds, knowledge: base.knowledge,
                isPart: base.isPart, scales: base.scales))
        assert(base.isPart || state.graph.defect == nil, state.graph.defect ?? "")
        return state
    }

    /// Rewrites that are done together can leave a node that each of them alone would have left in use.
    private func removingDeadCode(_ state: PricedGraph) -> PricedGraph {
        let isLive = state.graph.liveValues(for: state.graph.outputs)
        let keep = state.graph.nodes.map { $0.isLive(isLive) }
        guard keep.contains(false) else { return state }
        var graph = state.graph
        graph.nodes = zip(graph.nodes, keep).filter(\.1).map(\.0)
        return PricedGraph(
            graph: graph, visibility: state.visibility, prices: zip(state.prices, keep).filter(\.1).map(\.0),
            seeds: state.seeds, knowledge: state.knowledge, isPart: state.isPart,
            scales: state.scales)
    }
}
