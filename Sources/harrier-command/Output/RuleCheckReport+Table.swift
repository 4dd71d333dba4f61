import Foundation
import Harrier

extension RuleCheckReport {
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
}
