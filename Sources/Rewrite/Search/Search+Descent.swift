import IR
import Pricing

extension Search {
    /// Improving rewrites that are tried one by one where they cannot be taken together, at most.
    private static let singleAttempts = 16

    /// The graph after all improving rewrites, taken in sweeps, the most promising first.
    mutating func descend(_ initial: PricedGraph) throws -> (state: PricedGraph, steps: [AppliedRewrite]) {
        var state = initial
        var steps: [AppliedRewrite] = []
        while !isExhausted {
            didLook()
            let chosen = independent(try improvements(of: state))
            guard !chosen.isEmpty, let next = applyTogetherOrFirst(chosen, to: state) else { break }
            steps += next.steps
            state = next.state
        }
        return (state, steps)
    }

    /// The rewrites that make a graph better and need no operator that the framework refuses, the best first. What joins nodes
    /// that share no value is left to the regions: pairs over a whole graph are too many.
    func findImprovements(of state: PricedGraph) throws -> [PricedCandidate] {
        let score = state.score(objective)
        return try finder.candidates(
            in: state, joinsParts: false,
            where: { [objective] in $0.refusedChange <= 0 && $0.score(after: state, score, objective) < score }
        )
        .map { (priced: $0, score: $0.score(after: state, score, objective)) }
        .enumerated()
        .sorted { ($0.element.score, $0.offset) < ($1.element.score, $1.offset) }
        .map(\.element.priced)
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
        for batch in [candidates] + candidates.prefix(Self.singleAttempts).map({ [$0] }) {
            if let next = try? state.rewritten(by: batch, pricer: finder.pricer).state,
                next.score(objective) < state.score(objective)
            {
                return (next, AppliedRewrite.steps(batch, from: state, to: next))
            }
        }
        return nil
    }
}
