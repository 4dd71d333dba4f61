import Rewrite
import Testing

/// Dropping conditions of rules.
@Suite struct RuleMutationTests {
    private static let conditions = [
        "used_once(y) and rank(x) == 2",
        "not is_output(y) and (floating(x) or rank(x) == 2 and dim(x, 0) > 1)",
    ]
    private static let oneAxis =
        "one_axis (float[3] x) => (float[3] r) { y = Neg (x) z = Neg (y) r = Relu (z) }"
    private static let usedTwice =
        "used_twice (float[2,3] x) => (float[2,3] r, float[2,3] s) { y = Neg (x) z = Neg (y) r = Relu (z) s = Relu (y) }"

    private func doubling(_ counterexamples: [String]) throws -> Rule {
        let text = RuleCatalog.doubleNegation(conditions: Self.conditions, counterexamples: counterexamples)
        return try #require(try RuleCatalog(rule: "doubling", text)["doubling"])
    }

    @Test func everyPartOfEveryConditionIsDropped() throws {
        let report = try RuleChecker().mutate(try doubling([Self.oneAxis]))
        // Of the first condition two parts; of the second the two that 'and' joins and the two in the alternative.
        #expect(report.mutations == 6)
        #expect(
            report.survivors.map(\.condition) == [
                "used_once(y)", "not is_output(y)", "floating(x) or rank(x) == 2 and dim(x, 0) > 1", "rank(x) == 2",
                "dim(x, 0) > 1",
            ])
        #expect(report.survivors.map(\.line) == [15, 16, 16, 16, 16])
    }

    @Test func aCounterexampleShowsThatAConditionIsNeeded() throws {
        let report = try RuleChecker().mutate(try doubling([Self.oneAxis, Self.usedTwice]))
        #expect(!report.survivors.contains { $0.condition == "used_once(y)" })
        #expect(report.survivors.count == 4)
    }

    private static let magnitude = """
        summary: The magnitude of what is not negative is that itself.
        exactness: exact
        level: portable
        saves: Nothing.
        source: A test.
        before: |
          before (x) => (z) {
            z = Abs (x)
          }
        after: |
          after (x) => (x) {
          }
        where:
          - nonnegative(x)
        examples:
          - graph: |
              both (float[2,3] x) => (float[2,3] r) {
                p = Relu (x)
                a = Abs (p)
                b = Abs (x)
                r = Add (a, b)
              }
        counterexamples:
          - graph: |
              other (float[2,3] x) => (float[2,3] r) {
                r = Neg (x)
              }
        """

    @Test func sidesThatDifferShowThatAConditionIsNeeded() throws {
        let rule = try #require(try RuleCatalog(rule: "magnitude", Self.magnitude)["magnitude"])
        let check = RuleChecker().check(rule)
        #expect(check.problems.isEmpty, "\(check.problems)")
        #expect(try RuleChecker().mutate(rule).survivors.isEmpty)
    }

    /// The figure of the issue: no condition of a built-in rule can be dropped without its file showing it.
    @Test func everyConditionOfTheBuiltInRulesIsNeeded() throws {
        let reports = try RuleChecker().mutate(try RuleCatalog.builtIn().rules)
        let mutations = reports.reduce(0) { $0 + $1.mutations }
        let survivors = reports.flatMap { report in
            report.survivors.map { "\(report.rule) line \($0.line ?? 0): \($0.condition)" }
        }
        print("\(mutations - survivors.count) of \(mutations) dropped conditions are noticed")
        #expect(mutations > 50)
        #expect(survivors.isEmpty, "\(survivors.joined(separator: "\n"))")
    }
}
