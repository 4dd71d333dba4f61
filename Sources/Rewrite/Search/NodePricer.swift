import IR
import Pricing

/// What a node costs, and whether the framework takes it.
struct NodePrice: Sendable, Hashable {
    var cost: Cost = .zero
    /// The framework's importer refuses the node.
    var isRefused = false
    /// The node has no price.
    var isUnpriced = false
    /// The node runs under MPC: it is not computed beforehand.
    var isSecure = true
    /// A hash of the operator and its attributes, for comparing graphs; the same within a run of the program only.
    var signature: UInt64 = 0
    /// The operands can be exchanged.
    var isCommutative = false
    /// The price is that of the nodes that the operator was recognised in, which are no dearer than the operator itself.
    var isAsSpelled = false
}

extension NodePrice {
    /// The price with what tells the node from others.
    fileprivate func identifying(_ node: Node) -> NodePrice {
        var hasher = Hasher()
        hasher.combine(node.op)
        hasher.combine(node.overload)
        hasher.combine(node.attributes)
        hasher.combine(node.isPrecomputed)
        let traits = OperatorTable[node.op]?.traits(of: node) ?? []
        // Two random nodes never compute the same.
        if traits.contains(.random) { hasher.combine(node.outputs) }
        var result = self
        result.signature = UInt64(bitPattern: Int64(hasher.finalize()))
        result.isCommutative = traits.contains(.commutative)
        return result
    }

    /// Whether this price of a node is the better of two: one that is there, of what the framework takes, and then the lower one.
    fileprivate func better(than other: NodePrice, _ objective: Objective) -> Bool {
        func key(_ price: NodePrice) -> (Int, Int, Double, Double) {
            let figures = objective.figures(price.cost)
            return (price.isUnpriced ? 1 : 0, price.isRefused ? 1 : 0, figures.first, figures.second)
        }
        return key(self) < key(other)
    }
}

/// Prices single nodes for the search. Copies share what they have found out.
struct NodePricer: Sendable {
    /// Who charges; nil where prices do not matter.
    let profiler: Profiler?
    /// Whether the result may use operators that the framework's importer refuses.
    let allowsRefusedOperators: Bool
    /// How fixed-point scales are found; nil where no rule asks for them.
    let scales: ScaleSettings?
    /// By what prices of an operator and of its spelling are compared.
    private let objective: Objective
    private let memo = PriceMemo()

    init(
        profiler: Profiler?, allowsRefusedOperators: Bool, scales: ScaleSettings? = nil, objective: Objective = .bytes
    ) {
        self.profiler = profiler
        self.objective = objective
        self.scales = scales
        self.allowsRefusedOperators = allowsRefusedOperators
    }

    /// The price of a node. One that was recognised costs no more than the nodes that the file has for it: they can be written again.
    ///
    /// - Parameter context: the graph as a whole, where the framework's compiler rewrites neighbouring operators.
    func price(
        _ node: Node, in graph: Graph, visibility: [Visibility], context: GraphContext? = nil
    ) -> NodePrice {
        spelled(
            operatorPrice(node, in: graph, visibility: visibility, context: context), of: node, visibility: visibility)
    }

    /// The better of a node's price and that of its spelling.
    private func spelled(_ price: NodePrice, of node: Node, visibility: [Visibility]) -> NodePrice {
        var price = price
        guard let spelling = node.spelling, profiler != nil else { return price }
        price.signature = mixed(price.signature, spelling.structure)
        let spelled = self.price(of: spelling, for: node, visibility: visibility)
        guard !price.better(than: spelled, objective) else { return price }
        price.cost = spelled.cost
        price.isUnpriced = spelled.isUnpriced
        price.isRefused = spelled.isRefused
        price.isAsSpelled = true
        return price
    }

    /// By how much a function body may be dearer than its operator for the search to look at it.
    private static let mostForBody = 0.25

    /// Whether what a rewrite puts in the place of a node costs much more than that, and spares no node that is refused or has no price.
    func isMuchDearer(_ candidate: PricedCandidate, than old: NodePrice) -> Bool {
        -objective.figure(candidate.saved) > Self.mostForBody * objective.figure(old.cost)
            && candidate.refusedChange >= 0 && candidate.unpricedChange >= 0
    }

