import Graph
import Profiler

/// Finds every rewrite that a set of rules allows in a graph.
struct CandidateFinder: Sendable {
    private struct Entry: Sendable {
        let rule: Rule
        let form: Rule.Form
    }

    /// All patterns.
    private let entries: [Entry]
    /// Positions of the patterns whose search starts from that operator.
    private let entriesByRoot: [OperatorName: [Int]]
    /// Nodes in the largest pattern: no root is further from a matched node than that.
    private let largestPattern: Int
    private let evaluator: any ConstantEvaluator
    /// Who prices candidates.
    let pricer: NodePricer

    init(rules: [Rule], evaluator: any ConstantEvaluator, pricer: NodePricer) {
        entries = rules.flatMap { rule in rule.forms.map { Entry(rule: rule, form: $0) } }
        entriesByRoot = Dictionary(
            grouping: entries.indices, by: { [entries] in entries[$0].form.pattern.rootOperator })
        largestPattern = entries.map(\.form.pattern.graph.nodes.count).max() ?? 0
        self.evaluator = evaluator
        self.pricer = pricer
    }

    /// All rewrites, in the order of their anchors and then of the rules.
    ///
    /// - Parameter touched: if given, only rewrites with a matched node that reads or computes one of these values.
    /// - Throws: ``HarrierError`` with the rule's file if its right side makes no sense where its left side matched.
    func candidates(in state: PricedGraph, touching touched: Set<ValueID>? = nil) throws -> [PricedCandidate] {
        let facts = state.facts
        var result: [PricedCandidate] = []
        let roots = touched.map { facts.nodes(within: largestPattern, of: $0) } ?? Array(state.graph.nodes.indices)
        for index in roots {
            for form in entriesByRoot[state.graph.nodes[index].op] ?? [] {
                let pattern = entries[form].form.pattern
                for bindings in Matcher(pattern: pattern, facts: facts).matches(root: index) {
                    if let touched, !isTouching(bindings, touched, state.graph) { continue }
                    if let priced = try candidate(form, bindings, state, facts, anchor: index) {
                        result.append(priced)
                    }
                }
            }
        }
        return result
    }

    /// The rewrite that a certain match of a certain pattern allows; nil if it does not match so.
    ///
    /// - Parameter facts: those of the state.
    func candidate(
        _ match: PricedCandidate.Match, anchor: Int, in state: PricedGraph, facts: GraphFacts
    ) throws -> PricedCandidate? {
        let wanted = match.bindings
        let matcher = Matcher(pattern: entries[match.form].form.pattern, facts: facts, wanted: wanted.nodes)
        guard let found = matcher.matches(root: anchor).first(where: { $0.values == wanted.values }) else { return nil }
        return try candidate(match.form, found, state, facts, anchor: anchor)
    }

    private func isTouching(_ bindings: Bindings, _ touched: Set<ValueID>, _ graph: Graph) -> Bool {
        bindings.nodes.values.contains { index in
            let node = graph.nodes[index]
            return node.inputs.contains { $0.map(touched.contains) ?? false }
                || node.outputs.contains { $0.map(touched.contains) ?? false }
        }
    }

    private func candidate(
        _ index: Int, _ bindings: Bindings, _ state: PricedGraph, _ facts: GraphFacts, anchor: Int
    ) throws -> PricedCandidate? {
        let entry = entries[index]
        do {
            let candidate = try Instantiation.candidate(
                entry.rule, entry.form, bindings, facts: facts, anchor: anchor, evaluator: evaluator)
            return candidate.map {
                PricedCandidate(
                    $0, PricedCandidate.Match(form: index, bindings: bindings), in: state, pricer: pricer)
            }
        } catch let error as HarrierError {
            throw HarrierError(
                "rule '\(entry.rule.name)' cannot be applied at \(facts.graph.label(ofNode: anchor)): \(error.message)",
                file: entry.rule.file, hint: "its conditions should have excluded this place")
        }
    }
}
