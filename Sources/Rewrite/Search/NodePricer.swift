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
}

/// Prices single nodes for the search. Copies share what they have found out.
struct NodePricer: Sendable {
    /// Who charges; nil where prices do not matter.
    let profiler: Profiler?
    /// Whether the result may use operators that the framework's importer refuses.
    let allowsRefusedOperators: Bool
    /// How fixed-point scales are found; nil where no rule asks for them.
    let scales: ScaleSettings?
    private let memo = PriceMemo()

    init(profiler: Profiler?, allowsRefusedOperators: Bool, scales: ScaleSettings? = nil) {
        self.profiler = profiler
        self.scales = scales
        self.allowsRefusedOperators = allowsRefusedOperators
    }

    /// - Parameter context: the graph as a whole, where the framework's compiler rewrites neighbouring operators.
    func price(
        _ node: Node, in graph: Graph, visibility: [Visibility], context: GraphContext? = nil
    ) -> NodePrice {
        if node.isPrecomputed || node.op.domain == Region.domain {
            return NodePrice(isSecure: false).identifying(node)
        }
        guard let profiler else { return NodePrice().identifying(node) }
        let site = OperatorSite(node, in: graph, visibility: visibility, context: context)
        return memo.price(site) {
            var price = NodePrice()
            if !allowsRefusedOperators { price.isRefused = profiler.framework.refusal(site) != nil }
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
        let context =
            fusesOperators ? GraphContext(graph, visibility: visibility, isBody: isPart) : nil
        return graph.nodes.map {
            price($0, in: graph, visibility: visibility, context: context)
        }
    }

    /// Whether a node's price depends on the nodes around it.
    var fusesOperators: Bool { profiler?.framework.fusesOperators ?? false }
}