    /// What the nodes cost together that an operator was recognised in.
    private func price(of spelling: Spelling, for node: Node, visibility: [Visibility]) -> NodePrice {
        var known = [Visibility](repeating: .public, count: spelling.graph.values.count)
        for (input, position) in zip(spelling.graph.inputs, spelling.operands) {
            known[input.index] = node.input(position).map { visibility[$0.index] } ?? .public
        }
        known = spelling.graph.propagating(
            visibility: known, testsFiniteness: profiler?.framework.defaultVisibility.testsFiniteness ?? false)
        return prices(of: spelling.graph, visibility: known, isPart: true).reduce(NodePrice()) { sum, price in
            var sum = sum
            sum.cost = sum.cost + price.cost
            sum.isRefused = sum.isRefused || price.isRefused
            sum.isUnpriced = sum.isUnpriced || price.isUnpriced
            return sum
        }
    }

    private func operatorPrice(
        _ node: Node, in graph: Graph, visibility: [Visibility], context: GraphContext?
    ) -> NodePrice {
        if node.isPrecomputed || node.op.domain == Region.domain {
            return NodePrice(isSecure: false).identifying(node)
        }
        guard let profiler else { return NodePrice().identifying(node) }
        let site = OperatorSite(node, in: graph, visibility: visibility, context: context)
        return memo.price(site) {
            var price = NodePrice()
            if !allowsRefusedOperators { price.isRefused = profiler.framework.refusalOfResult(site) != nil }
            do {
                price.cost = try profiler.price(
                    node, in: graph, visibility: visibility, context: context
                ).cost
            } catch {
                price.isUnpriced = true
            }
            return price.identifying(node)
        }
    }

    /// The prices of all nodes, as they stand in the graph if the framework looks at neighbours.
    ///
    /// - Parameter isPart: whether the graph is a part of a larger one.
    func prices(of graph: Graph, visibility: [Visibility], isPart: Bool = false) -> [NodePrice] {
        guard let profiler, fusesOperators else {
            return graph.nodes.map { price($0, in: graph, visibility: visibility) }
        }
        let beforehand = Set(graph.nodes.indices.filter { graph.nodes[$0].isPrecomputed })
        guard let compiled = profiler.framework.compile?(graph, visibility, beforehand) else {
            let context = GraphContext(graph, visibility: visibility, isBody: isPart)
            return graph.nodes.map { price($0, in: graph, visibility: visibility, context: context) }
        }
        let context = GraphContext(compiled.graph, visibility: compiled.visibility, isBody: isPart)
        let parts = compiled.parts(count: graph.nodes.count)
        return graph.nodes.enumerated().map { index, node in
            let price = merged(parts[index], of: context, as: alone(node, in: graph, visibility: visibility))
            return spelled(price, of: node, visibility: visibility)
        }
    }

    /// What is known of a node without its price.
    private func alone(_ node: Node, in graph: Graph, visibility: [Visibility]) -> NodePrice {
        if node.isPrecomputed || node.op.domain == Region.domain {
            return NodePrice(isSecure: false).identifying(node)
        }
        var price = NodePrice()
        if !allowsRefusedOperators, let framework = profiler?.framework {
            price.isRefused =
                framework.refusalOfResult(OperatorSite(node, in: graph, visibility: visibility)) != nil
        }
        return price.identifying(node)
    }

    /// A node's price with what the compiler made of the node.
    private func merged(_ parts: [Int], of context: GraphContext, as price: NodePrice) -> NodePrice {
        guard price.isSecure, let profiler else { return price }
        var price = price
        for part in parts {
            do {
                let node = context.graph.nodes[part]
                price.cost =
                    price.cost
                    + (try profiler.price(
                        node, in: context.graph, visibility: context.visibility, context: context)).cost
            } catch {
                price.isUnpriced = true
            }
        }
        return price
    }

    /// Whether a node's price depends on the nodes around it.
    var fusesOperators: Bool { profiler?.framework.fusesOperators ?? false }
}
