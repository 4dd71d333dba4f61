import Evaluate
import Frameworks
import IR
import Pricing
import Testing

@testable import Rewrite

/// What the search does and what is said of it: a rule is explained as possible at a node, or as saving nothing, where the search
/// finds a rewrite that the node is part of, and nowhere else.
@Suite struct ExplanationAgreementTests {
    private let optimizer: Optimizer

    init() throws {
        var options = Optimizer.Options(objective: .bytes)
        options.allowsRefusedOperators = true
        optimizer = Optimizer(rules: [], framework: try CrypTen(), evaluator: Interpreter(), options: options)
    }

    /// Nodes at which search and explanation of a rule say different things.
    private func disagreements(_ rules: [Rule], _ state: PricedGraph) throws -> [String] {
        let finder = CandidateFinder(rules: rules, evaluator: Interpreter(), pricer: optimizer.pricer)
        var found: [String: Set<Int>] = [:]
        for priced in try finder.candidates(in: state) {
            found[priced.candidate.rule, default: []].formUnion(priced.candidate.matched)
        }
        return try state.graph.nodes.indices.flatMap { node in
            try optimizer.outcomes(of: rules, at: node, in: state).compactMap { outcome in
                let isExplained = outcome.outcome == .possible || outcome.outcome == .savesNothing
                if isExplained == (found[outcome.rule]?.contains(node) ?? false), !outcome.why.isEmpty { return nil }
                return
                    "\(outcome.rule) at \(state.graph.displayName(ofNode: node)): \(outcome.outcome.rawValue), \(outcome.why)"
            }
        }
    }

    private func state(_ graph: Graph, _ ranges: RangeAssumptions = RangeAssumptions()) throws -> PricedGraph {
        try PricedGraph(
            graph, policy: VisibilityPolicy(), pricer: optimizer.pricer, knowledge: RangeKnowledge(ranges))
    }

    /// Every portable rule at every node of all of its examples and counter-examples.
    @Test func examples() throws {
        let rules = try RuleCatalog.builtIn().rules.filter { $0.level == .portable }
        let disagreements = try rules.parallelMap { rule in
            let examples = try rule.examples
            return try (examples.firing + examples.leftAlone).flatMap { example in
                var graph = example.graph
                try graph.setDimensions(example.sizes.first ?? [:])
                try graph.inferTypes(evaluator: Interpreter())
                return try self.disagreements([rule], state(graph, example.ranges))
            }
        }.flatMap { $0 }
        #expect(disagreements.isEmpty, "\(disagreements.joined(separator: "\n"))")
    }

    /// All portable rules at every node of graphs that nobody wrote for them.
    @Test func smallGraphs() throws {
        let rules = try RuleCatalog.builtIn().rules.filter { $0.level == .portable }
        let disagreements = try (0..<24).map { UInt64($0) }.parallelMap { seed in
            try self.disagreements(rules, state(SmallGraphs.graph(seed: seed, operators: 8)))
        }.flatMap { $0 }
        #expect(disagreements.isEmpty, "\(disagreements.joined(separator: "\n"))")
    }

    /// Two nodes of a pattern may be one node of the graph, for the search as for its explanation.
    @Test func oneNodeInTwoPlaces() throws {
        var graph = try ONNXText.parseModel(
            "<ir_version: 10, opset_import: [\"\": 21]>\nm (float[4,256] x) => (float[4,256] y) { e = Exp (x) y = Mul (e, e) }"
        )
        try graph.inferTypes(evaluator: Interpreter())
        let rules = try RuleCatalog.builtIn().selecting(only: ["product-of-exponentials"]).rules
        let state = try state(graph)
        let finder = CandidateFinder(rules: rules, evaluator: Interpreter(), pricer: optimizer.pricer)
        let found = try finder.candidates(in: state)
        #expect(found.count == 1)
        #expect(found.first?.candidate.matched == [0, 1])
        #expect(try disagreements(rules, state).isEmpty)
    }
}
