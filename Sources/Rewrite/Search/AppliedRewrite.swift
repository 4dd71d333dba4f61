import Graph
import Profiler

/// One step of an optimization: which rule, where, and what it saved.
public struct AppliedRewrite: Sendable, Hashable {
    /// The rule's name.
    public let rule: String
    /// Names of the nodes that it matched.
    public let nodes: [String]
    /// What it saved; negative for a dearer step that a later one pays back.
    public let saved: Cost
}

extension AppliedRewrite {
    /// The name under which savings appear that no single rewrite makes: nodes that nobody needs any more after several.
    static let deadCode = "dead-code-removal"

    /// The steps of rewrites that were done together.
    static func steps(_ rewrites: [PricedCandidate], from before: PricedGraph, to after: PricedGraph)
        -> [AppliedRewrite]
    {
        var steps = rewrites.map { priced in
            AppliedRewrite(
                rule: priced.candidate.rule,
                nodes: priced.candidate.matched.map { before.graph.displayName(ofNode: $0) },
                saved: priced.saved)
        }
        let rest = before.total - after.total - steps.reduce(.zero) { $0 + $1.saved }
        if rest != .zero { steps.append(AppliedRewrite(rule: deadCode, nodes: [], saved: rest)) }
        return steps
    }
}

extension Graph {
    /// A node's name, or that of its first output if it has none.
    func displayName(ofNode index: Int) -> String {
        let node = nodes[index]
        if !node.name.isEmpty { return node.name }
        return node.outputs.compactMap { $0 }.first.map { self[$0].name } ?? ""
    }
}
