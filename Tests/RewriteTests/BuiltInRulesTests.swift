import Foundation
import Rewrite
import TestSupport
import Testing

@Suite struct BuiltInRulesTests {
    /// Every rule fires on its examples, leaves its counter-examples alone, and computes the same on both sides; most are proven in
    /// the field.
    @Test func everyRulePassesItsCheck() throws {
        let catalog = try RuleCatalog.builtIn()
        let reports = RuleChecker().check(catalog.rules)
        #expect(reports.map(\.rule) == catalog.rules.map(\.name) && !reports.isEmpty)
        var table = ""
        for report in reports {
            table += "\(report.problems.isEmpty ? "ok  " : "FAIL") \(report.family)/\(report.rule): "
            table += "\(report.shapes) shapes, \(report.runs) runs, \(report.leftAlone) left alone, "
            table += "error \(report.maxRelativeError)"
            if report.exactness == .exact { table += ", \(report.proof.summary)" }
            table += "\n"
            for problem in report.problems { table += "       \(problem)\n" }
            #expect(report.problems.isEmpty, "\(report.rule): \(report.problems.joined(separator: "; "))")
            #expect(report.runs > 0 && report.leftAlone > 0)
        }
        let exact = reports.filter { $0.exactness == .exact }
        let proven = exact.count { $0.proof.method != .float64 }
        print(table + "\(proven) of \(exact.count) exact rules are proven without rounding")
        #expect(proven * 5 >= exact.count * 4)
    }
}
