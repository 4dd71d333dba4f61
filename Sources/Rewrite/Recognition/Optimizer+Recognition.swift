import IR
import Pricing

extension Optimizer {
    /// The state with the operators that its graph spells out, and a step for each of them.
    func recognizing(_ state: PricedGraph) throws -> (state: PricedGraph, steps: [AppliedRewrite]) {
        guard options.level == .portable, !options.disabledSteps.contains(Recognizer.step) else { return (state, []) }
        let candidates = recognizer.candidates(in: state.facts, evaluator: evaluator).map {
            PricedCandidate(
                $0, .init(form: PatternIndex.ID(rule: 0, form: 0), bindings: Bindings()), in: state, pricer: pricer)
        }
        guard !candidates.isEmpty, let next = try? state.rewritten(by: candidates, pricer: pricer).state else {
            return (state, [])
        }
        var steps = candidates.enumerated().map { position, priced in
            AppliedRewrite(
                rule: Recognizer.step, variant: priced.candidate.variant,
                nodes: priced.candidate.matched.map { state.graph.displayName(ofNode: $0) }, saved: priced.saved,
                opensBatch: position == 0)
        }
        // What a framework saves that fuses operators shows in the whole only.
        let rest = state.total - next.total - steps.reduce(Cost.zero) { $0 + $1.saved }
        if rest != .zero, let last = steps.popLast() {
            steps.append(
                AppliedRewrite(
                    rule: last.rule, variant: last.variant, nodes: last.nodes, saved: last.saved + rest,
                    opensBatch: last.opensBatch))
        }
        return (next, steps)
    }

    /// What came of writing operators again as the file spells them.
    struct SpelledOut {
        /// The graph in which no operator is left that was recognised and is not cheaper than what it was recognised in.
        let state: PricedGraph
        /// The names of the nodes that are as they were.
        let names: Set<String>
        /// What was saved, negative where it was paid for.
        let saved: Cost

        /// The step that says so, where prices have changed by it.
        ///
        /// - Parameter tidying: the steps before the search. Those that are undone had their part in the price.
        func steps(after tidying: [AppliedRewrite]) -> [AppliedRewrite] {
            let undone = tidying.filter { $0.isRecognition(at: names) }.reduce(saved) { $0 + $1.saved }
            return undone == .zero
                ? [] : [AppliedRewrite(rule: OperatorExpansion.spellingRule, nodes: [], saved: undone)]
        }
    }

    /// The state with those operators written as the file has them that were recognised, that nothing has rewritten and that cost no less
    /// than what they were recognised in.
    func writtenAsSpelled(_ state: PricedGraph) throws -> SpelledOut {
        let nodes = state.graph.nodes
        let places = Set(nodes.indices.filter { nodes[$0].spelling != nil && state.prices[$0].isAsSpelled })
        guard !places.isEmpty else { return SpelledOut(state: state, names: [], saved: .zero) }
        let finder = CandidateFinder(
            rules: rules.filter { $0.name == OperatorExpansion.spellingRule }, evaluator: evaluator, pricer: pricer)
        var seen: Set<Int> = []
        let candidates = try finder.candidates(in: state).filter {
            places.contains($0.candidate.anchor) && seen.insert($0.candidate.anchor).inserted
        }
        let next = try state.rewritten(by: candidates, pricer: pricer).state
        let names = Set(
            candidates.compactMap { nodes[$0.candidate.anchor].spelling?.graph }.flatMap { graph in
                graph.nodes.indices.map(graph.displayName)
            })
        return SpelledOut(state: next, names: names, saved: state.total - next.total)
    }
}

extension [AppliedRewrite] {
    /// The steps without those in which operators were recognised at nodes that are as they were.
    func without(recognitionsAt names: Set<String>) -> [AppliedRewrite] {
        filter { !$0.isRecognition(at: names) }
    }
}

extension AppliedRewrite {
    /// Whether the step found an operator at such nodes.
    func isRecognition(at names: Set<String>) -> Bool {
        rule == Recognizer.step && nodes.contains(where: names.contains)
    }
}
