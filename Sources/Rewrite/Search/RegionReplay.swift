import IR
import Pricing

/// Replays on the graph what was found in regions: the first step of all regions at once, then the second, and so on.
struct RegionReplay {
    /// A place in the graph, and what to do there.
    private struct Site {
        let steps: [RewriteStep]
        var replay: Replay
        var next = 0

        var isDone: Bool { next == steps.count }
    }

    /// A step that is possible now.
    private struct Pending {
        let site: Int
        let priced: PricedCandidate
    }

    let finder: CandidateFinder

    /// The graph after the steps of all regions. A region where a step turns out not to be possible in the whole (a condition
    /// that looks beyond the region does not hold, say) is left as it was.
    func replay(
        _ found: [(region: Region, solution: RegionSolution)], on state: PricedGraph
    ) throws -> (state: PricedGraph, steps: [AppliedRewrite]) {
        var left = found.filter { !$0.solution.steps.isEmpty }
        while !left.isEmpty {
            let sites = left.map { Site(steps: $0.solution.steps, replay: Replay(hostValues: $0.region.hostValues)) }
            switch try attempt(sites, from: state) {
            case .done(let result, let steps): return (result, steps)
            case .impossible(let failed): left = left.indices.filter { !failed.contains($0) }.map { left[$0] }
            }
        }
        return (state, [])
    }

    private enum Outcome {
        case done(PricedGraph, [AppliedRewrite])
        case impossible(Set<Int>)
    }

    private func attempt(_ initial: [Site], from start: PricedGraph) throws -> Outcome {
        var sites = initial
        var state = start
        var steps: [AppliedRewrite] = []
        var aliases: [ValueID: ValueID] = [:]
        while sites.contains(where: { !$0.isDone }) {
            let facts = state.facts
            var batch: [Pending] = []
            var failed: Set<Int> = []
            var taken = RewriteFootprint()
            for index in sites.indices where !sites[index].isDone {
                let step = sites[index].steps[sites[index].next]
                guard
                    let priced = try sites[index].replay.candidate(
                        for: step, in: state, facts: facts, finder: finder, aliases: aliases)
                else {
                    failed.insert(index)
                    continue
                }
                let footprint = RewriteFootprint(priced.candidate, in: state)
                guard taken.isCompatible(with: footprint) else { continue }
                taken.formUnion(footprint)
                batch.append(Pending(site: index, priced: priced))
            }
            guard failed.isEmpty else { return .impossible(failed) }
            let candidates = batch.map(\.priced)
            guard let next = try? state.rewritten(by: candidates, pricer: finder.pricer) else {
                return .impossible(culprits(batch, in: state))
            }
            for (pending, placed) in zip(batch, next.placed) {
                let step = sites[pending.site].steps[sites[pending.site].next]
                sites[pending.site].replay.didApply(step, placed: placed)
                sites[pending.site].next += 1
            }
            aliases.merge(next.aliases) { _, new in new }
            steps += AppliedRewrite.steps(candidates, from: state, to: next.state)
            state = next.state
        }
        return .done(state, steps)
    }

    /// The sites whose step is not possible even alone; all but the first if each is.
    private func culprits(_ batch: [Pending], in state: PricedGraph) -> Set<Int> {
        let alone = batch.filter { (try? state.applying([$0.priced])) == nil }
        return Set((alone.isEmpty ? Array(batch.dropFirst()) : alone).map(\.site))
    }
}
