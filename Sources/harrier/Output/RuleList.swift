import Pricing
import Rewrite

/// The rules, for people and for programs.
struct RuleList {
    let rules: [Rule]

    /// The rules as a table, with their numbers at the end.
    func table(_ style: Style) -> String {
        var table = TextTable([
            .left("rule"), .left("family"), .left("exactness"), .left("level"), .left("what it does"),
        ])
        for rule in rules {
            table.add([rule.name, rule.family, rule.exactness.rawValue, rule.level.rawValue, rule.summary])
        }
        return table.render(style) + "\n" + summary + "\n"
    }

    /// The rules as JSON.
    func json() throws -> String {
        let document = Document(
            rules: rules.map {
                RuleDocument(
                    name: $0.name, family: $0.family, exactness: $0.exactness.rawValue, level: $0.level.rawValue,
                    summary: $0.summary, source: $0.source, file: $0.file)
            },
            counts: Counts(
                rules: rules.count, exactness: tally(\.exactness.rawValue), level: tally(\.level.rawValue),
                family: tally(\.family)))
        return String(decoding: try JSONOutput.encode(document), as: UTF8.self)
    }

    /// `37 rules in 6 families: 32 exact, 5 approximate; 37 portable`.
    private var summary: String {
        func list(_ counts: [String: Int], order: [String]) -> String {
            order.compactMap { name in counts[name].map { "\($0) \(name)" } }.joined(separator: ", ")
        }
        let families = tally(\.family).count
        return "\(rules.count) \(rules.count == 1 ? "rule" : "rules") in \(families) "
            + "\(families == 1 ? "family" : "families"): "
            + list(tally(\.exactness.rawValue), order: Rule.Exactness.allCases.map(\.rawValue)) + "; "
            + list(tally(\.level.rawValue), order: ["portable", "protocol"])
    }

    private func tally(_ property: (Rule) -> String) -> [String: Int] {
        Dictionary(grouping: rules, by: property).mapValues(\.count)
    }

    private struct Document: Encodable {
        let rules: [RuleDocument]
        let counts: Counts
    }

    private struct RuleDocument: Encodable {
        let name: String
        let family: String
        let exactness: String
        let level: String
        let summary: String
        let source: String
        let file: String
    }

    private struct Counts: Encodable {
        let rules: Int
        let exactness: [String: Int]
        let level: [String: Int]
        let family: [String: Int]
    }
}
