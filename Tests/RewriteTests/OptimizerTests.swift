import Evaluate
import Foundation
import IR
import ONNXFormat
import Frameworks
import Pricing
import Rewrite
import Testing
import TestSupport

@Suite struct OptimizerTests {
    private func optimizer(
        _ objective: Objective = .bytes, rules: RuleCatalog? = nil, approximate: Bool = false,
        anyOperator: Bool = false,
        strategy: SearchStrategy = .global, disabledSteps: [String] = []
    ) throws -> Optimizer {
        var options = Optimizer.Options(objective: objective)
        options.disabledSteps = Set(disabledSteps)
        options.allowsApproximate = approximate
        options.allowsRefusedOperators = anyOperator
        options.strategy = strategy
        return Optimizer(
            rules: try (rules ?? RuleCatalog.builtIn()).rules, framework: try CrypTen(), evaluator: Interpreter(),
            options: options)
    }

    private func parse(_ text: String) throws -> Graph {
        var graph = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\" : 21]>\n" + text)
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    private static let block = """
        block (float[1,3,16,16] x) => (float[1,4,8,8] y)
        <float[4,3,3,3] w = ["location": "weights"], float[4] scale = ["location": "weights"], float[4] shift = ["location": "weights"],
         float[4] mean = ["location": "weights"], float[4] variance = ["location": "weights"]>
        {
          c = Conv <kernel_shape: ints = [3, 3], pads: ints = [1, 1, 1, 1]> (x, w)
          n = BatchNormalization (c, scale, shift, mean, variance)
          r = Relu (n)
          y = MaxPool <kernel_shape: ints = [3, 3], strides: ints = [2, 2], pads: ints = [1, 1, 1, 1]> (r)
        }
        """

    @Test(arguments: [Objective.bytes, .rounds, .time(.wan)])
    func aBlockGetsCheaperAndStaysTheSame(objective: Objective) throws {
        let graph = try parse(Self.block)
        let result = try optimizer(objective).optimize(graph)
        #expect(result.after.online.bytes < result.before.online.bytes / 2)
        #expect(result.after.online.rounds < result.before.online.rounds)
        let used = Set(result.rewrites.map(\.rule))
        #expect(used == ["conv-batchnorm", "monotone-after-maxpool", "maxpool-tree"])
        let saved = result.rewrites.reduce(Cost.zero) { $0 + $1.saved }
        #expect(saved == result.before - result.after)
        let check = NumericCheck.compare(graph, result.graph, ComparisonSettings(tolerance: 1e-9))
        #expect(check.status == .passed, "\(check.why ?? "")")
        // What is reported is what a profile of the result shows.
        let profile = try Profiler(CrypTen(), evaluator: Interpreter()).profile(result.graph)
        #expect(profile.total == result.after)
    }

