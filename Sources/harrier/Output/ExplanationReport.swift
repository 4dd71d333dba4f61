import Pricing
import Rewrite

/// Why rules fired at chosen nodes or did not, for people and for programs.
struct ExplanationReport {
    let explanations: [Explanation]

    /// The explanations as tables, one a node.
    func table(_ style: Style) -> String {
        explanations.map { explanation in
            let place = explanation.place == .result ? "in the result" : "in the model, before any rule was used"
            var text = "\n" + style.bold("\(explanation.op) '\(explanation.node.printable)'") + " \(place)\n"
            if explanation.rules.isEmpty { return text + "No rule that is switched on has this operator.\n" }
            var table = TextTable([.left("rule"), .left("outcome"), .right("matched"), .left("why")])
            for rule in explanation.rules {
                table.add([rule.rule, rule.outcome.rawValue, "\(rule.matched)/\(rule.nodes)", rule.why])
            }
            text += table.render(style)
            return text
        }.joined()
    }

    /// The explanations as the JSON of `optimize` has them.
    var documents: [Document] { explanations.map(Document.init) }

    /// One node.
    struct Document: Encodable {
        private let node: String
        private let op: String
        private let graph: String
        private let rules: [RuleDocument]

        init(_ explanation: Explanation) {
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
}
