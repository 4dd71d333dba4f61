import Harrier

/// The rules, for people.
struct RuleList {
    let catalog: RuleCatalog

    /// The rules as a table, with their numbers at the end.
    func table(_ style: Style) -> String {
        var table = TextTable([
            .left("rule"), .left("family"), .left("exactness"), .left("level"), .left("what it does"),
        ])
        for rule in catalog.rules {
            table.add([rule.name, rule.family, rule.exactness.rawValue, rule.level.rawValue, rule.summary])
        }
        return table.render(style) + "\n" + summary + "\n"
    }

    /// `37 rules in 6 families: 32 exact, 5 approximate; 37 portable`.
    private var summary: String {
        func list(_ counts: [String: Int], order: [String]) -> String {
            order.compactMap { name in counts[name].map { "\($0) \(name)" } }.joined(separator: ", ")
        }
        let counts = catalog.counts
        let families = counts.family.count
        return "\(counts.rules) \(counts.rules == 1 ? "rule" : "rules") in \(families) "
            + "\(families == 1 ? "family" : "families"): "
            + list(counts.exactness, order: Rule.Exactness.allCases.map(\.rawValue)) + "; "
            + list(counts.level, order: ["portable", "protocol"])
    }
}
