import Evaluate
import IR
import Pricing

/// Finds every rewrite that a set of rules allows in a graph.
struct CandidateFinder: Sendable {
    private let patterns: PatternIndex
    private let evaluator: any ConstantEvaluator
    /// Whether a rule that makes no sense where it matched is an error; else it is left out there.
    private let isStrict: Bool
    /// Who prices candidates.
    let pricer: NodePricer

    init(rules: [Rule], evaluator: any ConstantEvaluator, pricer: NodePricer, isStrict: Bool = false) {
        self.isStrict = isStrict
        patterns = PatternIndex(rules)
        self.evaluator = evaluator
        self.pricer = pricer
    }

    /// All rewrites, in the order of their anchors and then of the rules.
    ///
    /// - Parameters:
    ///   - touched: if given, only rewrites with a matched node that reads or computes one of these values.
    ///   - joinsParts: whether to look for patterns of parts that share no value, which can be anywhere.
    ///   - isWanted: which rewrites to return; the others take no memory.
    /// - Throws: ``HarrierError`` with the rule's file if its right side makes no sense where its left side matched.
    func candidates(
        in state: PricedGraph, touching touched: Set<ValueID>? = nil, joinsParts: Bool = true,
        where isWanted: @Sendable (PricedCandidate) -> Bool = { _ in true }
    ) throws -> [PricedCandidate] {
        let facts = state.facts
        // No root is further from a matched node than the largest pattern has nodes.
        let near = touched.map { Set(facts.nodes(within: patterns.largestPattern, of: $0)) }
        let known = try patterns.patterns(for: state.graph)
        let chunks = stride(from: 0, to: state.graph.nodes.count, by: Self.chunk).map {
            $0..<min($0 + Self.chunk, state.graph.nodes.count)
        }
        @Sendable func find(_ roots: Range<Int>) throws -> [PricedCandidate] {
            var result: [PricedCandidate] = []
            for index in roots {
                for entry in known.entries(at: state.graph.nodes[index]) {
                    if entry.form.pattern.isConnected {
                        if let near, !near.contains(index) { continue }
                    } else if !joinsParts {
                        continue
                    }
                    result += try candidates(entry, root: index, in: state, facts: facts, touching: touched)
                        .filter(isWanted)
                }
            }
            return result
        }
        return try chunks.count == 1 ? find(chunks[0]) : chunks.parallelMap(find).flatMap { $0 }
    }

    /// Nodes of a large graph that one core takes at once.
    private static let chunk = 256

    /// All rewrites by one pattern with its root at the given node.
    private func candidates(
        _ entry: PatternIndex.Entry, root: Int, in state: PricedGraph, facts: GraphFacts,
        touching touched: Set<ValueID>?
    ) throws -> [PricedCandidate] {
        var result: [PricedCandidate] = []
        for bindings in Matcher(pattern: entry.form.pattern, facts: facts).matches(root: root) {
            if let touched, !isTouching(bindings, touched, state.graph) { continue }
            if let priced = try candidate(entry, bindings, state, facts, anchor: root) { result.append(priced) }
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
        guard let entry = try patterns.entry(match.form) else { return nil }
        let matcher = Matcher(pattern: entry.form.pattern, facts: facts, wanted: wanted.nodes)
        guard let found = matcher.matches(root: anchor).first(where: { $0.values == wanted.values }) else { return nil }
        return try candidate(entry, found, state, facts, anchor: anchor)
    }

    /// Whether a rewrite depends on nothing but the nodes that it matches or removes and on who else reads their values.
    func isLocal(_ match: PricedCandidate.Match) throws -> Bool {
        guard pricer.scales == nil else { return false }
        return try patterns.entry(match.form)?.isLocal ?? false
    }

    private func isTouching(_ bindings: Bindings, _ touched: Set<ValueID>, _ graph: Graph) -> Bool {
        bindings.nodes.values.contains { graph.nodes[$0].isConnected(to: touched) }
    }

    private func candidate(
        _ entry: PatternIndex.Entry, _ bindings: Bindings, _ state: PricedGraph, _ facts: GraphFacts, anchor: Int
    ) throws -> PricedCandidate? {
        if bindings.nodes.values.contains(where: { state.graph.nodes[$0].excludes(entry.rule.name) }) { return nil }
        do {
            let candidate = try Instantiation.candidate(
                entry.rule, entry.form, bindings, facts: facts, anchor: anchor, evaluator: evaluator)
            guard let candidate, !candidate.multipliesExtremes(in: facts) else { return nil }
            let priced = PricedCandidate(
                candidate, PricedCandidate.Match(form: entry.id, bindings: bindings), in: state, pricer: pricer)
            // A body that costs much more than its operator is a way to many graphs, and to none that is cheaper.
            let isHopeless =
                entry.rule.name == OperatorExpansion.bodyRule && pricer.isMuchDearer(priced, than: state.prices[anchor])
            return isHopeless ? nil : priced
        } catch let error as HarrierError {
            guard isStrict else { return nil }
            throw HarrierError(
                "rule '\(entry.rule.name)' cannot be applied at \(facts.graph.label(ofNode: anchor)): \(error.message)",
                file: entry.rule.file, hint: "its conditions should have excluded this place")
        }
    }
}
