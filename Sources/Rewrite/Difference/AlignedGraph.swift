import IR

/// One of two graphs that are compared, with what the comparison asks of it.
struct AlignedGraph: Sendable {
    let graph: Graph
    /// The node that computes each value.
    let producers: [Int?]
    /// The nodes that read each value.
    let uses: [[Int]]
    /// Whether a value depends on constants only.
    let isConstant: [Bool]
    /// Nodes from the inputs to the outputs, operands in their order: the same for graphs whose nodes are listed in another
    /// order.
    let order: [Int]
    /// What the node computes, without where its operands come from: operator, attributes, types of outputs and of constant
    /// operands.
    let signatures: [UInt64]

    /// - Parameter outputs: the graph's outputs in the order in which to start from them.
    init(_ graph: Graph, outputs: [ValueID]) {
        self.graph = graph
        producers = graph.producers()
        uses = graph.uses()
        isConstant = graph.constantValues()
        order = Self.order(of: graph, producers: producers, outputs: outputs)
        signatures = graph.nodes.map { Self.signature(of: $0, in: graph) }
    }

    /// Whether a node depends on constants only.
    func isOnConstants(_ node: Int) -> Bool {
        let outputs = graph.nodes[node].outputs.compactMap { $0 }
        return !outputs.isEmpty && outputs.allSatisfy { isConstant[$0.index] }
    }

    /// The operands of a node that depend on inputs, each once.
    func dataOperands(of node: Int) -> [ValueID] {
        var seen: Set<ValueID> = []
        return graph.nodes[node].inputs.compactMap { $0 }.filter { !isConstant[$0.index] && seen.insert($0).inserted }
    }

    /// The nodes that read what a node computes, each once.
    func consumers(of node: Int) -> [Int] {
        var seen: Set<Int> = []
        return graph.nodes[node].outputs.compactMap { $0 }.flatMap { uses[$0.index] }.filter {
            seen.insert($0).inserted
        }
    }

    private static func order(of graph: Graph, producers: [Int?], outputs: [ValueID]) -> [Int] {
        var isPlaced = [Bool](repeating: false, count: graph.nodes.count)
        var order: [Int] = []
        func place(from start: Int) {
            var stack = [(node: start, next: 0)]
            isPlaced[start] = true
            while let top = stack.last {
                let inputs = graph.nodes[top.node].inputs
                guard top.next < inputs.count else {
                    order.append(top.node)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                if let producer = inputs[top.next].flatMap({ producers[$0.index] }), !isPlaced[producer] {
                    isPlaced[producer] = true
                    stack.append((producer, 0))
                }
            }
        }
        for output in outputs { if let node = producers[output.index], !isPlaced[node] { place(from: node) } }
        for node in graph.nodes.indices where !isPlaced[node] { place(from: node) }
        return order
    }

    private static func signature(of node: Node, in graph: Graph) -> UInt64 {
        var hasher = StableHasher("signature")
        hasher.combine(attributeHash(of: node))
        hasher.combine(node.outputs) { $0.combine($1.map { graph[$0].type?.description ?? "?" } ?? "") }
        hasher.combine(node.inputs) { hasher, id in
            hasher.combine(id.flatMap { graph[$0].constant?.tensor.type.description } ?? "")
        }
        return hasher.value
    }

    /// A hash of a node's operator and attributes; one that has its default counts like one that is left out.
    static func attributeHash(of node: Node) -> UInt64 {
        let definition = OperatorTable[node.op]
        var hasher = StableHasher("attributes")
        hasher.combine(node.op.description)
        let written = node.attributes.filter { definition?.attribute($0.key)?.defaultValue != $0.value }
        hasher.combine(written.sorted { $0.key < $1.key }) {
            $0.combine($1.key)
            $1.value.combineContent(into: &$0)
        }
        return hasher.value
    }
}
