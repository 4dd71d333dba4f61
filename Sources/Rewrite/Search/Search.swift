import Evaluate
import IR
import Pricing

/// Looks for the cheapest graph that rules lead to.
///
/// The graph is cut into regions (``Partition``). Each region that is not equal to one seen before is searched by itself
/// (``RegionSolver``), several at once, and what was found is done wherever the region occurs (``RegionReplay``). Then the cuts
/// are put elsewhere, and so on until nothing gets better. *Descent*, which takes improving rewrites wherever they are in the
/// whole graph, picks up what no region holds. Every limit but the seconds is counted for each region by itself, so that
/// the result depends neither on the number of cores nor on their speed.
struct Search {
    let finder: CandidateFinder
    let objective: Objective
    let limits: SearchLimits
    /// Told how many regions of one cut are searched, of how many.
    let progress: SearchProgress
    /// Graphs looked at.
    private(set) var states = 0
    private let deadline: ContinuousClock.Instant?
    private var solved: [UInt64: RegionSolution] = [:]
    /// Improving rewrites of the graph looked at last, which are asked for several times.
    private var lastImprovements: (state: PricedGraph, identity: UInt64, candidates: [PricedCandidate])?
    /// First steps that led to nothing better.
    private var fruitless: Set<UInt64> = []

    init(
        finder: CandidateFinder, objective: Objective, limits: SearchLimits,
        progress: @escaping SearchProgress = { _, _ in }
    ) {
        self.progress = progress
        self.finder = finder
        self.objective = objective
        self.limits = limits
        deadline = limits.deadline
    }

    var isExhausted: Bool { states >= limits.states || isCutShort }

    /// Whether the time is up.
    var isCutShort: Bool { deadline.map { ContinuousClock.now > $0 } ?? false }

    /// A graph that was reached, and the steps that led there.
    typealias Reached = (state: PricedGraph, steps: [AppliedRewrite])

    /// The best graph found, and the steps that lead to it. Never worse than the given one, nor than what taking improving
    /// rewrites one after another leads to.
    mutating func run(_ initial: PricedGraph) throws -> Reached {
        let descended = try descend(initial)
        let found = try improve(initial)
        guard descended.state.score(objective) < found.state.score(objective) else { return found }
        let further = try improve(descended.state)
        return (further.state, descended.steps + further.steps)
    }

    /// The graph after searching regions, cut in different ways, until nothing gets better.
    private mutating func improve(_ initial: PricedGraph) throws -> Reached {
        var state = initial
        var steps: [AppliedRewrite] = []
        for _ in 0..<limits.rounds where !isExhausted {
            let before = state.score(objective)
            for isShifted in isSmall(state) ? [false] : [false, true] {
                let next = try solveRegions(of: state, isShifted: isShifted)
                guard next.state.score(objective) < state.score(objective) else { continue }
                state = next.state
                steps += next.steps
            }
            let next = try descend(state)
            state = next.state
            steps += next.steps
            if state.score(objective) == before { break }
        }
        return (state, steps)
    }

    /// Whether a graph can be searched as a whole.
    private func isSmall(_ state: PricedGraph) -> Bool { state.graph.nodes.count <= limits.exhaustiveNodes }

    /// The graph with every region in the best form found for it.
    private mutating func solveRegions(
        of state: PricedGraph, isShifted: Bool
    ) throws -> Reached {
        let facts = state.facts
        let rewrites = isSmall(state) ? [] : try improvements(of: state).map(\.candidate.span)
        let partition = Partition(
            state.graph, facts: facts, rewrites: rewrites + surroundings(ofRecognizedNodesIn: state.graph, facts),
            size: limits.regionNodes, isShifted: isShifted)
        let extraction = RegionExtraction(of: state, facts: facts, pricer: finder.pricer)
        let regions = partition.ranges.map(extraction.region)
        try solve(regions, isExhaustive: isSmall(state))
        let found = regions.compactMap { region in solved[region.key].map { (region: region, solution: $0) } }
        return try RegionReplay(finder: finder).replay(found, on: state)
    }

    /// From where each operator that was recognised gets its operand to where its result is read first: what improves the nodes that it
    /// stands for reaches that far.
    private func surroundings(ofRecognizedNodesIn graph: Graph, _ facts: GraphFacts) -> [ClosedRange<Int>] {
        graph.nodes.indices.filter { graph.nodes[$0].spelling != nil }.map { index in
            let operand = graph.nodes[index].input(0).flatMap { facts.producers[$0.index] }
            let reader = facts.uses[graph.nodes[index].firstOutput.index].first
            return (operand ?? index)...(reader ?? index)
        }
    }

    /// Searches those regions that have not been searched, on all cores.
    private mutating func solve(_ regions: [Region], isExhaustive: Bool) throws {
        var keys = Set(solved.keys)
        let new = regions.filter { keys.insert($0.key).inserted }
        guard !new.isEmpty, !isExhausted else { return }
        let budget = max(limits.clusterStates, min(limits.regionStates, (limits.states - states) / new.count))
        let tell: @Sendable (Int) -> Void = { [progress] in progress($0, new.count) }
        let solutions = try new.parallelMap(progress: tell) {
            [finder, objective, limits, deadline, fruitless] region in
            var solver = RegionSolver(
                finder: finder, objective: objective, limits: limits, isExhaustive: isExhaustive, budget: budget,
                deadline: deadline, known: fruitless)
            return try solver.solve(region.state)
        }
        for (region, solution) in zip(new, solutions) {
            solved[region.key] = solution
            states += solution.states
            fruitless.formUnion(solution.fruitless)
        }
    }

    /// Counts a graph that was looked at.
    mutating func didLook() { states += 1 }

    /// The rewrites that make a graph better (``findImprovements(of:)``), found anew or remembered.
    mutating func improvements(of state: PricedGraph) throws -> [PricedCandidate] {
        let identity = state.identity
        // Equal graphs can number their nodes and values differently.
        if let last = lastImprovements, last.identity == identity, last.state.graph.nodes == state.graph.nodes,
            last.state.seeds == state.seeds
        {
            return last.candidates
        }
        lastImprovements = nil
        let candidates = try findImprovements(of: state)
        lastImprovements = (state, identity, candidates)
        return candidates
    }
}
