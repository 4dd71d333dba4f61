import Rewrite
import Testing

/// What the checker of rules must not let through.
@Suite struct RuleCheckerTests {
    private func rule(
        before: String, after: String, conditions: [String] = [], example: String, counterexample: String
    ) throws -> Rule {
        let text = """
            summary: A rule of a test.
            exactness: exact
            level: portable
            saves: Nothing.
            source: A test.
            before: |
              before (x) => (y) {
                \(before)
              }
            after: |
              \(after)
            \(conditions.isEmpty ? "" : "where:\n" + conditions.map { "  - \($0)" }.joined(separator: "\n"))
            examples:
              - graph: |
                  \(example)
            counterexamples:
              - graph: |
                  \(counterexample)

            """
        return try #require(try RuleCatalog(rule: "tested", text)["tested"])
    }

    /// Hardmax is not computed exactly, so that a comparison in 64 bits decides.
    @Test("a rule that is wrong by 1e-8 of the largest number is wrong", arguments: ["1.00000001", "0.99999999"])
    func smallErrors(factor: String) throws {
        func report(_ factor: String) throws -> RuleChecker.Report {
            RuleChecker().check(
                try rule(
                    before: "y = Hardmax (x)",
                    after:
                        "after (x) => (y) { c = Constant <value = double {\(factor)}> () h = Hardmax (x) y = Mul (h, c) }",
                    example: "g (double[3,4] x) => (double[3,4] y) { y = Hardmax (x) }",
                    counterexample: "g (double[3,4] x) => (double[3,4] y) { y = Softmax (x) }"))
        }
        let right = try report("1.0")
        #expect(right.problems.isEmpty && right.proof.method == .float64, "\(right.problems)")
        let wrong = try report(factor)
        #expect(wrong.problems.contains { $0.contains("differs by") }, "\(wrong.problems)")
    }

    @Test("positive(x) does not hold of what can be 0, and nonnegative(x) does")
    func positive() throws {
        func problems(_ condition: String) throws -> [String] {
            RuleChecker().check(
                try rule(
                    before: "y = Abs (x)", after: "after (x) => (x) { }", conditions: [condition],
                    example: """
                        g (float[3] z) => (float[3] r) { o = Constant <value = float {0.5}> () p = Relu (z) x = Add (p, o) \
                        y = Abs (x) r = Neg (y) }
                        """,
                    counterexample: "g (float[3] z) => (float[3] r) { x = Relu (z) y = Abs (x) r = Neg (y) }")
            ).problems
        }
        #expect(try problems("positive(x)").isEmpty)
        #expect(try problems("nonnegative(x)").contains { $0.contains("fires, and must not") })
    }
}
