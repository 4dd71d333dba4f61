import Harrier

/// Why rules fired at chosen nodes or did not, for people.
struct ExplanationTable {
    let explanations: [Explanation]

    /// The explanations as tables, one a node.
    func render(_ style: Style) -> String {
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
}
