import Foundation
import Pricing

/// What checking rules came to.
public struct RuleCheckReport: Sendable {
    /// What came of each rule.
    public let rules: [RuleChecker.Report]
    /// What dropping the conditions came to; nil if none was dropped.
    public let mutations: [RuleChecker.MutationReport]?

    /// The report of checked rules, and of dropped conditions if some were.
    public init(rules: [RuleChecker.Report], mutations: [RuleChecker.MutationReport]? = nil) {
        self.rules = rules
        self.mutations = mutations
    }

    /// Whether a rule has a problem, or a dropped condition was not missed.
    public var failed: Bool {
        rules.contains { !$0.problems.isEmpty } || (mutations ?? []).contains { !$0.survivors.isEmpty }
    }

    /// The JSON of `harrier passes check`.
    public func json() throws -> Data {
        let document = Document(
            rules: rules.map(RuleDocument.init), mutation: mutations.map(MutationDocument.init))
        return try JSONOutput.encode(document)
    }
}

extension RuleCheckReport {
    private struct Document: Encodable {
        let rules: [RuleDocument]
        let mutation: MutationDocument?
    }

    private struct RuleDocument: Encodable {
        let rule: String
        let family: String
        let exactness: String
        let shapes: Int
        let runs: Int
        let leftAlone: Int
        let maxRelativeError: Double
        let maxAbsError: Double
        let exact: ProofDocument?
        let fixedPoint: FixedPointDocument?
        let problems: [String]

        private enum CodingKeys: String, CodingKey {
            case rule, family, exactness, shapes, runs, exact, problems
            case leftAlone = "left_alone"
            case maxRelativeError = "max_relative_error"
            case maxAbsError = "max_abs_error"
            case fixedPoint = "fixed_point"
        }

        init(_ report: RuleChecker.Report) {
            rule = report.rule
            family = report.family
            exactness = report.exactness.rawValue
            shapes = report.shapes
            runs = report.runs
            leftAlone = report.leftAlone
            maxRelativeError = report.maxRelativeError
            maxAbsError = report.maxAbsError
            exact = report.exactness == .exact ? ProofDocument(report.proof) : nil
            fixedPoint = report.exactness == .exact ? FixedPointDocument(report.fixedPoint) : nil
            problems = report.problems
        }
    }

    private struct ProofDocument: Encodable {
        let method: String
        let equal: Int
        let undecided: Int
        let reasons: [String]
        let uninterpreted: [String]
        let readings: [String]

        init(_ proof: RuleChecker.Proof) {
            method = proof.method.rawValue
            equal = proof.equal
            undecided = proof.undecided
            reasons = proof.reasons
            uninterpreted = proof.uninterpreted
            readings = proof.readings
        }
    }

    private struct FixedPointDocument: Encodable {
        let worstRatio: Double?
        let warnings: [String]

        private enum CodingKeys: String, CodingKey {
            case warnings
            case worstRatio = "worst_error_ratio"
        }

        init(_ fixedPoint: RuleChecker.FixedPoint) {
            worstRatio = fixedPoint.worstRatio
            warnings = fixedPoint.warnings
        }
    }

    private struct MutationDocument: Encodable {
        struct Survivor: Encodable {
            let rule: String
            let line: Int?
            let condition: String
        }

        let mutations: Int
        let noticed: Int
        let survivors: [Survivor]

        init(_ reports: [RuleChecker.MutationReport]) {
            mutations = reports.reduce(0) { $0 + $1.mutations }
            survivors = reports.flatMap { report in
                report.survivors.map { Survivor(rule: report.rule, line: $0.line, condition: $0.condition) }
            }
            noticed = mutations - survivors.count
        }
    }
}
