import IR

/// The left side of a rule, ready for matching: the function's nodes and the order in which to look for them.
struct Pattern: Sendable {
    /// How to come from what has matched to the next node.
    enum Step: Hashable, Sendable {
        /// The node that the search for matches starts from.
        case root(node: Int)
        /// The node that computes a value that is bound already.
        case producer(node: Int, of: ValueID)
        /// A node that reads a value that is bound already.
        case consumer(node: Int, of: ValueID)
        /// A node that shares no value with what has matched so far: any before the root.
        case anywhere(node: Int)

        /// The node of the pattern that it places.
        var node: Int {
            switch self {
            case .root(let node), .producer(let node, _), .consumer(let node, _), .anywhere(let node): node
            }
        }
    }

    /// The left side as written.
    let function: Function
    /// Inputs that a node may leave out, with the scalar that stands for them on the right side.
    let optionalInputs: [String: Double]
    /// The order in which nodes are matched: each hangs on one before it, except the first of a part that shares no value with
    /// the others.
    let steps: [Step]
    /// Nodes with a literal or constant operand are compared by content.
    let isLiteral: [Bool]
    /// The attributes that each node mentions, by name.
    let namedAttributes: [[(name: String, value: Attribute)]]
    /// The node of the pattern that computes each value.
    let producers: [Int?]

    /// Whether all nodes hang together by values.
    let isConnected: Bool

    /// Operators that must compute operands of the root: the operand's position, nil if operands can be exchanged.
    let rootOperands: [(position: Int?, op: OperatorName)]
    /// Nodes that compute an output of the pattern: two of them are always two nodes of the graph.
    let computesOutput: [Bool]
    /// Words of the pattern that stand for any operator of which a fact holds.
    let quantified: [OperatorName: OperatorFact]
    /// The fact that chooses each node's operator; nil where the pattern names it.
    let chosenBy: [OperatorFact?]
    /// Nodes that hand something on as a whole.
    let handsOn: [Bool]

    var graph: Graph { function.body }

    /// The node that the search for matches starts from.
    var root: Int {
        guard case .root(let node)? = steps.first else { return 0 }
        return node
    }

    /// The operator that the search for matches starts from; nil if a fact says which.
    var rootOperator: OperatorName? {
        chosenBy[root] == nil ? graph.nodes[root].op : nil
    }

    /// The pattern of a function.
    ///
    /// - Parameters:
    ///   - optionalInputs: inputs that a node may leave out, with the scalar that stands for them.
    ///   - quantified: words that stand for operators of which a fact holds.
    /// - Throws: ``HarrierError`` if it has no node, has parts that compute no output, or uses operators Harrier does not know.
    init(
        _ function: Function, optionalInputs: [String: Double] = [:], quantified: [OperatorName: OperatorFact] = [:]
    ) throws {
        self.function = function
        self.optionalInputs = optionalInputs
        self.quantified = quantified
        let graph = function.body
        for name in optionalInputs.keys where !graph.inputs.contains(where: { graph[$0].name == name }) {
            throw HarrierError("'optional' names '\(name)', which is no input of the pattern")
        }
        for word in quantified.keys where !graph.nodes.contains(where: { $0.op == word }) {
            throw HarrierError("'operator' names '\(word)', which is no node of the pattern")
        }
        for (index, node) in graph.nodes.enumerated()
        where OperatorTable[node.op] == nil && quantified[node.op] == nil {
            throw HarrierError("\(node.op) is not an operator Harrier knows", place: graph.label(ofNode: index))
        }
        isLiteral = graph.values.map { $0.constant != nil }
        producers = graph.producers()
        chosenBy = graph.nodes.map { quantified[$0.op] }
        handsOn = graph.nodes.map { quantified[$0.op] != nil || $0.attributes[Attribute.allOthers] != nil }
        namedAttributes = graph.nodes.map { node in
            node.attributes.filter { $0.key != Attribute.allOthers }.sorted { $0.key < $1.key }.map {
                ($0.key, $0.value)
            }
        }
        guard let last = graph.outputs.last, let root = producers[last.index] else {
            throw HarrierError("the last output of a pattern must be computed by one of its nodes")
        }
        steps = Self.plan(graph, from: root)
        guard steps.count == graph.nodes.count else {
            throw HarrierError("the pattern has a part that computes none of its outputs")
        }
        isConnected = steps.allSatisfy { if case .anywhere = $0 { false } else { true } }
        rootOperands = Self.rootOperands(graph, root: root, producers: producers).filter { quantified[$0.op] == nil }
        computesOutput = graph.nodes.map { $0.outputs.contains { $0.map(graph.outputs.contains) ?? false } }
    }

    /// Whether a node of a graph has the operator that a node of the pattern wants.
    func accepts(_ node: Int, _ found: Node) -> Bool {
        chosenBy[node]?.holds(of: found) ?? (found.op == graph.nodes[node].op)
    }

    /// The order in which to look for the nodes if another one than the root is known.
    func steps(from node: Int) -> [Step] { Self.plan(graph, from: node) }

    /// What a node of the pattern must be, in words.
    func title(_ node: Int) -> String {
        chosenBy[node]?.phrase ?? graph.nodes[node].op.description
    }

    private static func rootOperands(
        _ graph: Graph, root: Int, producers: [Int?]
    ) -> [(position: Int?, op: OperatorName)] {
        let node = graph.nodes[root]
        let isCommutative = OperatorTable[node.op]?.traits.contains(.commutative) == true
        return node.inputs.enumerated().compactMap { position, input in
            guard let producer = input.flatMap({ producers[$0.index] }) else { return nil }
            return (isCommutative ? nil : position, graph.nodes[producer].op)
        }
    }

    private static func plan(_ graph: Graph, from root: Int) -> [Step] {
        let producers = graph.producers()
        let uses = graph.uses()
        var steps: [Step] = [.root(node: root)]
        var placed: Set<Int> = [root]
        var next = 0
        while next < steps.count {
            let node = steps[next].node
            next += 1
            for case let input? in graph.nodes[node].inputs {
                if let producer = producers[input.index], placed.insert(producer).inserted {
                    steps.append(.producer(node: producer, of: input))
                }
            }
            // Producers first: a value has one producer, but any number of consumers to try.
            guard next == steps.count, placed.count < graph.nodes.count else { continue }
            let bound = placed.sorted().flatMap { graph.nodes[$0].inputs + graph.nodes[$0].outputs }.compactMap { $0 }
            for value in bound where graph[value].constant == nil {
                if let consumer = uses[value.index].first(where: { !placed.contains($0) }) {
                    placed.insert(consumer)
                    steps.append(.consumer(node: consumer, of: value))
                    break
                }
            }
            guard next == steps.count else { continue }
            if let other = graph.outputs.reversed().compactMap({ producers[$0.index] }).first(where: {
                placed.insert($0).inserted
            }) {
                steps.append(.anywhere(node: other))
            }
        }
        return steps
    }
}
