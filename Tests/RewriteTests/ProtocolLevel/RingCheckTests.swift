import Evaluate
import Foundation
import IR
import Testing
import TestSupport

@testable import Rewrite

/// The check in the ring finds what a check over the reals cannot.
@Suite struct RingCheckTests {
    /// A rule in a folder of its own.
    private func rule(after: String, ulps: String = "") throws -> Rule {
        let text = """
            summary: Wrong.
            exactness: exact
            level: protocol
            saves: Nothing.
            source: Nobody.
            needs: Nothing.
            \(ulps)
            before: |
              before (x, w) => (y) {
                p = ai.harrier.Mul (x, w)
                y = ai.harrier.Truncate (p)
              }
            after: |
              after (x, w) => (y) {
                \(after)
              }
            examples:
              - graph: |
                  product (float[2,3] x, float[2,3] w) => (float[2,3] z) {
                    p = ai.harrier.Mul (x, w)
                    y = ai.harrier.Truncate (p)
                    z = Neg (y)
                  }
            counterexamples:
              - graph: |
                  other (float[2,3] x) => (float[2,3] z) {
                    z = Neg (x)
                  }
            """
        return try #require(try RuleCatalog(rule: "wrong", text)["wrong"])
    }

    @Test(arguments: [
        ("y = ai.harrier.Mul (x, w)", "at the scale 2f"),
        ("q = ai.harrier.Truncate (x)\n    y = ai.harrier.Mul (q, w)", "it would truncate 'x'"),
        ("p = ai.harrier.Mul (x, w)\n    y = ai.harrier.Truncate <bits: int = 3> (p)", "it would truncate"),
    ])
    func unsoundRulesFail(after: String, reason: String) throws {
        let report = RuleChecker().check(try rule(after: after))
        #expect(report.problems.joined().contains("in the ring"), "\(report.problems)")
        #expect(report.problems.joined().contains(reason), "\(report.problems)")
    }

    @Test func anErrorBeyondTheStatedOneFails() throws {
        // Truncating both factors beforehand loses half of the bits that the product needs.
        let after = """
            u = ai.harrier.ScaleUp <factors: int = 0, bits: int = 1> (x)
                v = ai.harrier.Truncate <factors: int = 0, bits: int = 1> (u)
                s = ai.harrier.Mul (v, w)
                t = ai.harrier.Truncate (s)
                a = ai.harrier.ScaleUp (t)
                y = ai.harrier.Truncate (a)
            """
        #expect(RuleChecker().check(try rule(after: after)).problems.isEmpty)
        let strict = RuleChecker().check(try rule(after: after, ulps: "ulps: 0"))
        #expect(strict.problems.joined().contains("units in the last place"), "\(strict.problems)")
    }
}
