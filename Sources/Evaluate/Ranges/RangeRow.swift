import IR

/// A row of the range table: how the results of an operator are bounded.
struct RangeRow: Sendable {
    /// The operands whose intervals must be found first.
    enum Operands: Sendable {
        /// All of them.
        case all
        /// Those at some positions.
        case only([Int])
        /// Those that are no constants; the row looks at the data of constants itself, if need be.
        case computed
    }

    /// The operator.
    let op: OperatorName
    /// The operands whose intervals must be found first.
    let reads: Operands
    /// Whether the intervals hold for integers, too, as long as none wraps around. Division, for one, rounds them.
    let holdsForIntegers: Bool
    /// The intervals of the results, in order.
    let transfer: @Sendable (RangeCall) -> [Interval]

    /// The row of an operator with one result.
    init(
        _ op: OperatorName, reads: Operands = .all, integers: Bool = false,
        _ transfer: @escaping @Sendable (RangeCall) -> Interval
    ) {
        self.init(results: op, reads: reads, integers: integers) { [transfer($0)] }
    }

    /// The row of an operator with several results.
    init(
        results op: OperatorName, reads: Operands = .all, integers: Bool = false,
        _ transfer: @escaping @Sendable (RangeCall) -> [Interval]
    ) {
        self.op = op
        self.reads = reads
        holdsForIntegers = integers
        self.transfer = transfer
    }

    /// The operands of a node whose intervals must be found first.
    func operands(of node: Node, in graph: Graph) -> [ValueID] {
        switch reads {
        case .all: node.inputs.compactMap { $0 }
        case .only(let positions): positions.compactMap { node.input($0) }
        case .computed: node.inputs.compactMap { $0 }.filter { graph[$0].knownTensor == nil }
        }
    }
}

/// A node with what is known of its operands, as a row of the range table sees it.
struct RangeCall {
    /// The node.
    let node: Node
    let graph: Graph
    let producers: [Int?]
    let memo: RangeMemo
    let constants: ConstantBounds

    init(node: Node, graph: Graph, producers: [Int?], memo: RangeMemo, constants: ConstantBounds) {
        self.node = node
        self.graph = graph
        self.producers = producers
        self.memo = memo
        self.constants = constants
    }

    /// Another node of the graph.
    init(node: Node, in call: RangeCall) {
        self.init(
            node: node, graph: call.graph, producers: call.producers, memo: call.memo, constants: call.constants)
    }

    /// The interval of an operand; everything if it is left out.
    func input(_ index: Int) -> Interval { node.input(index).map(interval) ?? .everything }

    /// The interval of an operand, whose data is read if it is a constant that has not been read yet.
    func data(_ index: Int) -> Interval {
        guard let tensor = tensor(index) else { return input(index) }
        return constants.bounds(of: tensor)
    }

    /// The intervals of all operands that are there.
    var inputs: [Interval] { node.inputs.compactMap { $0.map(interval) } }

    /// The interval of a value, everything if it has not been asked for.
    func interval(_ id: ValueID) -> Interval { memo.intervals[id.index] ?? .everything }

    /// Whether an operand is there.
    func has(_ index: Int) -> Bool { node.input(index) != nil }

    /// The axis lengths of an operand, if known.
    func lengths(_ index: Int) -> [Int]? { node.input(index).flatMap { graph[$0].type?.lengths } }

    /// The data of an operand that is a constant with data, or known.
    func tensor(_ index: Int) -> Tensor? {
        guard let id = node.input(index), let tensor = graph[id].knownTensor, tensor.isAvailable else { return nil }
        return tensor
    }

    /// The elements of an operand that is a constant with few elements.
    func numbers(_ index: Int) -> [Double]? {
        guard let tensor = tensor(index), tensor.elementCount <= Self.fewElements else { return nil }
        return try? NumericArray(tensor).doubles()
    }

    /// Constants of at most so many elements are read in any case: one number for each channel of a layer.
    static let fewElements = 1 << 14

    /// A floating-point attribute; no number if the node lacks it, of which no interval but everything is made.
    func float(_ name: String) -> Double { (try? node.float(name)).map { Double($0) } ?? .nan }

    /// An integer attribute, nil if the node lacks it.
    func int(_ name: String) -> Int? { try? node.int(name) }

    /// An integer attribute that is a switch; off if the node lacks it.
    func flag(_ name: String) -> Bool { (try? node.flag(name)) ?? false }

    /// The node that computes a value, if it is of the given operator.
    func producer(_ id: ValueID?, _ op: OperatorName) -> Node? {
        guard let id, let index = producers[id.index], graph.nodes[index].op == op else { return nil }
        return graph.nodes[index]
    }

    /// The single number that a public constant is.
    func scalar(_ id: ValueID?) -> Double? { id.flatMap { graph[$0].knownTensor?.scalar } }
}
