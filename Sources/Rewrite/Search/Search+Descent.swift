import Graph
import Profiler

extension Search {
    /// The graph after all improving rewrites, taken in sweeps, the most promising first.
    mutating func descend(
        _ initial: PricedGraph, touching touched: Set<ValueID>? = nil
    ) throws -> (state: PricedGraph, steps: [AppliedRewrite]) {
        var state = initial
        var steps: [AppliedRewrite] = []
        var touched = touched
        while !isExhausted {
            states += 1
            let improving = try improvements(of: state, touching: touched)
            let chosen = independent(try ranked(improving, in: state))
            guard !chosen.isEmpty, let next = applyTogetherOrFirst(chosen, to: state) else { break }
            steps += next.steps
            if touched != nil { touched?.formUnion(surroundings(of: chosen, in: next.state.graph)) }
            state = next.state
        }
        return (state, steps)
    }

    /// The rewrites that make a graph better and need no operator that the framework refuses.
    private func improvements(of state: PricedGraph, touching touched: Set<ValueID>?) throws -> [PricedCandidate] {
        let score = state.score(objective)
        return try finder.candidates(in: state, touching: touched).filter {
            $0.refusedChange <= 0 && $0.score(after: state, score, objective) < score
        }
    }

    /// Candidates in the order in which to take them: by what they save, those that stand in each other's way by what can
    /// be saved in all after taking them.
    private mutating func ranked(_ candidates: [PricedCandidate], in state: PricedGraph) throws -> [PricedCandidate] {
        let score = state.score(objective)
        var ranks = candidates.map { $0.score(after: state, score, objective) }
        for index in contested(candidates) where !isExhausted {
            if let reached = try rollOut(candidates[index], from: state) { ranks[index] = reached }
        }
        return candidates.indices
            .sorted {
                (ranks[$0], candidates[$0].candidate.anchor, $0) < (ranks[$1], candidates[$1].candidate.anchor, $1)
            }
            .map { candidates[$0] }
    }

    /// The candidates that share a node with another one.
    private func contested(_ candidates: [PricedCandidate]) -> [Int] {
        var claims: [Int: [Int]] = [:]
        for (index, priced) in candidates.enumerated() {
            let nodes = Set(priced.candidate.removed).union(priced.candidate.matched)
            for node in nodes { claims[node, default: []].append(index) }
        }
        return Set(claims.values.filter { $0.count > 1 }.joined()).sorted()
    }

    /// The score that is reached by taking a candidate and then, around it, whatever saves most, step by step.
    private mutating func rollOut(_ candidate: PricedCandidate, from state: PricedGraph) throws -> Score? {
        guard var current = try? state.applying([candidate]) else { return nil }
        var touched = surroundings(of: [candidate], in: current.graph)
        for _ in 0..<limits.rollOutSteps {
            let score = current.score(objective)
            let best = try improvements(of: current, touching: touched)
                .map { (candidate: $0, score: $0.score(after: current, score, objective)) }
                .min { ($0.score, $0.candidate.candidate.anchor) < ($1.score, $1.candidate.candidate.anchor) }
            guard let best, let next = try? current.applying([best.candidate]) else { break }
            touched.formUnion(surroundings(of: [best.candidate], in: next.graph))
            current = next
        }
        return current.score(objective)
    }

    /// The values that rewrites read, replaced and made.
    func surroundings(of rewrites: [PricedCandidate], in graph: Graph) -> Set<ValueID> {
        var result: Set<ValueID> = []
        for priced in rewrites {
            result.formUnion(priced.candidate.reads.filter { graph[$0].constant == nil })
            for (host, _) in priced.candidate.replaced { result.insert(host) }
        }
        let rules = Set(rewrites.map(\.candidate.rule))
        for node in graph.nodes where node.rule.map(rules.contains) ?? false {
            let values = (node.inputs + node.outputs).compactMap { $0 }
            if values.contains(where: result.contains) { result.formUnion(values) }
        }
        return result
    }

    /// As many of the candidates as do not touch each other, earlier ones first. One that has to wait keeps its nodes: what is
    /// worse must not take them.
    private func independent(_ candidates: [PricedCandidate]) -> [PricedCandidate] {
        var taken: Set<Int> = []
        var lost: Set<ValueID> = []
        var read: Set<ValueID> = []
        return candidates.filter { priced in
            let candidate = priced.candidate
            let nodes = Set(candidate.matched).union(candidate.removed)
            let isFree = taken.isDisjoint(with: nodes)
            taken.formUnion(nodes)
            guard isFree, lost.isDisjoint(with: candidate.reads), read.isDisjoint(with: candidate.lost) else {
                return false
            }
            lost.formUnion(candidate.lost)
            read.formUnion(candidate.reads)
            return true
        }
    }

    private func applyTogetherOrFirst(
        _ candidates: [PricedCandidate], to state: PricedGraph
    ) -> (state: PricedGraph, steps: [AppliedRewrite])? {
        for batch in [candidates] + candidates.map({ [$0] }) {
            if let next = try? state.applying(batch), next.score(objective) < state.score(objective) {
                return (next, AppliedRewrite.steps(batch, from: state, to: next))
            }
        }
        return nil
    }
}
