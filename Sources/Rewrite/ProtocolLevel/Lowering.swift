import IR
import Pricing

/// Turns a graph into a protocol-level one of the same price: operators whose price contains the truncation of their result become
/// the operator without it and a Truncate.
///
/// A node is left as it is where its parts would not cost together what it costs. Where a framework leaves products at twice
/// the scale, as SCI's do until the next Relu, addends are brought to the scale of the products that they meet, which is local.
struct Lowering {
    /// What came out.
    struct Result {
        /// The protocol-level graph.
        var graph: Graph
        /// Nodes whose truncation has become a node of its own.
        var lowered = 0
    }

    private let profiler: Profiler
    private let prices: any ProtocolLevelPrices
    private let policy: VisibilityPolicy
    private let source: Graph
    private var graph: Graph
    private var visibility: [Visibility]
    private let isConstant: [Bool]
    /// Nodes that the framework's compiler prices together with others.
    private let entangled: Set<Int>
    private var analysis: ScaleAnalysis
    private var nodes: [Node] = []
    private var lowered = 0
    private let names: UniqueNames

    /// The protocol-level form of a graph.
    ///
    /// - Throws: ``HarrierError`` with the reason if there is none: the framework does not tell truncations apart, or leaves
    ///   somewhere in this graph a product untruncated that something needs truncated.
    static func lower(_ graph: Graph, policy: VisibilityPolicy, profiler: Profiler) throws -> Result {
        guard let prices = profiler.framework.protocolLevel else {
            throw HarrierError(
                "\(profiler.framework.info.title)'s truncations and openings are not priced apart from its operators")
        }
        var lowering = try Lowering(graph, policy: policy, profiler: profiler, prices: prices)
        for index in graph.nodes.indices {
            do {
                if lowering.entangled.contains(index) {
                    try lowering.place(graph.nodes[index])
                } else {
                    try lowering.add(graph.nodes[index])
                }
            } catch let error as HarrierError { throw error.at(graph.label(ofNode: index)) }
        }
        return try lowering.finish()
    }

    private init(_ graph: Graph, policy: VisibilityPolicy, profiler: Profiler, prices: any ProtocolLevelPrices) throws {
        self.profiler = profiler
        self.prices = prices
        self.policy = policy
        source = graph
        self.graph = graph
        self.graph.nodes = []
        visibility = try graph.visibility(under: policy)
        isConstant = graph.constantValues()
        entangled = Self.entangled(graph, visibility: visibility, profiler: profiler)
        analysis = ScaleAnalysis(graph, visibility: visibility, settings: ScaleSettings(profiler.framework))
        names = UniqueNames(taken: graph.values.map(\.name))
    }

    /// Nodes whose price depends on those around them, and those around them.
    private static func entangled(_ graph: Graph, visibility: [Visibility], profiler: Profiler) -> Set<Int> {
        guard profiler.framework.fusesOperators else { return [] }
        let together = profiler.prices(of: graph, visibility: visibility)
        let (producers, uses) = (graph.producers(), graph.uses())
        var result: Set<Int> = []
        for (index, node) in graph.nodes.enumerated() {
            let alone = try? profiler.price(node, in: graph, visibility: visibility).cost
            guard alone != (try? together[index].get().cost) else { continue }
            result.insert(index)
            result.formUnion(node.inputs.compactMap { $0.flatMap { producers[$0.index] } })
            result.formUnion(node.outputs.flatMap { $0.map { uses[$0.index] } ?? [] })
        }
        return result
    }

    private mutating func finish() throws -> Result {
        graph.nodes = nodes
        try graph.verify()
        _ = try ScaleAnalysis.whole(graph, visibility: visibility, settings: ScaleSettings(profiler.framework))
        return Result(graph: graph, lowered: lowered)
    }

    // MARK: Nodes

    private mutating func add(_ node: Node) throws {
        guard isSecure(node), node.op.domain.isEmpty, node.subgraphs.isEmpty else { return try place(node) }
        let type = node.op.type
        if ProtocolLevel.products.contains(type) || ProtocolLevel.averages.contains(type) {
            guard isProduct(node), let parts = split(node) else { return try place(node) }
            return try place(parts)
        }
        if ProtocolLevel.activations.contains(type), prices.truncatesActivations { return try addActivation(node) }
        try place(try aligned(node))
    }

    /// Whether the node runs under MPC.
    private func isSecure(_ node: Node) -> Bool {
        let known = node.inputs.compactMap { $0 }.reduce(Visibility.public) { $0.joined(with: visibility[$1.index]) }
        return known == .private && !node.isPrecomputed
            && !node.outputs.allSatisfy { $0.map { isConstant[$0.index] } ?? true }
    }

    /// Whether the operator multiplies fixed-point numbers once.
    private func isProduct(_ node: Node) -> Bool {
        func isFixedPoint(_ index: Int) -> Bool {
            node.input(index).flatMap { source[$0].type?.elementType.isFloatingPoint } ?? false
        }
        guard isFixedPoint(0) else { return false }
        switch node.op.type {
        case "Pow": return node.input(1).flatMap { source.publicTensor($0)?.scalar } == 2
        case "AveragePool", "GlobalAveragePool": return true
        // Without axes there is no input to hand on.
        case "ReduceMean": return node.input(1) != nil
        default: return isFixedPoint(1)
        }
    }

