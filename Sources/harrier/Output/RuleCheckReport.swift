import Foundation
import Pricing
import Rewrite

/// What checking rules came to, for people and for programs.
struct RuleCheckReport {
    let rules: [RuleChecker.Report]
    /// What dropping the conditions came to; nil if none was dropped.
    let mutations: [RuleChecker.MutationReport]?

    /// Whether a rule has a problem, or a dropped condition was not missed.
    var failed: Bool {
        rules.contains { !$0.problems.isEmpty } || (mutations ?? []).contains { !$0.survivors.isEmpty }
    }

    /// The report as text.
    func table(_ style: Style) -> String {
        var table = TextTable([
            .left("rule"), .left("exactness"), .right("shapes"), .right("runs"), .right("left alone"),
            .right("relative error"), .left("computed exactly"), .right("fixed-point loss"),
            .left("verdict"),
        ])
        for report in rules {
            table.add([
                report.rule, report.exactness.rawValue, "\(report.shapes)", "\(report.runs)", "\(report.leftAlone)",
                shortScientific(report.maxRelativeError), report.exactness == .exact ? report.proof.summary : "",
                report.fixedPoint.worstRatio.map { String(format: "%.1f×", $0) } ?? "",
                report.problems.isEmpty ? "passed" : "failed",
            ])
        }
        var text = table.render(style)
        for report in rules {
            for problem in report.problems { text += "\(report.rule): \(problem)\n" }
        }
        let warnings = rules.flatMap { report in report.fixedPoint.warnings.map { "  \(report.rule): \($0)\n" } }
        if !warnings.isEmpty { text += "\n\(style.dim("Less exact in fixed point"))\n" + warnings.joined() }
        let undecided = rules.filter { $0.exactness == .exact && $0.proof.undecided > 0 }
        if !undecided.isEmpty {
            text += "\n\(style.dim("In 64 bits only, because"))\n"
            for report in undecided { text += "  \(report.rule): \(report.proof.reasons.joined(separator: "; "))\n" }
        }
        let failed = rules.count { !$0.problems.isEmpty }
        text += "\n"
        text +=
            failed == 0
            ? style.green("\(rules.count) rules passed") : style.red("\(failed) of \(rules.count) rules failed")
        return text + "\n" + mutationText(style)
    }

    private func mutationText(_ style: Style) -> String {
        guard let mutations else { return "" }
        var text = ""
        for report in mutations {
            for survivor in report.survivors {
                let line = survivor.line.map { " line \($0)" } ?? ""
                text += "\(report.rule)\(line): nothing shows that '\(survivor.condition)' is needed\n"
            }
        }
        let all = mutations.reduce(0) { $0 + $1.mutations }
        let survived = mutations.reduce(0) { $0 + $1.survivors.count }
        let score =
            "mutation score \(all - survived) of \(all): "
            + (survived == 0 ? "every dropped condition is noticed" : "\(survived) dropped conditions go unnoticed")
        return text + (survived == 0 ? style.green(score) : style.red(score)) + "\n"
    }

    /// The report as JSON.
    func json() throws -> String {
        let document = Document(
            rules: rules.map(RuleDocument.init), mutation: mutations.map(MutationDocument.init))
        return String(decoding: try JSONOutput.encode(document), as: UTF8.self)
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
