import Foundation
import IR
import Pricing

/// What stands beside the files that the examples of rules were written to.
public struct ExampleIndex: Sendable {
    private struct Entry: Encodable {
        let rule: String
        let family: String
        let exactness: String
        let level: String
        let file: String
        let fires: Bool
        let positive: [String]
        let ranges: [String: [Double?]]
    }

    private var entries: [Entry] = []

    /// No examples yet.
    public init() {}

    /// Adds a file with an example of a rule.
    public mutating func add(_ example: RuleChecker.ExampleGraph, of rule: Rule, file: String) {
        // JSON has no infinities: an open side is null.
        let ranges = example.ranges.named.mapValues { [$0.low, $0.high].map { $0.isFinite ? $0 : nil } }
        entries.append(
            Entry(
                rule: rule.name, family: rule.family, exactness: rule.exactness.rawValue, level: rule.level.rawValue,
                file: file, fires: example.fires, positive: example.positive.sorted(), ranges: ranges))
    }

    /// The index as JSON.
    public func json() throws -> Data { try JSONOutput.encode(entries) }
}
