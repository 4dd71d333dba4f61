import IR
import Pricing

/// One step of an optimization: which rule, where, and what it saved.
public struct AppliedRewrite: Sendable, Hashable {
    /// The rule's name, or that of a built-in step.
    public let rule: String
    /// Which of the rule's variants: what stands for the words under `variants`; empty if it has none.
    public let variant: [String: String]
    /// Names of the nodes that it matched.
    public let nodes: [String]
    /// What it saved; negative for a dearer step that a later one pays back.
    public let saved: Cost
    /// Whether it is the first of the steps that were done together.
    let opensBatch: Bool

    init(rule: String, variant: [String: String] = [:], nodes: [String], saved: Cost, opensBatch: Bool = true) {
        self.rule = rule
        self.variant = variant
        self.nodes = nodes
        self.saved = saved
        self.opensBatch = opensBatch
    }
}

extension AppliedRewrite {
    /// The name under which savings appear that no single rewrite makes: nodes that nobody needs any more after several.
    static let deadCode = "dead-code-removal"

    /// The steps of rewrites that were done together.
    static func steps(_ rewrites: [PricedCandidate], from before: PricedGraph, to after: PricedGraph)
        -> [AppliedRewrite]
    {
        var steps = rewrites.enumerated().map { position, priced in
            AppliedRewrite(
                rule: priced.candidate.rule, variant: priced.candidate.variant,
                nodes: priced.candidate.matched.map { before.graph.displayName(ofNode: $0) }, saved: priced.saved,
                opensBatch: position == 0)
        }
        let rest = before.total - after.total - steps.reduce(.zero) { $0 + $1.saved }
        if rest != .zero {
            steps.append(AppliedRewrite(rule: deadCode, nodes: [], saved: rest, opensBatch: steps.isEmpty))
        }
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
