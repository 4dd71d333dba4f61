import Evaluate
import IR
import Pricing

/// The places of a model where rules that change what it computes can be used, each for itself.
///
/// Places are looked for in the model as its author wrote it, not in what the exact search makes of it: a Softmax that has been
/// written out as a tree of maxima is no place for another softmax any more, and a Relu inside such a tree is no activation. The
/// exact search comes afterwards, on the graph with the substitutions.
package struct SubstitutionSites: Sendable {
    /// One place.
    package struct Site: Sendable {
        /// The rule and the node.
        package let substitution: Substitution
        /// The rule.
        package let rule: Rule
        /// The names of the matched nodes, in the order of the graph.
        package let nodes: [String]
        /// The operator of the node that the pattern is found at.
        package let op: OperatorName
        /// The module of that node.
        package let scope: Scope
        /// The type of what is computed there.
        package let type: TensorType?
        /// The first value that the new nodes read and that is no constant.
        package let operand: ValueID?
        /// Whether the right side squares a value and the left side does not, so that the new nodes grow faster than the old ones.
        package let squaresItsOperand: Bool
        /// Position of the node in ``SubstitutionSites/graph``.
        package let position: Int
        let match: PricedCandidate
        let footprint: RewriteFootprint

        /// Whether the place is a single node that computes each element from one element, so that it can be substituted channel by
        /// channel.
        package var isElementwise: Bool {
            guard let row = OperatorTable[op], row.traits.contains(.elementwise) else { return false }
            // Other operands are bounds and the like, single numbers.
            let isOfOneOperand = row.inputs.lowerBound == 1 && row.inputs.upperBound < .max
            return nodes.count == 1 && isOfOneOperand && (type?.lengths?.count ?? 0) > 1
        }

        /// Whether both substitutions can be made in one model.
        package func isCompatible(with other: Site) -> Bool { footprint.isCompatible(with: other.footprint) }
    }

    /// The graph that places are told in: the given one without what its exporter left over.
    package let graph: Graph
    /// The places, in the order of the graph and then of the rules.
    package let sites: [Site]
    private let state: PricedGraph
    private let optimizer: Optimizer

    /// The places of a graph.
    ///
    /// - Parameters:
    ///   - rules: the rules to look for, portable ones, of whatever exactness.
    ///   - optimizer: how the graph is priced, and what is known of it.
    ///   - prefixes: what the names of nodes must begin with, one of them; empty for all nodes.
    /// - Throws: ``HarrierError`` if a rule makes no sense where it matched.
    package init(in original: Graph, rules: [Rule], optimizer: Optimizer, prefixes: [String] = []) throws {
        self.optimizer = optimizer
        // Constants of equal content become one, which must not be where the user treats them differently.
        let tidied =
            optimizer.policy.exceptions.isEmpty
            ? original.foldingKnownValues().eliminatingCommonSubexpressions().removingDeadCode() : original
        func priced(_ graph: Graph) throws -> PricedGraph {
            try PricedGraph(
                graph, policy: optimizer.policy, pricer: optimizer.pricer, knowledge: optimizer.knowledge)
        }
        let recognized = try optimizer.recognizing(priced(tidied)).state
        let state = try recognized.graph.showingParts(to: rules).map(priced) ?? recognized
        self.state = state
        graph = state.graph
        let rules = rules.filter { $0.level == .portable }
        let byName = Dictionary(rules.map { ($0.name, $0) }) { first, _ in first }
        let finder = CandidateFinder(rules: rules, evaluator: optimizer.evaluator, pricer: optimizer.pricer)
        let names = graph.distinctNodeNames()
        var seen: Set<Substitution> = []
        sites = try finder.candidates(in: state, joinsParts: false).compactMap { [graph] match in
            let candidate = match.candidate
            let substitution = Substitution(rule: candidate.rule, node: names[candidate.anchor])
            guard let rule = byName[candidate.rule], !seen.contains(substitution),
                prefixes.isEmpty || prefixes.contains(where: substitution.node.hasPrefix),
                (try? state.rewritten(by: [match], pricer: optimizer.pricer)) != nil
            else { return nil }
            seen.insert(substitution)
            let node = graph.nodes[candidate.anchor]
            return try Site(
                substitution: substitution, rule: rule, nodes: candidate.matched.map { names[$0] }, op: node.op,
                scope: node.scope, type: node.output(0).flatMap { graph[$0].type },
                operand: candidate.hostValues.compactMap { $0 }.first { graph[$0].constant == nil },
                squaresItsOperand: rule.squaresItsOperand,
                position: candidate.anchor, match: match, footprint: RewriteFootprint(candidate, in: state))
        }
    }

    /// What is known of the graph's values.
    package var facts: GraphFacts { state.facts }

    /// The graph after the substitutions at some of the places, and what each saves by itself. Values that nothing changes keep
    /// their numbers.
    ///
    /// - Parameter chosen: places that are compatible with each other.
    /// - Throws: ``HarrierError`` if they cannot be made together.
    package func substituting(_ chosen: [SitePart]) throws -> (graph: Graph, steps: [AppliedRewrite]) {
        let matches = chosen.filter(\.channels.isEmpty).map(\.site).sorted().map { sites[$0].match }
        var (current, steps) = (state, [AppliedRewrite]())
        if !matches.isEmpty {
            current = try state.rewritten(by: matches, pricer: optimizer.pricer).state
            steps = AppliedRewrite.steps(matches, from: state, to: current)
        }
        for part in chosen.filter({ !$0.channels.isEmpty }).sorted(by: { $0.site < $1.site }) {
            let next = try substituting(part, in: current)
            steps.append(
                AppliedRewrite(
                    rule: sites[part.site].rule.name, nodes: [substitution(of: part).node],
                    saved: current.total - next.total))
            current = next
        }
        return (current.graph, steps)
    }

    /// The state after the substitution on some channels of a place.
    private func substituting(_ part: SitePart, in current: PricedGraph) throws -> PricedGraph {
        let site = sites[part.site]
        let failure = HarrierError(
            "'\(substitution(of: part))' cannot be made", hint: "its node has not so many channels")
        guard let output = graph.nodes[site.position].output(0),
            let index = current.graph.nodes.firstIndex(where: { $0.outputs.contains(output) }),
            let (divided, part) = current.graph.splittingChannels(
                ofNode: index, part.channels, named: substitution(of: part).node)
        else { throw failure }
        var split = divided
        try split.inferTypes(evaluator: optimizer.evaluator)
        let state = try PricedGraph(
            split, policy: optimizer.policy, pricer: optimizer.pricer, knowledge: optimizer.knowledge)
        let finder = CandidateFinder(rules: [site.rule], evaluator: optimizer.evaluator, pricer: optimizer.pricer)
        guard
            let match = try finder.candidates(in: state, touching: [part], joinsParts: false)
                .first(where: { split.nodes[$0.candidate.anchor].outputs.contains(part) })
        else { throw failure }
        return try state.rewritten(by: [match], pricer: optimizer.pricer).state
    }

    /// What a part is called.
    package func substitution(of part: SitePart) -> Substitution {
        let whole = sites[part.site].substitution
        return Substitution(rule: whole.rule, node: whole.node, channels: part.channels)
    }

    /// The nodes that a rule puts at a place: a graph of one output, and the value of ``graph`` that each of its inputs stands for, by
    /// name.
    package func replacement(at site: Int) -> (graph: Graph, operands: [String: ValueID])? {
        let candidate = sites[site].match.candidate
        guard candidate.replaced.count == 1, let output = candidate.replaced.first?.fragment else { return nil }
        var fragment = candidate.fragment
        fragment.outputs = [output]
        var operands: [String: ValueID] = [:]
        for (index, host) in candidate.hostValues.enumerated() {
            if let host { operands[fragment.values[index].name] = host }
        }
        return (fragment, operands)
    }

    /// The places of substitutions.
    ///
    /// - Throws: ``HarrierError`` naming one that the model has no place for, or two that stand in each other's way.
    package func parts(of substitutions: [Substitution]) throws -> [SitePart] {
        var result: [SitePart] = []
        for substitution in substitutions {
            let whole = Substitution(rule: substitution.rule, node: substitution.node)
            guard let position = sites.firstIndex(where: { $0.substitution == whole }),
                substitution.channels.isEmpty || sites[position].isElementwise
            else {
                throw HarrierError(
                    "the model has no place for '\(substitution)'", hint: hint(for: substitution))
            }
            if let other = result.first(where: { !sites[$0.site].isCompatible(with: sites[position]) }) {
                throw HarrierError(
                    "'\(substitution)' and '\(sites[other.site].substitution)' stand in each other's way",
                    hint: "choose one of them")
            }
            result.append(SitePart(site: position, channels: substitution.channels))
        }
        return result
    }

    private func hint(for wanted: Substitution) -> String {
        let nodes = sites.filter { $0.substitution.rule == wanted.rule }.map(\.substitution.node)
        guard !nodes.isEmpty else { return "'harrier suggest' lists the places that it has" }
        let shown = nodes.prefix(6).joined(separator: ", ") + (nodes.count > 6 ? ", …" : "")
        return "places of \(wanted.rule): \(shown)"
    }
}

