import IR

/// Prices graphs under a framework, statically: from shapes alone, without weights or data.
public struct Profiler: Sendable {
    /// Who charges.
    public let framework: any Framework
    /// Computes shape chains in the bodies of functions and loops; without one, what depends on such chains has no
    /// price.
    public let evaluator: (any ConstantEvaluator)?

    /// Most bodies (loops, branches, functions) inside each other.
    package static let deepest = 16

    /// How many bodies are around the graph that is priced.
    package var depth = 0

    /// A profiler for that framework.
    public init(_ framework: any Framework, evaluator: (any ConstantEvaluator)? = nil) {
        self.framework = framework
        self.evaluator = evaluator
    }

    /// The price of one node, by the first of these that applies: nothing, if one party or everybody knows all operands;
    /// the framework's own price; the price of its body (If, Loop, Scan, a function of the model, ONNX's function
    /// body); nothing, if it only moves elements about.
    ///
    /// - Parameters:
    ///   - visibility: who knows each value of the graph, as ``Graph/visibility(under:)`` finds it.
    ///   - context: the graph as a whole, for frameworks whose compiler rewrites neighbouring operators; without it
    ///     the node is priced as if it stood alone.
    /// - Throws: ``Unpriced`` with the reason.
    package func price(
        _ node: Node, in graph: Graph, visibility: [Visibility], context: GraphContext? = nil
    ) throws -> OperatorPrice {
        let name = node.op.type
        if !node.attributes.isEmpty, !node.subgraphs.isEmpty {
            return try controlFlow(node, in: graph, visibility: visibility)
        }
        let site = OperatorSite(node, in: graph, visibility: visibility, context: context)
        let testsFiniteness = framework.defaultVisibility.testsFiniteness
        if site.joinedVisibility != .private || node.hasPublicResult(testsFiniteness: testsFiniteness) {
            return OperatorPrice(Call(name, []), basis: .clear)
        }
        if ProtocolLevel.contains(node.op) { return try protocolLevelPrice(site) }
        if let price = try framework.price(site) { return price }
        if let price = try functionBody(site, in: graph) { return price }
        if node.has(.dataMovement),
            site.inputs.dropFirst().allSatisfy({ $0?.visibility ?? .public == .public })
        {
            return OperatorPrice(Call(name, []))
        }
        throw Unpriced("\(framework.info.title) has no \(node.op), and no function body stands for it")
    }

    /// What a graph costs, node by node.
    ///
    /// - Parameters:
    ///   - model: the model's name; the graph's own by default.
    ///   - policy: who knows inputs and parameters; the framework's default by default.
    /// - Throws: ``HarrierError`` if the policy names a value that is neither an input nor a constant.
    /// - Complexity: O(nodes + edges), with a small factor for the call tree of each price.
    public func profile(_ graph: Graph, model: String? = nil, policy: VisibilityPolicy? = nil) throws -> Profile {
        let visibility = try graph.visibility(under: policy ?? framework.defaultVisibility)
        var entries: [Profile.Entry] = []
        var unpriced: [Profile.UnpricedEntry] = []
        var rounds = [Int](repeating: 0, count: graph.nodes.count)
        entries.reserveCapacity(graph.nodes.count)
        for (index, result) in prices(of: graph, visibility: visibility).enumerated() {
            let node = graph.nodes[index]
            switch result {
            case .success(let price):
                rounds[index] = price.call.totalCriticalRounds
                entries.append(
                    Profile.Entry(index: index, name: node.name, op: node.op, scope: node.scope, price: price))
            case .failure(let error):
                unpriced.append(
                    Profile.UnpricedEntry(
                        index: index, name: node.name.isEmpty ? graph.label(ofNode: index) : node.name, op: node.op,
                        reason: error.reason))
            }
        }
        return Profile(
            model: model ?? graph.name, framework: framework.info, entries: entries, unpriced: unpriced,
            inputOutput: inputOutputCost(graph, visibility),
            setup: framework.setupCost(entries.map(\.price.call)) + sessionOpenings(graph, visibility),
            criticalPathRounds: graph.criticalPath(rounds))
    }

    /// Sharing what is secret among the inputs and revealing what is secret among the outputs.
    private func inputOutputCost(_ graph: Graph, _ visibility: [Visibility]) -> Cost {
        func secrets(_ ids: [ValueID]) -> [TensorType] {
            ids.filter { visibility[$0.index] != .public }.compactMap { graph[$0].type }
        }
        return framework.inputOutputCost(secrets(graph.inputs), secrets(graph.outputs))
    }
}

extension Graph {
    /// The longest path through the graph, a node being as long as its number.
    ///
    /// - Parameter lengths: a number for each node.
    /// - Complexity: O(nodes + edges)
    package func criticalPath(_ lengths: [Int]) -> Int {
        var finished = [Int](repeating: 0, count: values.count)
        var captured: [Int: [ValueID]] = [:]
        for (node, value) in capturesByNode() { captured[node, default: []].append(value) }
        var longest = 0
        for (index, node) in nodes.enumerated() {
            var start = 0
            for case let input? in node.inputs { start = max(start, finished[input.index]) }
            for input in captured[index] ?? [] { start = max(start, finished[input.index]) }
            let end = start +| lengths[index]
            for case let output? in node.outputs { finished[output.index] = end }
            longest = max(longest, end)
        }
        return longest
    }
}
