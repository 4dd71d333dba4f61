import Graph

extension OperatorSite {
    /// A node of a graph as a framework sees it.
    ///
    /// - Parameter visibility: who knows each value of the graph, as ``Graph/visibility(under:)`` finds it.
    /// - Complexity: O(operands); nothing is read from files.
    public init(_ node: Node, in graph: Graph, visibility: [Visibility]) {
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
            operand.isGraphInput = graph.inputs.contains(id)
            return operand
        }
        self.init(node: node, inputs: node.inputs.map(operand), outputs: node.outputs.map(operand))
    }

    /// Who knows all operands together.
    var joinedVisibility: Visibility {
        inputs.reduce(.public) { known, operand in operand.map { known.joined(with: $0.visibility) } ?? known }
    }
}
