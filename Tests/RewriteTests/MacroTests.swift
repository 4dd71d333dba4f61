import Foundation
import IR
import Rewrite
import Testing
import TestSupport

/// Macros on the right side of rules: each is checked against the operator that it stands for, on many shapes.
@Suite struct MacroTests {
    /// The report on a rule with these two sides and this example.
    private func report(before: String, after: String, example: String, definitions: String = "") throws
        -> RuleChecker.Report
    {
        func block(_ text: String, _ indent: String) -> String {
            text.split(separator: "\n").map { indent + $0 }.joined(separator: "\n")
        }
        let text = """
            summary: A macro.
            exactness: exact
            level: portable
            saves: Nothing.
            source: A test.
            before: |
            \(block(before, "  "))
            after: |
            \(block(after, "  "))
            \(definitions)
            examples:
              - graph: |
            \(block(example, "      "))
            counterexamples:
              - graph: |
                  other (float[2,3] x) => (float[2,3] y) { y = Identity (x) }
            """
        // How both sides compute where numbers are far away is not asked here.
        return RuleChecker(variesExamples: false).check(try #require(try RuleCatalog(rule: "macro", text)["macro"]))
    }

    private func expectAgreement(_ report: RuleChecker.Report) {
        #expect(report.problems.isEmpty && report.runs > 0, "\(report.problems)")
    }

    @Test(arguments: [1, 2, 3, 7, 12])
    func maximumAlongAnAxis(length: Int) throws {
        expectAgreement(
            try report(
                before: "b (x) => (y) { y = Softmax <axis: int = @axis> (x) }",
                after: """
                    a (x) => (y) {
                      top = ai.harrier.macro.MaxTree <axis: int = @axis> (x)
                      moved = Sub (x, top)
                      e = Exp (moved)
                      axes = Constant <value_ints: ints = @axes> ()
                      total = ReduceSum (e, axes)
                      y = Div (e, total)
                    }
                    """,
                example: "m (float[2,\(length),3] x) => (float[2,\(length),3] y) { y = Softmax <axis: int = 1> (x) }",
                definitions: "let:\n  axes: \"[axis]\""))
    }

    private static let windowAttributes = """
        <auto_pad: string = @auto_pad, ceil_mode: int = @ceil_mode, dilations: ints = @dilations,
        kernel_shape: ints = @kernel_shape, pads: ints = @pads, storage_order: int = @storage_order, strides: ints = @strides>
        """

    private func pool(_ shape: String, _ attributes: String) throws -> RuleChecker.Report {
        try report(
            before: "b (x) => (y) { y = MaxPool \(Self.windowAttributes) (x) }",
            after: """
                a (x) => (y) {
                  y = ai.harrier.macro.WindowMaxTree \(Self.windowAttributes) (x)
                }
                """,
            example: "m (float[\(shape)] x) => (float[N,C,P,Q] y) { y = MaxPool <\(attributes)> (x) }")
    }

    @Test(arguments: [
        "kernel_shape: ints = [1, 1], strides: ints = [2, 2]",
        "kernel_shape: ints = [2, 2], strides: ints = [2, 2]",
        "kernel_shape: ints = [3, 3], strides: ints = [2, 2], pads: ints = [1, 1, 1, 1]",
        "kernel_shape: ints = [5, 4], strides: ints = [1, 3], pads: ints = [2, 1, 1, 3], ceil_mode: int = 1",
        "kernel_shape: ints = [5, 4], strides: ints = [2, 3], auto_pad: string = \"SAME_LOWER\"",
        "kernel_shape: ints = [6, 5], strides: ints = [1, 1], auto_pad: string = \"SAME_UPPER\"",
        "kernel_shape: ints = [3, 5], dilations: ints = [2, 2]",
    ])
    func maximumOfWindows(attributes: String) throws {
        expectAgreement(try pool("1,2,12,13", attributes))
    }

    @Test func paddingThatAWindowDoesNotShareIsRefused() throws {
        let report = try pool(
            "1,1,12,12", "kernel_shape: ints = [3, 3], dilations: ints = [2, 2], pads: ints = [1, 1, 1, 1]")
        #expect(report.runs == 0 && report.problems.contains { $0.contains("does not fire") })
    }

    @Test func polynomial() throws {
        expectAgreement(
            try report(
                before: """
                    b (x) => (y) {
                      a = Constant <value_float: float = 0.5> ()
                      c = Constant <value_float: float = -2.0> ()
                      m = Mul (x, a)
                      s = Mul (m, x)
                      t = Mul (s, x)
                      u = Mul (t, x)
                      y = Add (u, c)
                    }
                    """,
                after: """
                    a (x) => (y) {
                      y = ai.harrier.macro.Polynomial <coefficients: floats = [-2.0, 0.0, 0.0, 0.0, 0.5]> (x)
                    }
                    """,
                example: """
                    m (float[2,3] x) => (float[2,3] y) {
                      a = Constant <value_float: float = 0.5> ()
                      c = Constant <value_float: float = -2.0> ()
                      m = Mul (x, a)
                      s = Mul (m, x)
                      t = Mul (s, x)
                      u = Mul (t, x)
                      y = Add (u, c)
                    }
                    """))
    }

    @Test func partsWithoutACommonValueMatchOnceEach() throws {
        let report = try report(
            before: "b (x, y) => (a, c) {\n a = Relu (x)\n c = Relu (y)\n }",
            after: "a (x, y) => (a, c) {\n a = Relu (x)\n c = Relu (y)\n }",
            example: """
                m (float[2] x, float[3] y) => (float[2] u, float[3] v) {
                  r = Relu (x)
                  u = Relu (r)
                  v = Relu (y)
                }
                """,
            definitions: "where:\n  - independent(a, c)")
        // Of the three pairs, the two that do not depend on each other; in the drawn shapes, too.
        #expect(report.runs == 2 * report.shapes && report.problems.isEmpty, "\(report.problems)")
    }
}
