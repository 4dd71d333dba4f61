import Evaluate
import Frameworks
import IR
import Pricing
import Testing

@testable import Rewrite

/// Ways that lead over dearer graphs to a cheaper one, in a graph that is too large to be searched as a whole.
@Suite struct DetourTests {
    /// Layers of the graph that is searched.
    private static let layers = 40

    /// A rule file without what nobody reads here.
    private static func rule(before: String, after: String) -> String {
        """
        summary: A step on a way.
        saves: Nothing.
        source: For this test.
        before: |
          before (x) => (y) {
            \(before)
          }
        after: |
          after (x) => (y) {
            \(after)
          }
        examples:
          - graph: |
              one (float[3] x) => (float[3] y) { y = Sigmoid (x) }
        counterexamples:
          - graph: |
              other (float[3] x) => (float[3] y) { y = Relu (x) }
        """
    }

    /// A chain of Relus from one name to another, so many of them.
    private static func relus(_ count: Int) -> String {
        (0..<count).map { "a\($0 + 1) = Relu (\($0 == 0 ? "x" : "a\($0)"))" }.joined(separator: "\n    ")
    }

    private func graph() throws -> Graph {
        var graph = Graph(name: "layers")
        var x = graph.addInput("x", TensorType(.float32, lengths: [4, 8]))
        for layer in 0..<Self.layers {
            let weight = graph.addConstant(
                "w\(layer)",
                Tensor(.float32, shape: [8, 8], payload: .missing(ExternalReference(location: "w\(layer)"))))
            let product = graph.append("MatMul", [x, weight], output: "product\(layer)")
            x = graph.append("Sigmoid", [product], output: "gate\(layer)")
        }
        graph.outputs = [x]
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    /// A step that adds operators and saves nothing is taken where the next one pays for it: up to ``SearchLimits/dearerNodes``.
    @Test(arguments: [1, 2, 3, 4, 5, 6])
    func aWayOverDearerOperatorsIsFound(added: Int) throws {
        var rules: [Rule] = []
        let steps = [
            ("detour", "y = Sigmoid (x)", "\(Self.relus(added))\n    y = Sigmoid (a\(added))"),
            ("arrival", "\(Self.relus(added))\n    y = Sigmoid (a\(added))", "y = Neg (x)"),
        ]
        for (name, before, after) in steps {
            rules += try RuleCatalog(rule: name, Self.rule(before: before, after: after)).rules
        }
        let pricer = NodePricer(
            profiler: Profiler(try CrypTen(), evaluator: Interpreter()), allowsRefusedOperators: false)
        let finder = CandidateFinder(rules: rules, evaluator: Interpreter(), pricer: pricer)
        let start = try PricedGraph(graph(), policy: VisibilityPolicy(), pricer: pricer)
        #expect(start.graph.nodes.count > SearchLimits().exhaustiveNodes)
        var search = Search(finder: finder, objective: .bytes, limits: SearchLimits(seconds: 600))
        let found = try search.run(start)
        let arrived = found.state.graph.nodes.count { $0.op == "Neg" }
        #expect(arrived == (added <= 5 ? Self.layers : 0))
    }
}
