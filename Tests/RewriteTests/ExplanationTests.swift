import Evaluate
import IR
import ONNXFormat
import Frameworks
import Pricing
import Rewrite
import Testing
import TestSupport

/// What is said about why rules did not fire.
@Suite struct ExplanationTests {
    private func explain(_ name: String, _ text: String, only: [String] = [], _ objective: Objective = .bytes) throws
        -> Explanation
    {
        var graph = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\" : 21]>\n" + text)
        try graph.inferTypes(evaluator: Interpreter())
        var options = Optimizer.Options(objective: objective)
        options.allowsRefusedOperators = true
        let optimizer = Optimizer(
            rules: try RuleCatalog.builtIn().selecting(only: only).rules, framework: try CrypTen(),
            evaluator: Interpreter(), options: options)
        return try optimizer.explanation(of: name, in: graph, result: optimizer.optimize(graph))
    }

    private static let pool = """
        m (float[1,3,8,8] x) => (float[1,3,4,4] y) {
          FIRST
          y = MaxPool <kernel_shape: ints = [2, 2], strides: ints = [2, 2]> (r)
        }
        """

    private func pool(_ first: String, only: [String] = ["monotone-after-maxpool"]) throws -> Explanation.RuleOutcome {
        let explanation = try explain("y", Self.pool.replacing("FIRST", with: first), only: only)
        print(explanation.rules.map { "\($0.rule): \($0.outcome) \($0.why)" })
        return try #require(explanation.rules.first)
    }

    @Test func anotherProducerIsNamed() throws {
        let outcome = try pool("r = Add (x, x)")
        #expect(outcome.outcome == .nearMiss && outcome.matched == 1 && outcome.nodes == 2)
        #expect(outcome.why.contains("to read") && outcome.why.contains("here it reads Add"))
    }

    @Test func anInputIsNamed() throws {
        let text =
            "m (float[1,3,8,8] r) => (float[1,3,4,4] y) {\n  y = MaxPool <kernel_shape: ints = [2, 2], strides: ints = [2, 2]> (r)\n}"
        let explanation = try explain("y", text, only: ["monotone-after-maxpool"])
        #expect(explanation.rules.first?.why.contains("here it reads the input 'r'") == true)
    }

    @Test func whatFiredIsSaid() throws {
        let outcome = try pool("r = Relu (x)")
        #expect(outcome.outcome == .fired)
    }

    @Test func aConditionIsToldWithItsValues() throws {
        let text = """
            m (float[1,3,8,8] x) => (float[1,3,4,4] y, float[1,3,8,8] z) {
              r = Relu (x)
              y = MaxPool <kernel_shape: ints = [2, 2], strides: ints = [2, 2]> (r)
              z = Neg (r)
            }
            """
        let explanation = try explain("y", text, only: ["monotone-after-maxpool"])
        let outcome = try #require(explanation.rules.first)
        #expect(outcome.outcome == .condition)
        #expect(
            outcome.why.contains("needs used_once(") && outcome.why.contains("2 operands read it"), "\(outcome.why)")
    }

    @Test func anAttributeIsTold() throws {
        let text = "m (float[2,3] x, float[4,3] w) => (float[2,4] y) {\n  y = Gemm <transB: int = 1> (x, w)\n}"
        let outcome = try #require(explain("y", text, only: ["gemm-as-matmul"]).rules.first)
        #expect(outcome.why.contains("expects 'transB' of Gemm 'y' to be 0, here it is 1"), "\(outcome.why)")
    }

    @Test func whatSavesNothingIsToldWithPrices() throws {
        // A clip is two comparisons before the pooling and two after it, on fewer elements; a square costs less than a product.
        let text = "m (float[2,3] x) => (float[2,3] y) <float two = {2}> {\n  y = Pow (x, two)\n}"
        let explanation = try explain("y", text, only: ["square-as-product"])
        let outcome = try #require(explanation.rules.first)
        print(outcome.outcome, outcome.why)
        #expect(outcome.outcome == .savesNothing)
        let before = try #require(outcome.before)
        let after = try #require(outcome.after)
        #expect(after.online.bytes >= before.online.bytes)
    }

    @Test func everyRuleThatHasTheOperatorIsMentioned() throws {
        let catalog = try RuleCatalog.builtIn()
        let graph = try loadModel(at: Fixtures.path("models/minionn.onnx"), evaluator: Interpreter()).graph
        let optimizer = Optimizer(
            rules: catalog.rules, framework: try CrypTen(), evaluator: Interpreter(),
            options: Optimizer.Options(objective: .bytes))
        let result = try optimizer.optimize(graph)
        for node in graph.nodes {
            let explanation = try optimizer.explanation(of: node.name, in: graph, result: result)
            #expect(explanation.op == "\(node.op)" || explanation.place == .result)
            for outcome in explanation.rules { #expect(!outcome.why.isEmpty, "\(node.name) \(outcome.rule)") }
        }
        #expect(throws: HarrierError.self) {
            try optimizer.explanation(of: "/no/such/node", in: graph, result: result)
        }
    }
}
