import Pricing

/// What each rule makes of one node, as the JSON of `harrier optimize --explain` has it.
package struct ExplanationDocument: Encodable {
    private let node: String
    private let op: String
    private let graph: String
    private let rules: [RuleDocument]

    package init(_ explanation: Explanation) {
        node = explanation.node
        op = explanation.op
        graph = explanation.place.rawValue
        rules = explanation.rules.map(RuleDocument.init)
    }
}

private struct RuleDocument: Encodable {
    let rule: String
    let outcome: String
    let why: String
    let matched: Int
    let nodes: Int
    let before: CostDocument?
    let after: CostDocument?

    init(_ outcome: Explanation.RuleOutcome) {
        rule = outcome.rule
        self.outcome = outcome.outcome.rawValue
        why = outcome.why
        matched = outcome.matched
        nodes = outcome.nodes
        before = outcome.before.map(CostDocument.init)
        after = outcome.after.map(CostDocument.init)
    }
}
