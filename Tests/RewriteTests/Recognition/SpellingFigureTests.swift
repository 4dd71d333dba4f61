import Evaluate
import Foundation
import Frameworks
import IR
import ONNXFormat
import Pricing
import Rewrite
import TestSupport
import Testing

/// What a model is brought to does not depend on how a function in it is spelled.
@Suite struct SpellingFigureTests {
    /// Files that spell one function.
    struct Function: Decodable {
        let name: String
        let files: [String]
    }

    /// What is in Tests/Fixtures/spellings; the table of `Benchmarks/spellings.py` reads the same list.
    static let functions: [Function] = {
        do {
            let path = try Fixtures.path("spellings/functions.json")
            return try JSONDecoder().decode([Function].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            fatalError("the list of spellings: \(error)")
        }
    }()

    /// Three kinds of frameworks; `Benchmarks/spellings.py` makes the table of six.
    static let frameworks = ["crypten", "semi2k", "cryptflow2"]

    private func model(_ name: String) throws -> Graph {
        try loadModel(at: Fixtures.path("spellings/\(name).onnxtxt"), evaluator: Interpreter()).graph
    }

    @Test(arguments: functions.indices, frameworks)
    func everySpellingComesToTheSame(_ function: Int, _ framework: String) throws {
        let rules = try RuleCatalog.builtIn().rules
        for (objective, allowsRounding) in [(Objective.bytes, true), (.rounds, false)] {
            let found = try Self.functions[function].files.map { file in
                var options = Optimizer.Options(objective: objective)
                options.allowsRounding = allowsRounding
                let optimizer = Optimizer(
                    rules: rules, framework: try FrameworkCatalog.make(framework), evaluator: Interpreter(),
                    options: options)
                return try optimizer.optimize(model(file)).after
            }
            let first = objective.figure(found[0])
            #expect(
                found.allSatisfy { objective.figure($0) == first },
                "\(Self.functions[function]) under \(framework): \(found.map { objective.figure($0) })")
        }
    }

    /// Rules for the parts of an operator that was recognised are found in a graph of any size.
    @Test func partsAreReachedInLargerGraphs() throws {
        let layers = (0..<8).map { "h\($0) = MatMul (\($0 == 0 ? "x" : "r\($0 - 1)"), w) r\($0) = Relu (h\($0))" }
        let text = """
            <ir_version: 8, opset_import: ["": 21]>
            m (float[4,8] x) => (float[4,8] y)
            <float[8,8] w = ["location": "w"], float[8] g = ["location": "w"], float[8] b = ["location": "w"]> {
              \(layers.joined(separator: " "))
              last = Constant<value_ints = [-1]> () two = Constant<value = float {2}> () e = Constant<value = float {1e-5}> ()
              m = ReduceMean (r7, last) c = Sub (r7, m) q = Pow (c, two) v = ReduceMean (q, last) s = Add (v, e)
              d = Sqrt (s) n = Div (c, d) k = Mul (n, g) y = Add (k, b)
            }
            """
        var graph = try ONNXText.parseModel(text)
        try graph.inferTypes(evaluator: Interpreter())
        let optimizer = Optimizer(
            rules: try RuleCatalog.builtIn().rules, framework: try FrameworkCatalog.make("crypten"),
            evaluator: Interpreter(), options: Optimizer.Options(objective: .rounds))
        let result = try optimizer.optimize(graph)
        #expect(result.before.online.rounds - result.after.online.rounds >= 39)
        #expect(result.rewrites.contains { $0.rule == "division-by-root-as-batchnorm" })
    }

    @Test func whatIsNoCheaperAsAnOperatorIsWrittenAsItWas() throws {
        let graph = try model("gelu_erf_hf")
        let optimizer = Optimizer(
            rules: [], framework: try FrameworkCatalog.make("crypten"), evaluator: Interpreter(),
            options: Optimizer.Options(objective: .bytes))
        let result = try optimizer.optimize(graph)
        #expect(result.graph.nodes.map(\.op) == graph.nodes.map(\.op))
        #expect(result.graph.nodes.map(\.name) == graph.nodes.map(\.name))
        #expect(result.rewrites.isEmpty && result.graph.nodes.allSatisfy { $0.spelling == nil })
    }
}
