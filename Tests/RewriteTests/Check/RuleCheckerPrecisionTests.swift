import Rewrite
import Testing

/// What a check notices of a rule that is nearly right.
@Suite struct RuleCheckerPrecisionTests {
    private func report(_ before: String, _ after: String, inputs: String, positive: String) throws
        -> RuleChecker.Report
    {
        let names = inputs.split(separator: " ").joined(separator: ", ")
        let typed = inputs.split(separator: " ").map { "double[N,5] \($0)" }.joined(separator: ", ")
        let text = """
            summary: A rule that is nearly right.
            saves: Nothing.
            source: For this test.
            before: |
              before (\(names)) => (y) {
                \(before)
              }
            after: |
              after (\(names)) => (y) {
                \(after)
              }
            examples:
              - graph: |
                  example (\(typed)) => (double[N,5] y) {
                    \(before)
                  }
                sizes: [{N: 1}, {N: 4}]
                positive: [\(positive)]
            counterexamples:
              - graph: |
                  other (double[3] x) => (double[3] y) { y = Neg (x) }
            """
        // How both sides compute where numbers are far away is not asked here.
        return RuleChecker(variesExamples: false).check(try #require(try RuleCatalog(rule: "nearly", text)["nearly"]))
    }

    /// An identity that nothing but floating-point numbers decides: they must agree as far as rounding lets them.
    @Test(arguments: [("0.0", true), ("1e-8", false), ("-1e-8", false), ("1e-10", false)])
    func floatingPoint(offset: String, isRight: Bool) throws {
        let report = try report(
            "y = Softplus (x)",
            "one = Constant <value = double {1.0}> () e = Exp (x) s = Add (e, one) l = Log (s)"
                + " o = Constant <value = double {\(offset)}> () y = Add (l, o)",
            inputs: "x", positive: "")
        #expect(report.problems.isEmpty == isRight, "\(report.problems), \(report.maxRelativeError)")
    }

    /// What exact computation decides, no tolerance hides.
    @Test(arguments: [("2.0", true), ("2.00000002", false), ("2.0000000000002", false)])
    func field(factor: String, isRight: Bool) throws {
        let report = try report(
            "y = Add (x, x)", "two = Constant <value = double {\(factor)}> () y = Mul (x, two)", inputs: "x",
            positive: "")
        #expect(report.problems.isEmpty == isRight, "\(report.problems)")
    }
}
