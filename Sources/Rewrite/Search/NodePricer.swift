import Graph
import Profiler

/// What a node costs, and whether the framework takes it.
struct NodePrice: Sendable, Hashable {
    var cost: Cost = .zero
    /// The framework's importer refuses the node.
    var isRefused = false
    /// The node has no price.
    var isUnpriced = false
    /// The node runs under MPC: it is not computed beforehand.
    var isSecure = true
}

/// Prices single nodes for the search.
struct NodePricer: Sendable {
    /// Who charges; nil where prices do not matter.
    let profiler: Profiler?
    /// Whether the result may use operators that the framework's importer refuses.
    let allowsRefusedOperators: Bool

    func price(_ node: Node, in graph: Graph, visibility: [Visibility]) -> NodePrice {
        if node.isPrecomputed { return NodePrice(isSecure: false) }
        guard let profiler else { return NodePrice() }
        var price = NodePrice()
        if !allowsRefusedOperators {
            let site = OperatorSite(node, in: graph, visibility: visibility)
            price.isRefused = profiler.framework.refusal(site) != nil
        }
        do {
            price.cost = try profiler.price(node, in: graph, visibility: visibility).cost
        } catch {
            price.isUnpriced = true
        }
        return price
    }
}
