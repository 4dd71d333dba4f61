import Evaluate
import Frameworks
import IR
import Pricing
import TestSupport
import Testing

@testable import Rewrite

/// Ways to something cheaper that lead through larger graphs, in a graph that is too large to be searched exhaustively.
@Suite struct SearchLimitTests {
    private static let negations = (1...4).map { "n\($0) = Neg (\($0 == 1 ? "x" : "n\($0 - 1)"))" }.joined(
        separator: " ")

    /// Two rules of which the second needs what the first adds: four negations, which cost nothing and save nothing.
    private static func rules() throws -> [Rule] {
        let example = """
            examples:
              - graph: |
                  g (float[3] z) => (float[3] r) { x = Relu (z) \(negations) y = Abs (n4) q = Abs (x) r = Add (y, q) }
            counterexamples:
              - graph: |
                  g (float[3] x) => (float[3] y) { y = Neg (x) }

            """
        let head = "exactness: exact\nlevel: portable\nsaves: Nothing.\nsource: A test.\n"
        let spread = """
            summary: An absolute value is that of four negations.
            \(head)before: |
              before (x) => (y) { y = Abs (x) }
            after: |
              after (x) => (y) { \(negations) y = Abs (n4) }
            \(example)
            """
        let collect = """
            summary: An absolute value of four negations of what is not negative is that.
            \(head)before: |
              before (x) => (y) { \(negations) y = Abs (n4) }
            after: |
              after (x) => (x) { }
            where:
              - nonnegative(x)
            \(example)
            """
        return try RuleCatalog(rule: "spread", spread).rules + RuleCatalog(rule: "collect", collect).rules
    }

    /// An absolute value that the rules can take away, between sums that make the graph large.
    private func graph(sums: Int) throws -> Graph {
        var graph = Graph(name: "long")
        var x = graph.addInput("x", TensorType(.float32, lengths: [8]))
        func add(_ count: Int, _ name: String) {
            for index in 0..<count { x = graph.append("Add", [x, x], output: "\(name)\(index)") }
        }
        add(sums, "before")
        let positive = graph.append("Relu", [x], output: "positive")
        x = graph.append("Abs", [positive], output: "magnitude")
        add(sums, "after")
        graph.outputs = [x]
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    @Test("a step may add a few operators that a later one takes away", arguments: [1, 12])
    func detour(sums: Int) throws {
        let pricer = NodePricer(
            profiler: Profiler(try CrypTen(), evaluator: Interpreter()), allowsRefusedOperators: true)
        let finder = CandidateFinder(rules: try Self.rules(), evaluator: Interpreter(), pricer: pricer)
        let limits = SearchLimits(seconds: 60)
        let graph = try graph(sums: sums)
        #expect((graph.nodes.count > limits.exhaustiveNodes) == (sums > 1))
        var search = Search(finder: finder, objective: .bytes, limits: limits)
        let found = try search.run(PricedGraph(graph, policy: VisibilityPolicy(), pricer: pricer))
        #expect(found.steps.map(\.rule) == ["spread", "collect"])
        #expect(!found.state.graph.nodes.contains { $0.op == "Abs" || $0.op == "Neg" })
    }
}
