import Evaluate
import Foundation
import Graph
import ONNXFormat
import Profiler
import Testing
import TestSupport

@testable import Rewrite

/// An experiment: equality saturation beside the search, on small graphs and on regions of real models.
@Suite struct EGraphTests {
    @Test(arguments: ["small", "bert_1layer", "resnet20_w4_cifar", "mobilenet_v3_small"])
    func compare(model: String) throws {
        let rules = try RuleCatalog.builtIn().rules.filter { $0.exactness == .exact }
        let pricer = NodePricer(
            profiler: Profiler(try CrypTen(), evaluator: Interpreter()), allowsRefusedOperators: true)
        let finder = CandidateFinder(rules: rules, evaluator: Interpreter(), pricer: pricer)
        let graphs =
            model == "small"
            ? try (0..<100).map {
                try SmallGraphs.graph(seed: $0, operators: 4 + Int($0 % 5)).eliminatingCommonSubexpressions()
                    .removingDeadCode()
            }
            : [
                try loadModel(at: Fixtures.path("models/\(model).onnx"), evaluator: Interpreter()).graph
                    .foldingKnownValues().eliminatingCommonSubexpressions().removingDeadCode()
                    .writingPublicConstantsAsLiterals()
            ]
        var (wins, ties, losses, saturated) = (0, 0, 0, 0)
        var (searchSeconds, graphSeconds, nodes) = (0.0, 0.0, 0)
        var problems: [[String: Any]] = []
        for graph in graphs {
            let start = try PricedGraph(graph, policy: VisibilityPolicy(), pricer: pricer)
            for objective in [Objective.bytes, .time(.wan)] {
                let clock = ContinuousClock()
                var begin = clock.now
                var search = Search(finder: finder, objective: objective, limits: SearchLimits(seconds: 60))
                let found = try search.run(start).state.score(objective).first
                searchSeconds += begin.duration(to: clock.now).inSeconds
                begin = clock.now
                var equal = EGraph(start, rules: rules)
                try equal.saturate(nodes: 20 * graph.nodes.count + 200, iterations: 6)
                let price = { (index: Int) -> Double in
                    let cost = pricer.price(equal.graph.nodes[index], in: equal.graph, visibility: equal.visibility)
                    return cost.isUnpriced ? 1e12 : objective.figures(cost.cost).first
                }
                let extracted = equal.extract(cost: price)
                graphSeconds += begin.duration(to: clock.now).inSeconds
                saturated += equal.isSaturated ? 1 : 0
                nodes += equal.graph.nodes.count
                var problem = equal.problem(cost: price)
                problem["search"] = found
                problem["greedy"] = extracted ?? -1
                problem["start"] = start.score(objective).first
                problem["objective"] = objective.name
                problems.append(problem)
                let value = extracted ?? .infinity
                if value < found * (1 - 1e-9) {
                    wins += 1
                } else if value > found * (1 + 1e-9) {
                    losses += 1
                } else {
                    ties += 1
                }
            }
        }
        print(
            "\(model): e-graph (greedy) cheaper \(wins), equal \(ties), dearer \(losses); saturated \(saturated),",
            "nodes \(nodes), e-graph \(graphSeconds) s, search \(searchSeconds) s")
        let data = try JSONSerialization.data(withJSONObject: problems)
        try data.write(to: URL(fileURLWithPath: NSTemporaryDirectory() + "egraph_\(model).json"))
    }
}
