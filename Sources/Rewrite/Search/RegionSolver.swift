import IR
import HeapModule
import Pricing

/// The best way found to rewrite a region.
struct RegionSolution: Sendable {
    /// The steps, in order; none if nothing better was found.
    var steps: [RewriteStep] = []
    /// Graphs looked at.
    var states = 0
    /// First steps that led to nothing better, with what is around them (``ClusterContext``).
    var fruitless: Set<UInt64> = []
}

/// Finds the cheapest form of a region.
///
/// A small graph is searched *exhaustively*: every graph that the rules reach, best first, up to a number of states. In the
/// regions of a larger one independent rewrites would multiply, so each possible first step is followed by itself: its
/// *cluster* holds the graphs that further steps touching the same nodes reach, however much dearer they are in between. The best of each cluster
/// are combined as far as they do not stand in each other's way, and what they changed is searched again until nothing gets
/// better. Since costs add up over nodes, rewrites that do not touch each other need not be tried together.
struct RegionSolver {
    let finder: CandidateFinder
    let objective: Objective
    let limits: SearchLimits
    /// Whether to try every order of all rewrites first.
    let isExhaustive: Bool
    /// Graphs to look at, at most.
    let budget: Int
    let deadline: ContinuousClock.Instant?
    /// First steps that are known to lead to nothing better.
    let known: Set<UInt64>
    private var states = 0
    private var fruitless: Set<UInt64> = []

    /// A graph that was reached, and how.
    private final class Visit: Comparable {
        let state: PricedGraph
        let score: Score
        let parent: Visit?
        let step: RewriteStep?
        /// What the step changed; nil where any further step is allowed.
        let surroundings: StepSurroundings?
        let serial: Int
        /// The steps that can follow, once they have been looked for.
        var candidates: [PricedCandidate]?

        init(
            _ state: PricedGraph, _ score: Score, parent: Visit? = nil, step: RewriteStep? = nil,
            surroundings: StepSurroundings? = nil, serial: Int = 0
        ) {
            self.state = state
            self.score = score
            self.parent = parent
            self.step = step
            self.surroundings = surroundings
            self.serial = serial
        }

        /// The steps from the start to here.
        var steps: [RewriteStep] {
            var result: [RewriteStep] = []
            var visit: Visit? = self
            while let current = visit {
                if let step = current.step { result.append(step) }
                visit = current.parent
            }
            return result.reversed()
        }

        static func < (left: Visit, right: Visit) -> Bool { (left.score, left.serial) < (right.score, right.serial) }
        static func == (left: Visit, right: Visit) -> Bool { left.serial == right.serial }
    }

    init(
        finder: CandidateFinder, objective: Objective, limits: SearchLimits, isExhaustive: Bool, budget: Int,
        deadline: ContinuousClock.Instant?, known: Set<UInt64> = []
    ) {
        self.finder = finder
        self.objective = objective
        self.limits = limits
        self.isExhaustive = isExhaustive
        self.budget = budget
        self.deadline = deadline
        self.known = known
    }

    private var isExhausted: Bool { states >= budget || deadline.map { ContinuousClock.now > $0 } ?? false }

    /// The cheapest form of a region that the budget allows to find.
    mutating func solve(_ region: PricedGraph) throws -> RegionSolution {
        let root = Visit(region, region.score(objective))
        // Clusters first: they lead far in a few states, whatever becomes of the rest of the budget.
        var best = try climb(root)
        if isExhaustive {
            let found = try exhaust(root)
            if found.score < best.score { best = found }
        }
        return RegionSolution(steps: best.steps, states: states, fruitless: fruitless)
    }

    // MARK: - Exhaustive

    /// The best of all graphs that the rules reach, as far as the budget lasts.
    private mutating func exhaust(_ root: Visit) throws -> Visit {
        var best = root
        var seen: Set<UInt64> = [root.state.identity]
        var queue: Heap<Visit> = [root]
        while let visit = queue.popMin() {
            for priced in try finder.candidates(in: visit.state) {
                guard !isExhausted else { return best }
                guard let child = self.child(of: visit, by: priced, within: root, restricted: false),
                    seen.insert(child.state.identity).inserted
                else { continue }
                if isAcceptable(child.score, insteadOf: best.score, root.score) { best = child }
                queue.insert(child)
            }
        }
        return best
    }

