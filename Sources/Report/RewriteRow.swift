import Pricing
import Rewrite

/// One step of an optimization as the page shows it.
package struct RewriteRow: Hashable, Sendable {
    /// The rule's name, or that of a built-in step.
    package var rule: String
    /// What the rule does, in a sentence; empty for built-in steps.
    package var summary: String
    /// Whether both sides of the rule compute the same: `exact`, `rounding` or `approximate`.
    package var exactness: String
    /// Names of the nodes that it matched.
    package var nodes: [String]
    /// What it saved; negative for a dearer step that a later one pays back.
    package var saved: Cost

    /// A row with the given parts.
    package init(rule: String, summary: String, exactness: String, nodes: [String], saved: Cost) {
        self.rule = rule
        self.summary = summary
        self.exactness = exactness
        self.nodes = nodes
        self.saved = saved
    }

    /// The rows of steps, with what the rules say of themselves.
    package static func rows(_ steps: [AppliedRewrite], rules: [Rule]) -> [RewriteRow] {
        let byName = Dictionary(rules.map { ($0.name, $0) }) { first, _ in first }
        return steps.map { step in
            let rule = byName[step.rule]
            return RewriteRow(
                rule: step.rule, summary: rule?.summary ?? "", exactness: (rule?.exactness ?? .exact).rawValue,
                nodes: step.nodes, saved: step.saved)
        }
    }
}
