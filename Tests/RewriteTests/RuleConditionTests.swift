import Evaluate
import IR
import Testing

@testable import Rewrite

/// What conditions say of values, at the edges.
@Suite struct RuleConditionTests {
    /// Whether a rule that removes a Neg fires under a condition on the Neg's operand.
    private func holds(_ condition: String, of node: String) throws -> Bool {
        let text = """
            summary: A sign is dropped.
            saves: Nothing.
            source: For this test.
            before: |
              before (v) => (y) {
                y = Neg (v)
              }
            after: |
              after (v) => (v) {
              }
            where:
              - \(condition)
            examples:
              - graph: |
                  one (float[3] x) => (float[3] y) { y = Neg (x) }
            counterexamples:
              - graph: |
                  other (float[3] x) => (float[3] y) { y = Relu (x) }
            """
        var graph = try ONNXText.parseModel(
            "<ir_version: 10, opset_import: [\"\": 21]>\ng (float[3] x) => (float[3] y) { v = \(node) (x) y = Neg (v) }"
        )
        try graph.inferTypes(evaluator: Interpreter())
        let pricer = NodePricer(profiler: nil, allowsRefusedOperators: true)
        let finder = CandidateFinder(
            rules: try RuleCatalog(rule: "condition", text).rules, evaluator: Interpreter(), pricer: pricer)
        let state = try PricedGraph(graph, policy: VisibilityPolicy(), pricer: pricer)
        return try !finder.candidates(in: state).isEmpty
    }

    @Test(
        "at 0 a value is not negative and not positive",
        arguments: [
            ("positive(v)", "Relu", false), ("nonnegative(v)", "Relu", true),
            ("nonnegative(v)", "Tanh", false), ("at_least(v, 0)", "Relu", true), ("at_least(v, 0.001)", "Relu", false),
            ("at_most(v, 1)", "Sigmoid", true), ("at_most(v, 0.999)", "Sigmoid", false), ("bounded(v)", "Relu", false),
            ("bounded(v)", "Tanh", true), ("lower(v) == 0", "Relu", true), ("upper(v) > 0", "Relu", false),
        ])
    func ranges(condition: String, node: String, isTrue: Bool) throws {
        #expect(try holds(condition, of: node) == isTrue)
    }
}