    /// The graph after one more step; nil if that is not possible or makes the graph too large.
    private mutating func child(
        of visit: Visit, by priced: PricedCandidate, within root: Visit, restricted: Bool
    ) -> Visit? {
        guard let next = try? visit.state.rewritten(by: [priced], pricer: finder.pricer),
            next.state.graph.nodes.count <= limits.nodes(from: root.state.graph.nodes.count)
        else { return nil }
        states += 1
        let placed = next.placed[0]
        let surroundings = restricted ? StepSurroundings(priced, in: visit.state, placed: placed) : nil
        return Visit(
            next.state, next.state.score(objective), parent: visit,
            step: RewriteStep(priced, in: visit.state, placed: placed), surroundings: surroundings, serial: states)
    }

    /// Whether a result is better than another and needs no more operators that the framework refuses than the region had.
    private func isAcceptable(_ score: Score, insteadOf best: Score, _ root: Score) -> Bool {
        score < best && score.refused <= root.refused
    }

    // MARK: - Clusters

    /// Combines clusters of steps until nothing gets better.
    private mutating func climb(_ root: Visit) throws -> Visit {
        var current = root
        var touched: Set<ValueID>?
        while !isExhausted {
            let clusters = try self.clusters(from: current, touching: touched)
            guard let next = try combine(clusters, from: current, root: root.score) else { break }
            touched = next.changed
            current = next.visit
        }
        return current
    }

    /// For each possible first step that leads to something better the best graph of its cluster, best first.
    private mutating func clusters(from root: Visit, touching touched: Set<ValueID>?) throws -> [Visit] {
        var seen: Set<UInt64> = [root.state.identity]
        var result: [Visit] = []
        let start = Visit(root.state, root.score)
        let context = ClusterContext(root.state, root.state.facts)
        for first in try finder.candidates(in: root.state, touching: touched) {
            guard !isExhausted else { break }
            guard isWorthFollowing(first, from: root) else { continue }
            let key = context.key(of: first)
            guard !known.contains(key), !fruitless.contains(key),
                let child = self.child(of: start, by: first, within: root, restricted: true),
                seen.insert(child.state.identity).inserted
            else { continue }
            var found: [Visit] = []
            for begin in try starts(after: child, by: first, within: root, &seen) {
                if let best = try explore(from: begin, root: start, &seen) { found.append(best) }
            }
            result += found
            if found.isEmpty, !isExhausted { fruitless.insert(key) }
        }
        return result.sorted()
    }

    /// Where to go on after a first step: there, and after a step that writes an operator that was recognised out for the same price also after
    /// each step that pays then. In a graph that has not the operator but what it stands for those would be first steps.
    private mutating func starts(
        after child: Visit, by first: PricedCandidate, within root: Visit, _ seen: inout Set<UInt64>
    ) throws -> [Visit] {
        guard first.nodeChange > 0, child.score.first == root.score.first,
            root.state.graph.nodes[first.candidate.anchor].spelling != nil
        else { return [child] }
        var result = [child]
        for next in try followers(of: child)
        where next.score(after: child.state, child.score, objective).first < child.score.first {
            guard !isExhausted else { break }
            if let start = self.child(of: child, by: next, within: root, restricted: true),
                seen.insert(start.state.identity).inserted
            {
                result.append(start)
            }
        }
        return result
    }

    /// Whether a step is better than nothing or small, or writes an operator as the file has it, which is where rules for its parts begin. Another
    /// one that saves nothing and adds many operators is no way to something cheaper: what it writes out is what it is for.
    private func isWorthFollowing(_ priced: PricedCandidate, from visit: Visit) -> Bool {
        priced.nodeChange <= limits.dearerNodes || priced.candidate.rule == OperatorExpansion.spellingRule
            || priced.score(after: visit.state, visit.score, objective).first < visit.score.first
    }

