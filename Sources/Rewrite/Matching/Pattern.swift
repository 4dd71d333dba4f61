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
    /// Values that a node of the pattern computes.
    let isComputed: [Bool]

    /// Whether all nodes hang together by values.
    let isConnected: Bool

    /// Operators that must compute operands of the root: the operand's position, nil if operands can be exchanged.
    let rootOperands: [(position: Int?, op: OperatorName)]

    var graph: Graph { function.body }

    /// The operator that the search for matches starts from.
    var rootOperator: OperatorName {
        guard case .root(let node)? = steps.first else { return "" }
        return graph.nodes[node].op
    }

    /// The pattern of a function.
    ///
    /// - Throws: ``HarrierError`` if it has no node, has parts that compute no output, or uses operators Harrier does not know.
    init(_ function: Function, optionalInputs: [String: Double]) throws {
        self.function = function
        self.optionalInputs = optionalInputs
        let graph = function.body
        for name in optionalInputs.keys where !graph.inputs.contains(where: { graph[$0].name == name }) {
            throw HarrierError("'optional' names '\(name)', which is no input of the pattern")
        }
        for (index, node) in graph.nodes.enumerated() where OperatorTable[node.op] == nil {
            throw HarrierError("\(node.op) is not an operator Harrier knows", place: graph.label(ofNode: index))
        }
        isLiteral = graph.values.map { $0.constant != nil }
        let producers = graph.producers()
        isComputed = producers.map { $0 != nil }
        steps = try Self.plan(graph, producers: producers)
        isConnected = steps.allSatisfy { if case .anywhere = $0 { false } else { true } }
        rootOperands = Self.rootOperands(graph, steps: steps, producers: producers)
    }

    private static func rootOperands(
        _ graph: Graph, steps: [Step], producers: [Int?]
    ) -> [(position: Int?, op: OperatorName)] {
        guard case .root(let root)? = steps.first else { return [] }
        let node = graph.nodes[root]
        let isCommutative = OperatorTable[node.op]?.traits.contains(.commutative) == true
        return node.inputs.enumerated().compactMap { position, input in
            guard let producer = input.flatMap({ producers[$0.index] }) else { return nil }
            return (isCommutative ? nil : position, graph.nodes[producer].op)
        }
    }

    private static func plan(_ graph: Graph, producers: [Int?]) throws -> [Step] {
        guard let last = graph.outputs.last, let root = producers[last.index] else {
            throw HarrierError("the last output of a pattern must be computed by one of its nodes")
        }
        let uses = graph.uses()
        var steps: [Step] = [.root(node: root)]
        var placed: Set<Int> = [root]
        var next = 0
        while next < steps.count {
            let node: Int
            switch steps[next] {
            case .root(let index), .producer(let index, _), .consumer(let index, _), .anywhere(let index): node = index
            }
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
        guard placed.count == graph.nodes.count else {
            throw HarrierError("the pattern has a part that computes none of its outputs")
        }
        return steps
    }
}