    @Test func aResultUsesOnlyOperatorsThatTheFrameworkImports() throws {
        let graph = try parse(
            "m (float[2,5] a, float[2,5] b) => (float[2,5] y) {\n  c = Constant <value = float {-1.5}> ()\n  i = Mul (a, c)\n  j = Mul (b, c)\n  m = Max (i, j)\n  y = HardSwish (m)\n}"
        )
        let framework = try CrypTen()
        let result = try optimizer().optimize(graph)
        let visibility = try result.graph.visibility(under: framework.defaultVisibility)
        for node in result.graph.nodes {
            #expect(
                framework.refusal(OperatorSite(node, in: result.graph, visibility: visibility)) == nil, "\(node.op)")
        }
        #expect(NumericCheck.compare(graph, result.graph, ComparisonSettings(tolerance: 1e-9)).status == .passed)
    }

    @Test func theSameInputGivesTheSameOutput() throws {
        let graph = try parse(Self.block)
        let texts = try (0..<3).map { _ in ONNXText.print(try optimizer().optimize(graph).graph) }
        #expect(Set(texts).count == 1)
    }

    @Test func disabledRulesAreNotUsed() throws {
        let graph = try parse(Self.block)
        let catalog = try RuleCatalog.builtIn()
        let without = try optimizer(rules: catalog.selecting(disabling: ["comparison-reduction"])).optimize(graph)
        #expect(Set(without.rewrites.map(\.rule)) == ["conv-batchnorm"])
        let nothing = try optimizer(rules: RuleCatalog(), disabledSteps: OperatorExpansion.steps).optimize(graph)
        #expect(nothing.rewrites.isEmpty && nothing.before == nothing.after)
    }

    @Test func approximateRulesMustBeAllowed() throws {
        let graph = try parse("m (float[4,128] x) => (float[4,128] y) {\n  y = Softmax <axis: int = -1> (x)\n}")
        let quadratics = try RuleCatalog.builtIn().selecting(only: ["softmax-2quad"])
        let exact = try optimizer(rules: quadratics).optimize(graph)
        #expect(exact.rewrites.isEmpty)
        let approximate = try optimizer(rules: quadratics, approximate: true).optimize(graph)
        #expect(approximate.rewrites.contains { $0.rule == "softmax-2quad" })
        #expect(approximate.after.online.bytes < approximate.before.online.bytes)
    }

    private static let differenceOfSquares = """
        summary: A product of sum and difference is a difference of squares.
        exactness: exact
        level: portable
        saves: Nothing by itself; products of a value with itself become squares.
        source: Algebra.
        before: |
          before (x, y) => (z) {
            d = Sub (x, y)
            s = Add (x, y)
            z = Mul (d, s)
          }
        after: |
          after (x, y) => (z) {
            xx = Mul (x, x)
            yy = Mul (y, y)
            z = Sub (xx, yy)
          }
        examples:
          - graph: |
              g (float[4] x, float[1] y) => (float[4] z) {
                d = Sub (x, y)
                s = Add (x, y)
                z = Mul (d, s)
              }
        counterexamples:
          - graph: |
              g (float[4] x, float[4] y, float[4] w) => (float[4] z) {
                d = Sub (x, y)
                s = Add (x, w)
                z = Mul (d, s)
              }
        """

    /// x·x and y·y open more than (x - y)·(x + y) does; as squares they open half of it.
    @Test func aSavingBehindADearerStepIsFound() throws {
        var catalog = try RuleCatalog(rule: "product-as-difference", Self.differenceOfSquares)
        let graph = try parse(
            "m (float[64] x, float[1] y) => (float[64] z) {\n  d = Sub (x, y)\n  s = Add (x, y)\n  z = Mul (d, s)\n}")
        let alone = try optimizer(rules: catalog).optimize(graph)
        #expect(alone.rewrites.isEmpty && alone.after == alone.before)
        try catalog.load(folder: Fixtures.packageRoot.appendingPathComponent("Passes/non-linear").path)
        let greedy = try optimizer(rules: catalog, strategy: .greedy).optimize(graph)
        #expect(greedy.rewrites.isEmpty, "a greedy search does not pass through dearer graphs")
        let result = try optimizer(rules: catalog).optimize(graph)
        // Two parties open 64 + 64 elements of 8 bytes before, 64 + 1 after.
        #expect(result.before.online.bytes == 2 * 8 * 128 && result.after.online.bytes == 2 * 8 * 65)
        #expect(result.rewrites.first?.rule == "product-as-difference")
        #expect((result.rewrites.first?.saved.online.bytes ?? 0) < 0)
        #expect(NumericCheck.compare(graph, result.graph, ComparisonSettings(tolerance: 1e-9)).status == .passed)
    }

    @Test func anOutputKeepsItsName() throws {
        let graph = try parse("m (float[2,5] x) => (float[2,5] y) {\n  r = Relu (x)\n  y = Identity (r)\n}")
        let result = try optimizer().optimize(graph)
        #expect(result.graph.nodes.map(\.op) == ["Relu"])
        #expect(result.graph.outputs.map { result.graph[$0].name } == ["y"])
        let input = try parse("m (float[2,5] x) => (float[2,5] y) {\n  y = Identity (x)\n}")
        #expect(try optimizer().optimize(input).graph.nodes.map(\.op) == ["Identity"])
    }

    /// The search never makes a model dearer, whatever the objective.
    @Test(arguments: ["lenet", "minionn", "resnet18", "resnet20_w4_cifar", "bert_1layer", "mobilenet_v3_small"])
    func realModelsGetNoDearer(model: String) throws {
        let loaded = try loadModel(at: Fixtures.path("models/\(model).onnx"), evaluator: Interpreter())
        // A node without a price could only seem to get dearer.
        #expect(try Profiler(CrypTen(), evaluator: Interpreter()).profile(loaded.graph).unpriced.isEmpty)
        for objective in [Objective.bytes, .rounds, .time(.lan), .time(.wan)] {
            let result = try optimizer(objective).optimize(loaded.graph)
            print(
                model, objective.name, result.before.online, "->", result.after.online, "in", result.seconds, "s,",
                result.states,
                "states,", Set(result.rewrites.map(\.rule)).sorted())
            switch objective {
            case .bytes: #expect(result.after.online.bytes <= result.before.online.bytes)
            case .rounds: #expect(result.after.online.rounds <= result.before.online.rounds)
            case .time(let network):
                #expect(network.seconds(result.after.online) <= network.seconds(result.before.online))
            }
            #expect(result.rewrites.reduce(Cost.zero) { $0 + $1.saved } == result.before - result.after)
        }
    }
}