    /// A step that has not been done yet.
    private struct Pending: Comparable {
        let priced: PricedCandidate
        let parent: Visit
        /// The score to expect.
        let score: Score
        let serial: Int

        static func < (left: Pending, right: Pending) -> Bool {
            (left.score, left.serial) < (right.score, right.serial)
        }
        static func == (left: Pending, right: Pending) -> Bool { left.serial == right.serial }
    }

    /// The best graph of a cluster; nil if none is better than the root. Steps are done only when it is their turn.
    private mutating func explore(from first: Visit, root: Visit, _ seen: inout Set<UInt64>) throws -> Visit? {
        var best: Visit?
        var queue: Heap<Pending> = []
        var serial = 0
        var next: Visit? = first
        let end = states + limits.clusterStates
        while let visit = next {
            if isAcceptable(visit.score, insteadOf: (best ?? root).score, root.score) { best = visit }
            guard states < end, !isExhausted else { break }
            for priced in try followers(of: visit) where isWorthFollowing(priced, from: visit) {
                serial += 1
                let score = priced.score(after: visit.state, visit.score, objective)
                queue.insert(Pending(priced: priced, parent: visit, score: score, serial: serial))
            }
            next = nil
            while next == nil, states < end, let pending = queue.popMin() {
                let child = self.child(of: pending.parent, by: pending.priced, within: root, restricted: true)
                if let child, seen.insert(child.state.identity).inserted { next = child }
            }
        }
        return best
    }

    /// The steps that touch what the steps before changed.
    private func followers(of visit: Visit) throws -> [PricedCandidate] {
        let found: [PricedCandidate]
        if let surroundings = visit.surroundings, let parent = visit.parent, let known = parent.candidates {
            found = try finder.candidates(
                in: visit.state, after: surroundings, from: parent.state.graph, known: known)
        } else {
            found = try finder.candidates(in: visit.state, touching: visit.surroundings?.touched)
        }
        visit.candidates = found
        return found
    }

    /// The state after the best clusters that do not stand in each other's way, and the values that changed; nil if there
    /// is none.
    private mutating func combine(
        _ clusters: [Visit], from root: Visit, root original: Score
    ) throws -> (visit: Visit, changed: Set<ValueID>)? {
        var current = root
        var changed: Set<ValueID> = []
        // What a cluster adds has the same numbers as what another one adds, and is in nobody's way.
        let count = root.state.graph.values.count
        let footprints = clusters.map { cluster in
            (
                footprint: cluster.steps.reduce(into: RewriteFootprint()) { $0.formUnion($1.footprint) }.limited(
                    toFirst: count),
                score: cluster.score
            )
        }
        for index in ClusterChoice.chosen(from: footprints, root: root.score) {
            guard let next = try repeated(clusters[index].steps, from: current),
                isAcceptable(next.visit.score, insteadOf: current.score, original)
            else { continue }
            changed.formUnion(next.changed)
            current = next.visit
        }
        return current === root ? nil : (current, changed)
    }

    /// The state after steps that were found in an earlier state of the region.
    private mutating func repeated(
        _ steps: [RewriteStep], from start: Visit
    ) throws -> (visit: Visit, changed: Set<ValueID>)? {
        var current = start
        var replay = Replay(hostValues: start.state.graph.values.indices.map { ValueID($0) })
        var aliases: [ValueID: ValueID] = [:]
        var changed: Set<ValueID> = []
        for step in steps {
            let state = current.state
            guard
                let priced = try replay.candidate(
                    for: step, in: state, facts: state.facts, finder: finder, aliases: aliases),
                let next = try? state.rewritten(by: [priced], pricer: finder.pricer)
            else { return nil }
            states += 1
            replay.didApply(step, placed: next.placed[0])
            aliases.merge(next.aliases) { _, new in new }
            changed.formUnion(StepSurroundings(priced, in: state, placed: next.placed[0]).touched)
            current = Visit(
                next.state, next.state.score(objective), parent: current,
                step: RewriteStep(priced, in: state, placed: next.placed[0]), serial: states)
        }
        return (current, changed)
    }
}
