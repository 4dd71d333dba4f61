import IR

extension OperatorSite {
    /// A node of a graph as a framework sees it.
    ///
    /// - Parameters:
    ///   - visibility: who knows each value of the graph, as ``Graph/visibility(under:)`` finds it.
    ///   - context: the graph as a whole, for frameworks that look at neighbouring nodes.
    /// - Complexity: O(operands); nothing is read from files.
    package init(
        _ node: Node, in graph: Graph, visibility: [Visibility], context: GraphContext? = nil
    ) {
        var read: Set<ValueID> = []
        func operand(_ id: ValueID?) -> Operand? {
            guard let id, graph.values.indices.contains(id.index) else { return nil }
            let value = graph[id]
            let seen = value.known != nil ? Visibility.public : visibility[id.index]
            var isInitializer = false
            if case .initializer? = value.constant?.form { isInitializer = true }
            var operand = Operand(
                type: value.type ?? TensorType(.float32, nil), visibility: seen,
                tensor: seen == .public ? value.knownTensor.flatMap { $0.isAvailable ? $0 : nil } : nil,
                isInitializer: isInitializer)
            operand.isModelInput = context?.modelInputs.contains(id) ?? false
            operand.isRepeated = !read.insert(id).inserted
            return operand
        }
        self.init(node: node, inputs: node.inputs.map(operand), outputs: node.outputs.map(operand))
        self.context = context
    }

    /// Who knows all operands together.
    package var joinedVisibility: Visibility {
        inputs.reduce(.public) { known, operand in operand.map { known.joined(with: $0.visibility) } ?? known }
    }
}

/// The graph around its nodes: for each value the node that computes it and the nodes that read it (use-def and def-use chains),
/// and who knows it.
public struct GraphContext: Sendable {
    /// The graph.
    public let graph: Graph
    /// Who knows each value.
    public let visibility: [Visibility]
    /// The inputs of the model; none inside bodies, whose inputs are computed outside.
    package let modelInputs: Set<ValueID>
    private let producers: [Int?]
    private let uses: [[Int]]
    private let movements: [ValueID: Movement]

    /// The chains of a whole graph.
    ///
    /// - Parameters:
    ///   - isBody: whether the graph is the body of a node.
    ///   - findsMovements: whether ``movement(of:)`` will be asked.
    /// - Complexity: O(nodes + edges)
    package init(_ graph: Graph, visibility: [Visibility], isBody: Bool = false, findsMovements: Bool = false) {
        self.graph = graph
        self.visibility = visibility
        modelInputs = isBody ? [] : Set(graph.inputs)
        producers = graph.producers()
        uses = graph.uses()
        movements = findsMovements ? graph.movements() : [:]
    }

    /// The node that computes a value; nil for inputs and constants.
    public func producer(of id: ValueID) -> Node? { producers[id.index].map { graph.nodes[$0] } }

    /// The nodes that read a value, in order, each as often as it reads it.
    public func consumers(of id: ValueID) -> [Node] { uses[id.index].map { graph.nodes[$0] } }

    /// The transpositions and reshapes that a value went through and that could come after the elementwise operators behind them.
    package func movement(of id: ValueID) -> Movement? { movements[id] }

    /// Whether a value is a result of the graph.
    public func isResult(_ id: ValueID) -> Bool { graph.outputs.contains(id) }

    /// Whether a value is not known to everybody.
    public func isSecret(_ id: ValueID) -> Bool { graph[id].known == nil && visibility[id.index] != .public }
}

extension Framework {
    /// What the framework is known to compute wrong of a graph, a phrase each.
    ///
    /// - Throws: as ``faultyNodes(in:_:)``.
    package func faults(in graph: Graph, _ policy: VisibilityPolicy) throws -> [String] {
        try faultyNodes(in: graph, policy).map { index, fault in
            "'\(graph.label(ofNode: index))' (\(graph.nodes[index].op)) wrong: \(fault.text)"
        }
    }

    /// The nodes that the framework is known to compute wrong, in order.
    ///
    /// - Throws: ``HarrierError`` if the policy names a value that is neither an input nor a constant.
    package func faultyNodes(
        in graph: Graph, _ policy: VisibilityPolicy
    ) throws -> [(node: Int, fault: FrameworkFault)] {
        guard let find = facts.fault else { return [] }
        let visibility = try graph.visibility(under: policy.keepingNames(of: graph))
        let context = GraphContext(graph, visibility: visibility, findsMovements: true)
        return graph.nodes.indices.compactMap { index in
            var site = OperatorSite(graph.nodes[index], in: graph, visibility: visibility)
            site.context = context
            return find(site).map { (index, $0) }
        }
    }
}