extension Graph {
    /// The graph with those operators written as their function bodies that no rule names, and whose bodies hold operators that a rule
    /// replaces; nil if there are none.
    fileprivate func showingParts(to rules: [Rule]) throws -> Graph? {
        let parts = Dictionary(uniqueKeysWithValues: Set(nodes.map(\.op)).map { ($0, KnownOperator.parts(of: $0)) })
            .filter { !$0.value.isEmpty }
        guard !parts.isEmpty else { return nil }
        let patterns = try rules.flatMap { try $0.forms }.map(\.pattern.graph.nodes)
        let named = Set(patterns.joined().map(\.op))
        let replaced = Set(patterns.filter { $0.count == 1 }.joined().map(\.op))
        let hidden = parts.filter { !named.contains($0.key) && $0.value.contains(where: replaced.contains) }
        guard !hidden.isEmpty else { return nil }
        return try? writingFunctionBodies { hidden[$0.op] != nil }
    }

    /// A name for each node that no other node has: its own, or that of its first output where it has none or another node has
    /// the same.
    func distinctNodeNames() -> [String] {
        let counts = Dictionary(nodes.map { ($0.name, 1) }, uniquingKeysWith: +)
        return nodes.map { node in
            if !node.name.isEmpty, counts[node.name] == 1 { return node.name }
            return node.outputs.compactMap { $0 }.first.map { self[$0].name } ?? node.name
        }
    }
}
