import Foundation
import Pricing

/// The difference of two models, with the names that the user knows them by.
public struct DifferenceReport: Sendable {
    /// What the first model is called.
    public let first: String
    /// What the second one is called.
    public let second: String
    /// What was found.
    public let comparison: GraphComparison

    private var difference: GraphDifference { comparison.difference }

    /// The report of a comparison of models of those names.
    public init(first: String, second: String, comparison: GraphComparison) {
        self.first = first
        self.second = second
        self.comparison = comparison
    }

    /// The JSON of `harrier explain`.
    public func json() throws -> Data {
        let culprits = Set(comparison.places.flatMap(\.causes))
        let document = Document(
            first: first, second: second, verdict: comparison.verdict.rawValue, why: comparison.check.why,
            maxRelativeError: comparison.check.maxRelativeError, alignedNodes: difference.alignedNodes,
            changes: difference.changes.enumerated().map { index, change in
                Change(
                    kind: change.kind.rawValue, op: "\(change.op)", node: change.node, text: change.text,
                    onConstants: change.isOnConstants, culprit: culprits.contains(index))
            },
            places: comparison.places.map {
                Place(node: $0.node, op: $0.op, maxRelativeError: $0.maxRelativeError, causes: $0.causes)
            },
            morePlaces: comparison.isCutShort,
            operators: difference.operatorCounts.map {
                Operator(
                    op: "\($0.op)", before: $0.before, after: $0.after, elementsBefore: $0.elementsBefore,
                    elementsAfter: $0.elementsAfter)
            })
        return try JSONOutput.encode(document)
    }
}

extension DifferenceReport {
    private struct Document: Encodable {
        let first: String
        let second: String
        let verdict: String
        let why: String?
        let maxRelativeError: Double
        let alignedNodes: Int
        let changes: [Change]
        let places: [Place]
        let morePlaces: Bool
        let operators: [Operator]

        private enum CodingKeys: String, CodingKey {
            case first, second, verdict, why, changes, places, operators
            case maxRelativeError = "max_relative_error"
            case alignedNodes = "aligned_nodes"
            case morePlaces = "more_places"
        }
    }

    private struct Change: Encodable {
        let kind: String
        let op: String
        let node: String
        let text: String
        let onConstants: Bool
        let culprit: Bool

        private enum CodingKeys: String, CodingKey {
            case kind, op, node, text, culprit
            case onConstants = "on_constants"
        }
    }

    private struct Place: Encodable {
        let node: String
        let op: String
        let maxRelativeError: Double
        let causes: [Int]

        private enum CodingKeys: String, CodingKey {
            case node, op, causes
            case maxRelativeError = "max_relative_error"
        }
    }

    private struct Operator: Encodable {
        let op: String
        let before: Int
        let after: Int
        let elementsBefore: Int
        let elementsAfter: Int

        private enum CodingKeys: String, CodingKey {
            case op, before, after
            case elementsBefore = "elements_before"
            case elementsAfter = "elements_after"
        }
    }
}
