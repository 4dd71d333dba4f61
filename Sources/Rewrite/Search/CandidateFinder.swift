import Graph
import Profiler

/// Finds every rewrite that a set of rules allows in a graph.
struct CandidateFinder: Sendable {
    private struct Entry: Sendable {
        let rule: Rule
        let form: Rule.Form
    }

    private let entries: [OperatorName: [Entry]]
    /// Nodes in the largest pattern: no root is further from a matched node than that.
    private let largestPattern: Int
    private let evaluator: any ConstantEvaluator
    private let pricer: NodePricer
    private let usesScales: Bool

    init(rules: [Rule], evaluator: any ConstantEvaluator, pricer: NodePricer) {
        let all = rules.flatMap { rule in rule.forms.map { Entry(rule: rule, form: $0) } }
        entries = Dictionary(grouping: all, by: \.form.pattern.rootOperator)
        largestPattern = all.map(\.form.pattern.graph.nodes.count).max() ?? 0
        usesScales = rules.contains { $0.level == .protocol }
        self.evaluator = evaluator
        self.pricer = pricer
    }

    /// All rewrites, in the order of their anchors and then of the rules.
    ///
    /// - Parameter touched: if given, only rewrites with a matched node that reads or computes one of these values.
    /// - Throws: ``HarrierError`` with the rule's file if its right side makes no sense where its left side matched.
    func candidates(in state: PricedGraph, touching touched: Set<ValueID>? = nil) throws -> [PricedCandidate] {
        let facts = GraphFacts(state.graph, visibility: state.visibility, scales: scales(of: state))
        var result: [PricedCandidate] = []
        let roots = touched.map { facts.nodes(within: largestPattern, of: $0) } ?? Array(state.graph.nodes.indices)
        for index in roots {
            for entry in entries[state.graph.nodes[index].op] ?? [] {
                for bindings in Matcher(pattern: entry.form.pattern, facts: facts).matches(root: index) {
                    if let touched, !isTouching(bindings, touched, state.graph) { continue }
                    if let candidate = try candidate(entry, bindings, facts, anchor: index),
                        let priced = PricedCandidate(candidate, in: state, pricer: pricer)
                    {
                        result.append(priced)
                    }
                }
            }
        }
        return result
    }

    /// Where the scale is, if there are rules that ask for it; nil for graphs in which it does not work out.
    private func scales(of state: PricedGraph) -> ScaleAnalysis? {
        guard usesScales else { return nil }
        return try? ScaleAnalysis.whole(state.graph, visibility: state.visibility, under: pricer.profiler?.framework)
    }

    private func isTouching(_ bindings: Bindings, _ touched: Set<ValueID>, _ graph: Graph) -> Bool {
        bindings.nodes.values.contains { index in
            let node = graph.nodes[index]
            return node.inputs.contains { $0.map(touched.contains) ?? false }
                || node.outputs.contains { $0.map(touched.contains) ?? false }
        }
    }

    private func candidate(_ entry: Entry, _ bindings: Bindings, _ facts: GraphFacts, anchor: Int) throws -> Candidate?
    {
        do {
            return try Instantiation.candidate(
                entry.rule, entry.form, bindings, facts: facts, anchor: anchor, evaluator: evaluator)
        } catch let error as HarrierError {
            throw HarrierError(
                "rule '\(entry.rule.name)' cannot be applied at \(facts.graph.label(ofNode: anchor)): \(error.message)",
                file: entry.rule.file, hint: "its conditions should have excluded this place")
        }
    }
}
