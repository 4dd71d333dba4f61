import IR
import Pricing

extension Optimizer {
    /// Says of each rule whose pattern contains a node's operator whether it fired there, and if not, what failed first.
    ///
    /// A node that is in the result is looked at there; one that a rewrite took away, in the model.
    ///
    /// - Parameters:
    ///   - name: the node's name, or that of a value it computes.
    ///   - graph: what was optimized.
    ///   - result: what came of it.
    /// - Throws: ``HarrierError`` if there is no such node.
    package func explanation(of name: String, in graph: Graph, result: Result) throws -> Explanation {
        if let node = result.graph.node(called: name) {
            let state = try PricedGraph(
                result.graph, policy: policy.keepingNames(of: result.graph), pricer: pricer, knowledge: knowledge)
            return try explanation(of: node, in: state, .result, called: [name], result)
        }
        let (state, _) = try tidied(PricedGraph(graph, policy: policy, pricer: pricer, knowledge: knowledge))
        if let node = state.graph.node(called: name) {
            return try explanation(of: node, in: state, .model, called: [name], result)
        }
        if graph.node(called: name) != nil {
            throw HarrierError(
                "this node was tidied away before any rule was tried: it computes on constants, or what another node computes",
                place: "node '\(name)'")
        }
        throw HarrierError("neither the model nor the result has a node of this name", place: "'\(name)'")
    }

    private func explanation(
        of node: Int, in state: PricedGraph, _ place: Explanation.Place, called names: Set<String>, _ result: Result
    ) throws -> Explanation {
        let title = state.graph.displayName(ofNode: node)
        let op = state.graph.nodes[node].op
        let fired = result.rewrites.filter { $0.nodes.contains(title) || !names.isDisjoint(with: $0.nodes) }
        let used = Set(fired.map(\.rule))
        var outcomes = fired.map { step in
            Explanation.RuleOutcome(
                rule: step.rule, outcome: .fired, why: "at \(step.nodes.map { "'\($0)'" }.joined(separator: ", "))",
                before: nil, after: nil, matched: step.nodes.count, nodes: step.nodes.count)
        }
        outcomes += try self.outcomes(of: rules.filter { !used.contains($0.name) }, at: node, in: state)
        // A stable order: by what came of it, then in the catalogue's order.
        let sorted = outcomes.enumerated().sorted { ($1.element.rank, $0.offset) < ($0.element.rank, $1.offset) }
        return Explanation(node: title, op: op.description, place: place, rules: sorted.map(\.element))
    }

    /// What becomes of rules at a node: of those whose pattern has a place for it.
    func outcomes(of rules: [Rule], at node: Int, in state: PricedGraph) throws -> [Explanation.RuleOutcome] {
        let facts = state.facts
        return try rules.compactMap { rule in
            let forms = try rule.forms.filter { form in
                form.pattern.graph.nodes.indices.contains { form.pattern.accepts($0, state.graph.nodes[node]) }
            }
            return forms.compactMap { outcome(of: rule, $0, at: node, in: state, facts) }.max { $0.rank < $1.rank }
        }
    }

    private func outcome(
        of rule: Rule, _ form: Rule.Form, at node: Int, in state: PricedGraph, _ facts: GraphFacts
    ) -> Explanation.RuleOutcome? {
        let matches = matches(of: form.pattern, with: node, facts)
        guard !matches.isEmpty else {
            let trace = trace(of: form.pattern, from: node, facts)
            return Explanation.RuleOutcome(
                rule: rule.name, outcome: .nearMiss, why: trace.reason, before: nil, after: nil, matched: trace.matched,
                nodes: form.pattern.graph.nodes.count)
        }
        return matches.map { matchOutcome(rule, form, $0, node, state, facts) }.max { $0.rank < $1.rank }
    }

    /// The matches that the search finds and that the node is part of.
    private func matches(of pattern: Pattern, with node: Int, _ facts: GraphFacts) -> [Bindings] {
        let host = facts.graph.nodes[node]
        // As far as the matcher looks: along values, and over constants and to other parts so many nodes.
        let near = facts.nodes(
            within: pattern.graph.nodes.count, of: Set((host.inputs + host.outputs).compactMap { $0 }))
        let last = facts.graph.nodes.count - 1
        let apart = max(0, node - Matcher.farthestPart)...min(node + Matcher.farthestPart, last)
        let roots = Set(near).union(apart).sorted()
        let matcher = Matcher(pattern: pattern, facts: facts)
        return roots.flatMap { matcher.matches(root: $0) }.filter { $0.nodes.values.contains(node) }
    }