    /// The node without the truncation of its result, and the truncation; nil if they do not cost together what the node costs.
    private mutating func split(_ node: Node) -> [Node]? {
        guard let whole = cost(of: node, in: source), let output = node.output(0) else { return nil }
        var raw = node
        raw.op = ProtocolLevel.name(node.op.type)
        let hasTruncation = truncation(in: node) != nil
        // A product with a whole number stays at its scale.
        if !hasTruncation, isByWholeNumber(node) { return nil }
        if !hasTruncation, prices.truncatesActivations {
            // The next activation truncates.
            return !ProtocolLevel.averages.contains(node.op.type) && cost(of: raw, in: source) == whole ? [raw] : nil
        }
        // A truncation that is free is there all the same; of averages it is not known.
        guard hasTruncation || ProtocolLevel.products.contains(node.op.type) else { return nil }
        return parts(node, raw, output, whole, nonnegative: node.has(.power))
    }

    private mutating func parts(_ node: Node, _ raw: Node, _ output: ValueID, _ whole: Cost, nonnegative: Bool)
        -> [Node]?
    {
        for sign in nonnegative ? [1, 0] : [0] {
            var attributes = ["product": Attribute.int(1)]
            if sign == 1 { attributes["nonnegative"] = .int(1) }
            var raw = raw
            let inner = addValue(like: output, named: "raw")
            raw.outputs = [inner]
            let truncate = Node(
                name: "\(node.name.isEmpty ? graph[output].name : node.name)/Truncate", op: ProtocolLevel.truncate,
                inputs: [inner], outputs: [output], attributes: attributes, scope: node.scope)
            if let one = cost(of: raw, in: graph), let other = cost(of: truncate, in: graph), one + other == whole {
                lowered += 1
                return [raw, truncate]
            }
        }
        return nil
    }

    private func isByWholeNumber(_ node: Node) -> Bool {
        node.inputs.prefix(2).contains { id in
            id.flatMap { source.publicTensor($0)?.scalar }.map { $0 == $0.rounded() } ?? false
        }
    }

    /// A Relu or Clip that truncates.
    private mutating func addActivation(_ node: Node) throws {
        guard let operand = node.input(0), let output = node.output(0), let whole = cost(of: node, in: source) else {
            return try place(node)
        }
        guard analysis.scale(operand) == .ordinary + .ordinary else {
            throw HarrierError(
                "\(profiler.framework.info.title)'s \(node.op) scales down, but its operand is at the scale "
                    + "\(analysis.scale(operand) ?? .ordinary)")
        }
        var raw = node
        raw.op = ProtocolLevel.name(node.op.type)
        let isNonNegative =
            node.op == "Relu" || node.input(1).flatMap { source.publicTensor($0)?.scalar }.map { $0 >= 0 } ?? false
        guard isNonNegative, let parts = parts(node, raw, output, whole, nonnegative: true) else {
            throw HarrierError("its truncation cannot be told apart from it")
        }
        try place(parts)
    }

    /// The node with addends brought to the scale of the products that they meet.
    private mutating func aligned(_ node: Node) throws -> Node {
        guard let operands = ScaleAnalysis.alignedOperands(node), operands.count > 1 else { return node }
        let scales = operands.compactMap { node.input($0) }.filter { !isConstant[$0.index] }
            .compactMap { analysis.scale($0) }
        guard let largest = scales.max(by: { $0.width(prices.format) < $1.width(prices.format) }),
            scales.contains(where: { $0 != largest })
        else { return node }
        var result = node
        for index in operands {
            guard let id = node.input(index), !isConstant[id.index], let scale = analysis.scale(id), scale != largest,
                visibility[id.index] != .public
            else { continue }
            let up = largest - scale
            let raised = addValue(like: id, named: "scaled_up")
            try place(
                Node(
                    name: graph[raised].name, op: ProtocolLevel.scaleUp, inputs: [id], outputs: [raised],
                    attributes: ["factors": .int(up.factors), "bits": .int(up.bits)], scope: node.scope))
            result.inputs[index] = raised
        }
        return result
    }

    // MARK: Parts

    private mutating func place(_ more: [Node]) throws {
        for node in more { try place(node) }
    }

    private mutating func place(_ node: Node) throws {
        nodes.append(node)
        try analysis.add(node)
    }

    private mutating func addValue(like id: ValueID, named name: String) -> ValueID {
        let added = graph.add(Value(name: names.take("\(graph[id].name)/\(name)"), type: graph[id].type))
        visibility.append(visibility[id.index])
        analysis.addValue(graph[added], isFlexible: false)
        return added
    }

    private func cost(of node: Node, in graph: Graph) -> Cost? {
        try? profiler.price(node, in: graph, visibility: visibility).cost
    }

    private func truncation(in node: Node) -> Call? {
        guard let price = try? profiler.price(node, in: source, visibility: visibility) else { return nil }
        return price.call.cutting(prices.truncations).truncation
    }
}
