import Graph
import HeapModule
import Profiler

/// Best-first search over rewrites.
///
/// Two movements alternate. *Descent* takes all rewrites that make the graph better and do not touch each other, at once,
/// until there is none: most of the way, in a few sweeps; where two stand in each other's way, each is tried with what follows
/// around it, and the one that leads further goes first. *Exploration* then looks for savings behind a dearer or neutral
/// step: it keeps a queue of graphs ordered by score, takes the best, tries every rewrite near its latest change, and lets
/// the results descend; a better graph found so becomes the place to go on from. Graphs dearer than the best by
/// more than the slack are dropped, graphs seen before (by structural hash) are not looked at again. The order is
/// fixed, so a result depends on the limits only.
struct Search {
    /// A graph waiting to be explored.
    private struct Entry: Comparable {
        let state: PricedGraph
        let score: Score
        let steps: [AppliedRewrite]
        /// Values around the latest change; nil for the whole graph.
        let touched: Set<ValueID>?
        let serial: Int

        static func < (left: Entry, right: Entry) -> Bool {
            (left.score, left.serial) < (right.score, right.serial)
        }
        static func == (left: Entry, right: Entry) -> Bool { left.serial == right.serial }
    }

    let finder: CandidateFinder
    let objective: Objective
    let limits: SearchLimits
    var states = 0
    private let clock = ContinuousClock()
    private let start = ContinuousClock().now
    private var seen: Set<UInt64> = []
    private var serial = 0

    init(finder: CandidateFinder, objective: Objective, limits: SearchLimits) {
        self.finder = finder
        self.objective = objective
        self.limits = limits
    }

    var isExhausted: Bool {
        states >= limits.states || start.duration(to: clock.now) > .seconds(limits.seconds)
    }

    /// The best graph found, and the steps that lead to it. Never worse than the given one.
    mutating func run(_ initial: PricedGraph) throws -> (state: PricedGraph, steps: [AppliedRewrite]) {
        var (best, steps) = try descend(initial)
        var bestScore = best.score(objective)
        var queue = Heap<Entry>()
        enqueue(best, steps, touched: nil, into: &queue)
        while let entry = queue.popMin(), !isExhausted {
            guard isWithinSlack(entry.score, of: bestScore) else { break }
            for priced in try finder.candidates(in: entry.state, touching: entry.touched) {
                guard !isExhausted else { break }
                let after = priced.score(after: entry.state, entry.score, objective)
                guard isWithinSlack(after, of: bestScore), let child = try? entry.state.applying([priced]) else {
                    continue
                }
                guard seen.insert(child.graph.structuralHash).inserted else { continue }
                let first = entry.steps + AppliedRewrite.steps([priced], from: entry.state, to: child)
                let (settled, more) = try descend(child, touching: surroundings(of: [priced], in: child.graph))
                let score = settled.score(objective)
                if score < bestScore, score.refused <= max(bestScore.refused, initial.refused) {
                    (best, bestScore, steps) = (settled, score, first + more)
                    // What the other sites offer is still there: go on from here with the whole graph.
                    queue = Heap()
                    enqueue(best, steps, touched: nil, into: &queue)
                    break
                }
                enqueue(settled, first + more, touched: surroundings(of: [priced], in: child.graph), into: &queue)
            }
        }
        return (best, steps)
    }

    private mutating func enqueue(
        _ state: PricedGraph, _ steps: [AppliedRewrite], touched: Set<ValueID>?, into queue: inout Heap<Entry>
    ) {
        serial += 1
        seen.insert(state.graph.structuralHash)
        queue.insert(
            Entry(state: state, score: state.score(objective), steps: steps, touched: touched, serial: serial))
    }

    private func isWithinSlack(_ score: Score, of best: Score) -> Bool { score.first <= best.first * limits.slack }
}

/// How long and how far a search goes.
public struct SearchLimits: Hashable, Sendable {
    /// Seconds at most.
    public var seconds: Double
    /// Graphs looked at, at most.
    public var states: Int
    /// Steps that are tried after each of two rewrites that stand in each other's way.
    public var rollOutSteps = 4
    /// How much dearer than the best a graph may be and still be explored, as a factor.
    public var slack: Double

    /// The given limits.
    public init(seconds: Double = 10, states: Int = 400, slack: Double = 1.05) {
        self.seconds = seconds
        self.states = states
        self.slack = slack
    }
}
