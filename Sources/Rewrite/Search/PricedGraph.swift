import Evaluate
import IR
import Pricing

/// A state of the search: a graph with the price of every node.
struct PricedGraph: Sendable {
    private(set) var graph: Graph
    /// Who knows each value, by ``ValueID/index``.
    let visibility: [Visibility]
    /// The price of each node.
    let prices: [NodePrice]
    /// The sum of the prices.
    let total: Cost
    /// A hash of each value that no node computes; of the others whatever it was before a node computed them.
    let seeds: [UInt64]
    /// What is known of the ranges of values.
    let knowledge: RangeKnowledge
    /// Whether this is a part of a graph.
    let isPart: Bool
    /// How fixed-point scales are found; nil where no rule asks for them.
    let scales: ScaleSettings?

    var refused: Int { prices.reduce(0) { $0 + ($1.isRefused ? 1 : 0) } }

    init(
        graph: Graph, visibility: [Visibility], prices: [NodePrice], seeds: [UInt64], knowledge: RangeKnowledge,
        isPart: Bool, scales: ScaleSettings?
    ) {
        self.graph = graph
        self.visibility = visibility
        self.prices = prices
        self.seeds = seeds
        self.knowledge = knowledge
        self.isPart = isPart
        self.scales = scales
        total = prices.reduce(.zero) { $0 + $1.cost }
    }

    /// A graph whose nodes are all priced anew.
    init(
        _ graph: Graph, policy: VisibilityPolicy, pricer: NodePricer, knowledge: RangeKnowledge = RangeKnowledge()
    ) throws {
        let visibility = try graph.visibility(under: policy)
        self.init(
            graph: graph, visibility: visibility, prices: pricer.prices(of: graph, visibility: visibility),
            seeds: zip(graph.values, visibility).map { $0.seed(visibility: $1) }, knowledge: knowledge, isPart: false,
            scales: pricer.scales)
    }

    /// What matching asks of the graph.
    var facts: GraphFacts {
        GraphFacts(
            graph, visibility: visibility, knowledge: knowledge, scales: scales.map { $0.seenFromPart(isPart) })
    }

    /// The same graph, its nodes marked at which single rules are not used.
    func marked(_ exclusions: RuleExclusions) -> PricedGraph {
        var result = self
        result.graph = exclusions.marking(graph)
        return result
    }

    func score(_ objective: Objective) -> Score {
        let figures = objective.figures(total)
        return Score(
            unpriced: prices.reduce(0) { $0 + ($1.isUnpriced ? 1 : 0) }, first: figures.first, refused: refused,
            second: figures.second, nodes: prices.reduce(0) { $0 + ($1.isSecure ? 1 : 0) })
    }
}

/// A candidate with what it would change.
struct PricedCandidate: Sendable {
    let candidate: Candidate
    /// Which of the finder's patterns matched, and where.
    let match: Match
    /// Prices of the new nodes.
    let prices: [NodePrice]
    /// Who knows each value of the fragment.
    let visibility: [Visibility]
    /// What the rewrite saves; negative where it costs more.
    let saved: Cost
    let unpricedChange: Int
    let refusedChange: Int
    let nodeChange: Int

    /// A pattern and what it matched.
    struct Match: Sendable {
        /// Which of the finder's patterns.
        let form: PatternIndex.ID
        let bindings: Bindings
    }

    /// A candidate priced against the state it was found in.
    init(_ candidate: Candidate, _ match: Match, in state: PricedGraph, pricer: NodePricer) {
        let fragment = candidate.fragment
        var visibility = candidate.hostValues.map { $0.map { state.visibility[$0.index] } ?? .public }
        var prices: [NodePrice] = []
        for node in fragment.nodes {
            var known = Visibility.public
            for case let input? in node.inputs { known = known.joined(with: visibility[input.index]) }
            for case let output? in node.outputs { visibility[output.index] = known }
            prices.append(pricer.price(node, in: fragment, visibility: visibility))
        }
        let gone = candidate.removed.map { state.prices[$0] }
        func change(_ property: (NodePrice) -> Bool) -> Int {
            prices.filter(property).count - gone.filter(property).count
        }
        unpricedChange = change(\.isUnpriced)
        self.candidate = candidate
        self.match = match
        self.prices = prices
        self.visibility = visibility
        saved = gone.reduce(.zero) { $0 + $1.cost } - prices.reduce(.zero) { $0 + $1.cost }
        refusedChange = change(\.isRefused)
        nodeChange = change(\.isSecure)
    }

    /// A candidate that changes the same as another one, elsewhere.
    init(_ candidate: Candidate, _ match: Match, pricedAs other: PricedCandidate) {
        self.candidate = candidate
        self.match = match
        prices = other.prices
        visibility = other.visibility
        saved = other.saved
        unpricedChange = other.unpricedChange
        refusedChange = other.refusedChange
        nodeChange = other.nodeChange
    }

    /// The score that the state would have after the rewrite.
    func score(after state: PricedGraph, _ score: Score, _ objective: Objective) -> Score {
        let figures = objective.figures(state.total - saved)
        return Score(
            unpriced: score.unpriced + unpricedChange, first: figures.first, refused: score.refused + refusedChange,
            second: figures.second, nodes: score.nodes + nodeChange)
    }
}
