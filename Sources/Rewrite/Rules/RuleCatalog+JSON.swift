import Foundation
import Pricing

extension RuleCatalog {
    /// The JSON of `harrier passes list`.
    public func json() throws -> Data {
        let document = Document(
            rules: rules.map {
                RuleDocument(
                    name: $0.name, family: $0.family, exactness: $0.exactness.rawValue, level: $0.level.rawValue,
                    summary: $0.summary, source: $0.source, file: $0.file)
            },
            counts: counts)
        return try JSONOutput.encode(document)
    }

    /// How many rules there are of each kind.
    package var counts: Counts {
        func tally(_ property: (Rule) -> String) -> [String: Int] {
            Dictionary(grouping: rules, by: property).mapValues(\.count)
        }
        return Counts(
            rules: rules.count, exactness: tally(\.exactness.rawValue), level: tally(\.level.rawValue),
            family: tally(\.family))
    }

    /// Numbers of rules.
    package struct Counts: Encodable, Sendable {
        /// All of them.
        package let rules: Int
        /// By ``Rule/exactness``.
        package let exactness: [String: Int]
        /// By ``Rule/level``.
        package let level: [String: Int]
        /// By ``Rule/family``.
        package let family: [String: Int]
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
}
