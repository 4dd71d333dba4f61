import Rewrite
import Testing

@Suite struct BuiltInRulesTests {
    /// Every rule fires on its examples, leaves its counter-examples alone, and computes the same on both sides.
    @Test func everyRulePassesItsCheck() throws {
        let catalog = try RuleCatalog.builtIn()
        #expect(catalog.rules.count >= 37)
        let checker = RuleChecker()
        var table = ""
        for rule in catalog.rules {
            let report = checker.check(rule)
            table += "\(report.problems.isEmpty ? "ok  " : "FAIL") \(rule.family)/\(rule.name): \(report.runs) runs, "
            table += "\(report.leftAlone) left alone, error \(report.maxRelativeError)\n"
            for problem in report.problems { table += "       \(problem)\n" }
            #expect(report.problems.isEmpty, "\(rule.name): \(report.problems.joined(separator: "; "))")
            #expect(report.runs > 0 && report.leftAlone > 0)
        }
        print(table)
    }
}
