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
        let facts = state.facts
        let op = state.graph.nodes[node].op
        let fired = result.rewrites.filter { $0.nodes.contains(title) || !names.isDisjoint(with: $0.nodes) }
        let used = Set(fired.map(\.rule))
        var outcomes = fired.map { step in
            Explanation.RuleOutcome(
                rule: step.rule, outcome: .fired, why: "at \(step.nodes.map { "'\($0)'" }.joined(separator: ", "))",
                before: nil, after: nil, matched: step.nodes.count, nodes: step.nodes.count)
        }
        for rule in rules where !used.contains(rule.name) {
            let forms = rule.forms.filter { $0.pattern.graph.nodes.contains { $0.op == op } }
            let tried = forms.compactMap { outcome(of: rule, $0, at: node, in: state, facts) }
            if let best = tried.max(by: { $0.rank < $1.rank }) { outcomes.append(best) }
        }
        // A stable order: by what came of it, then in the catalogue's order.
        let sorted = outcomes.enumerated().sorted { ($1.element.rank, $0.offset) < ($0.element.rank, $1.offset) }
        return Explanation(node: title, op: op.description, place: place, rules: sorted.map(\.element))
    }

    private func outcome(
        of rule: Rule, _ form: Rule.Form, at node: Int, in state: PricedGraph, _ facts: GraphFacts
    ) -> Explanation.RuleOutcome? {
        var matcher = PartialMatcher(pattern: form.pattern, facts: facts)
        let found = matcher.outcome(at: node)
        let size = form.pattern.graph.nodes.count
        guard !found.matches.isEmpty else {
            return Explanation.RuleOutcome(
                rule: rule.name, outcome: .nearMiss, why: found.reason, before: nil, after: nil, matched: found.matched,
                nodes: size)
        }
        let tried = found.matches.prefix(64).map { matchOutcome(rule, form, $0, node, state, facts) }
        return tried.max { $0.rank < $1.rank }
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
        let match = PricedCandidate.Match(form: 0, bindings: bindings)
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
        guard case .root(let root)? = form.pattern.steps.first else { return node }
        return bindings.nodes[root] ?? node
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
    /// The first node of that name; else the node that computes the value of that name.
    fileprivate func node(called name: String) -> Int? {
        if let index = nodes.firstIndex(where: { $0.name == name }) { return index }
        return nodes.firstIndex { $0.outputs.contains { $0.map { self[$0].name == name } ?? false } }
    }
}
