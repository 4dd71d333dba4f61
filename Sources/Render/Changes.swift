import Graph

/// What is new, changed and gone between two graphs, node by node.
struct Changes {
    /// For each node of the graph before.
    let before: [Drawing.Change]
    /// For each node of the graph after.
    let after: [Drawing.Change]

    /// Pairs nodes by operator and name; a node without a name goes by that of its first output. A pair whose nodes have
    /// other attributes, constants or output types is a change.
    init(before: Graph, after: Graph) {
        var waiting: [Identity: [Int]] = [:]
        for (index, node) in before.nodes.enumerated() {
            waiting[Identity(node, in: before), default: []].append(index)
        }
        var former = [Drawing.Change](repeating: .removed, count: before.nodes.count)
        var latter: [Drawing.Change] = []
        for node in after.nodes {
            let identity = Identity(node, in: after)
            guard let partner = waiting[identity]?.first else {
                latter.append(.added(rule: node.originatingRule))
                continue
            }
            waiting[identity]?.removeFirst()
            let isSame = Content(before.nodes[partner], in: before) == Content(node, in: after)
            former[partner] = isSame ? .none : .changed(rule: nil)
            latter.append(isSame ? .none : .changed(rule: node.originatingRule))
        }
        self.before = former
        self.after = latter
    }

    private struct Identity: Hashable {
        let op: OperatorName
        let name: String

        init(_ node: Node, in graph: Graph) {
            op = node.op
            name =
                node.name.isEmpty ? node.outputs.lazy.compactMap { $0 }.first.map { graph[$0].name } ?? "" : node.name
        }
    }

    /// What can differ between two nodes of one name.
    private struct Content: Equatable {
        let attributes: [String: Attribute]
        let constants: [String?]
        let types: [TensorType?]

        init(_ node: Node, in graph: Graph) {
            attributes = node.attributes
            // Whoever computes it or not, a value that stands at a weight's place has another name.
            constants = node.inputs.dropFirst().map { $0.flatMap { graph[$0].constant == nil ? nil : graph[$0].name } }
            types = node.outputs.map { $0.flatMap { graph[$0].type } }
        }
    }
}