    /// How far the pattern matches with the node in any of its places.
    private func trace(of pattern: Pattern, from node: Int, _ facts: GraphFacts) -> MatchTrace {
        let trace = MatchTrace()
        for index in pattern.graph.nodes.indices where pattern.accepts(index, facts.graph.nodes[node]) {
            let complete = Matcher(pattern: pattern, facts: facts, trace: trace).matches(
                along: pattern.steps(from: index), from: node)
            if !complete.isEmpty {
                trace.note(
                    complete: pattern.graph.nodes.count,
                    "matches, but its parts are farther apart than the search looks, or in too many ways")
            }
        }
        return trace
    }

    /// What became of a complete match.
    private func matchOutcome(
        _ rule: Rule, _ form: Rule.Form, _ bindings: Bindings, _ node: Int, _ state: PricedGraph, _ facts: GraphFacts
    ) -> Explanation.RuleOutcome {
        let size = form.pattern.graph.nodes.count
        func outcome(_ kind: Explanation.Outcome, _ why: String, _ before: Cost? = nil, _ after: Cost? = nil)
            -> Explanation.RuleOutcome
        {
            Explanation.RuleOutcome(
                rule: rule.name, outcome: kind, why: why, before: before, after: after, matched: size, nodes: size)
        }
        if let reason = failedCondition(form, bindings, facts) { return outcome(.condition, reason) }
        let candidate: Candidate?
        do {
            candidate = try Instantiation.candidate(
                rule, form, bindings, facts: facts, anchor: anchor(form, bindings, node), evaluator: evaluator)
        } catch { return outcome(.condition, "the right side makes no sense here: \(error)") }
        guard let candidate else {
            return outcome(.condition, "the right side would have another type, or cannot be written for these shapes")
        }
        if candidate.multipliesExtremes(in: facts) {
            return outcome(
                .condition, "it multiplies what a number near the largest of its type, such as a mask, goes into")
        }
        let match = PricedCandidate.Match(form: PatternIndex.ID(rule: 0, form: 0), bindings: bindings)
        let priced = PricedCandidate(candidate, match, in: state, pricer: pricer)
        guard priced.unpricedChange <= 0 else {
            return outcome(.savesNothing, "\(framework.info.title) has no price for what it would put there")
        }
        let before = candidate.removed.reduce(Cost.zero) { $0 + state.prices[$1].cost }
        let score = state.score(options.objective)
        let isBetter = priced.refusedChange <= 0 && priced.score(after: state, score, options.objective) < score
        let prices = "\(ProofLog.CostFigures(before)) before, \(ProofLog.CostFigures(before - priced.saved)) after"
        let refused = priced.refusedChange > 0 ? ", and \(framework.info.title)'s importer refuses it" : ""
        return outcome(isBetter ? .possible : .savesNothing, prices + refused, before, before - priced.saved)
    }

    private func anchor(_ form: Rule.Form, _ bindings: Bindings, _ node: Int) -> Int {
        bindings.nodes[form.pattern.root] ?? node
    }

    /// The first condition that does not hold, with the values that decide it; nil if all hold.
    private func failedCondition(_ form: Rule.Form, _ bindings: Bindings, _ facts: GraphFacts) -> String? {
        var scope = RuleScope(facts: facts, bindings: bindings)
        for definition in form.definitions {
            do {
                scope.definitions[definition.name] = try definition.expression.evaluate(in: scope)
            } catch let error as HarrierError {
                return "'\(definition.name)' is not known here: \(error.message)"
            } catch { return "'\(definition.name)' is not known here" }
        }
        for condition in form.conditions {
            let holds = (try? condition.expression.evaluate(in: scope).truth()) ?? false
            if !holds {
                let parts = condition.expression.parts(in: scope)
                return "needs \(condition.text)" + (parts.isEmpty ? "" : "; \(parts.joined(separator: ", "))")
            }
        }
        return nil
    }
}

extension Explanation.RuleOutcome {
    /// How far the rule came; more is further.
    fileprivate var rank: Double {
        let position = Explanation.Outcome.allCases.firstIndex(of: outcome) ?? 0
        return Double(Explanation.Outcome.allCases.count - position) + Double(matched) / Double(max(1, nodes + 1))
    }
}

extension Graph {
    /// The first node of that name; else the node that computes the value of that name, or that was recognised in such a node.
    fileprivate func node(called name: String) -> Int? {
        if let index = nodes.firstIndex(where: { $0.name == name }) { return index }
        return nodes.firstIndex { $0.outputs.contains { $0.map { self[$0].name == name } ?? false } }
            ?? nodes.firstIndex { $0.spelling?.graph.node(called: name) != nil }
    }
}
