import Evaluate
import IR
import Pricing

/// A run of nodes as a graph of its own, in which a search can try rewrites without copying the whole.
///
/// What it reads from outside is an input, with what is known of it; what others read of it is read by a node that stands for
/// them, as often as they do, so that conditions such as `used_once` see what they see in the whole. Being a run of the
/// topological order it is convex: nothing outside lies on a path between two of its nodes.
struct Region: Sendable {
    /// The domain of nodes that stand for the world outside.
    static let domain = "ai.harrier.region"

    let state: PricedGraph
    /// The value of the whole for each value of the region; nil for one that stands for the outside.
    let hostValues: [ValueID?]
    /// Equal for regions that differ in names and in the content of parameters only, so that what is found in one holds in the
    /// others. The same within a run of the program.
    let key: UInt64
}

/// Takes regions out of a graph.
struct RegionExtraction {
    private let host: PricedGraph
    private let facts: GraphFacts
    private let pricer: NodePricer

    init(of host: PricedGraph, facts: GraphFacts, pricer: NodePricer) {
        self.host = host
        self.facts = facts
        self.pricer = pricer
    }

    /// The region of those nodes, without those that are run beforehand.
    func region(_ range: Range<Int>) -> Region {
        var builder = RegionBuilder(host: host, facts: facts)
        for index in range where !host.graph.nodes[index].isPrecomputed { builder.add(node: index) }
        return builder.finish(range, pricer: pricer)
    }
}

/// A region while it is put together.
private struct RegionBuilder {
    let host: PricedGraph
    let facts: GraphFacts
    private var graph: Graph
    private var sources: [Node] = []
    private var nodes: [Node] = []
    private var prices: [NodePrice] = []
    private var local: [ValueID: ValueID] = [:]
    private var hostValues: [ValueID?] = []
    private var visibility: [Visibility] = []
    private var seeds: [UInt64] = []
    private var ranges: [ValueID: Interval] = [:]
    private var largestConstants: [ValueID: Double] = [:]
    private var farNumbers: [ValueID: Double] = [:]
    private var hasher = Hasher()

    init(host: PricedGraph, facts: GraphFacts) {
        self.host = host
        self.facts = facts
        graph = Graph(name: "region", opsets: host.graph.opsets)
        graph.functions = host.graph.functions
    }

    mutating func add(node index: Int) {
        var node = host.graph.nodes[index]
        hasher.combine(host.prices[index].signature)
        hasher.combine(node.metadata[Node.excludedRulesKey])
        node.inputs = node.inputs.map { input in
            let id = input.map { operand($0) }
            hasher.combine(id)
            return id
        }
        node.outputs = node.outputs.map { output in
            hasher.combine(output == nil)
            return output.map { add($0, isComputed: true) }
        }
        nodes.append(node)
        prices.append(host.prices[index])
    }

    /// The region's value for one that its nodes read.
    private mutating func operand(_ id: ValueID) -> ValueID {
        if let known = local[id] { return known }
        let new = add(id, isComputed: false)
        guard graph[new].constant == nil else { return new }
        let isConstant = facts.isConstant[id.index]
        hasher.combine(isConstant)
        if isConstant {
            // A constant that somebody computes beforehand.
            sources.append(
                Node(op: "Constant", inputs: [], outputs: [new], metadata: [Graph.precomputedKey: "true"]))
        } else {
            graph.inputs.append(new)
            let range = facts.ranges.interval(of: id)
            // Regions whose inputs differ a little in range may be solved alike: what is replayed is tried anew there.
            hasher.combine([range.low < 0, range.high > 0, range.isBounded])
            ranges[new] = range
            let largest = facts.largestConstant(in: id)
            let far = facts.largestNumber(behind: [id])
            hasher.combine([largest, far].flatMap { [$0 > GraphFacts.farAway, $0 > GraphFacts.extreme] })
            largestConstants[new] = largest
            farNumbers[new] = far
        }
        return new
    }

    private mutating func add(_ id: ValueID, isComputed: Bool) -> ValueID {
        let value = host.graph[id]
        let new = graph.add(value)
        local[id] = new
        hostValues.append(id)
        visibility.append(host.visibility[id.index])
        let seed = value.constant == nil ? value.seed(visibility: host.visibility[id.index]) : host.seeds[id.index]
        hasher.combine(seed)
        // Parameters and what comes from outside are told apart within the region, but not from those of other regions.
        seeds.append(value.isPublicConstant ? seed : mixed(seed, UInt64(new.index)))
        return new
    }

    mutating func finish(_ range: Range<Int>, pricer: NodePricer) -> Region {
        var read: [ValueID?] = []
        for (index, hostValue) in hostValues.enumerated() {
            guard let hostValue, let producer = facts.producers[hostValue.index], range.contains(producer),
                !host.graph.nodes[producer].isPrecomputed
            else {
                continue
            }
            let id = ValueID(index)
            // Whether others read it once or more often is all that can matter.
            let outside = facts.uses[hostValue.index].lazy.filter { !range.contains($0) }.prefix(2).count
            read += Array(repeating: id, count: outside)
            if facts.isOutput(hostValue) { graph.outputs.append(id) }
        }
        hasher.combine(read)
        hasher.combine(graph.outputs)
        if !read.isEmpty { addReader(of: read) }
        graph.nodes = sources + nodes
        let sourcePrices = sources.map { pricer.price($0, in: graph, visibility: visibility) }
        var all = sourcePrices + prices
        if pricer.fusesOperators { all = pricer.prices(of: graph, visibility: visibility, isPart: true) }
        let state = PricedGraph(
            graph: graph, visibility: visibility, prices: all, seeds: seeds,
            knowledge: host.knowledge.ofPart(
                inputs: ranges, largestConstants: largestConstants, farNumbers: farNumbers),
            isPart: true,
            scales: host.scales)
        return Region(state: state, hostValues: hostValues, key: UInt64(bitPattern: Int64(hasher.finalize())))
    }

    /// Adds the node that stands for what reads the region's values.
    private mutating func addReader(of values: [ValueID?]) {
        let result = graph.add(Value(name: "outside"))
        hostValues.append(nil)
        visibility.append(.public)
        seeds.append(0)
        nodes.append(Node(op: OperatorName("Outside", domain: Region.domain), inputs: values, outputs: [result]))
        prices.append(NodePrice(isSecure: false))
        graph.outputs.append(result)
    }
}
