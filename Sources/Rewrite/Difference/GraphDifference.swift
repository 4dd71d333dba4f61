import IR

/// What is different between two graphs: nodes that only one of them has, and what changed about those that both have.
public struct GraphDifference: Sendable {
    /// The differences: about nodes of the first graph in its order, then nodes that only the second one has.
    public let changes: [GraphChange]
    /// Nodes that both graphs have.
    public let alignedNodes: Int
    let alignment: GraphAlignment

    /// For each node of the second graph, the node of the first one that it is; nil for new ones.
    package var partners: [Int?] { alignment.inverse }

    /// Whether the graphs have the same nodes, wired in the same way.
    public var isEqualStructure: Bool { changes.isEmpty }

    /// The first graph's inputs that the second graph lacks, and the other way round.
    public let unmatchedInputs: (first: [String], second: [String])

    /// The difference of two graphs. Names need not agree: inputs and outputs that have no namesake go by position.
    ///
    /// - Complexity: see ``GraphAlignment``; constants whose data is at hand are compared byte by byte.
    package init(_ first: Graph, _ second: Graph) {
        let alignment = GraphAlignment(first, second)
        self.alignment = alignment
        alignedNodes = alignment.partners.count { $0 != nil }
        let inputs = (Set(alignment.inputs.map(\.first)), Set(alignment.inputs.map(\.second)))
        unmatchedInputs = (
            first.inputs.filter { !inputs.0.contains($0) }.map { first[$0].name },
            second.inputs.filter { !inputs.1.contains($0) }.map { second[$0].name }
        )
        var finder = ChangeFinder(alignment)
        changes = finder.changes()
    }

    /// How often each operator that depends on inputs occurs in the two graphs, and how many elements it gives, by name.
    public var operatorCounts: [OperatorCount] {
        var counts: [OperatorName: OperatorCount] = [:]
        for (side, isFirst) in [(alignment.first, true), (alignment.second, false)] {
            for (index, node) in side.graph.nodes.enumerated() where !side.isOnConstants(index) {
                let elements = node.outputs.compactMap { $0 }.compactMap { side.graph[$0].type?.elementCount }
                counts[node.op, default: OperatorCount(op: node.op)].add(elements.reduce(0, &+), isFirst: isFirst)
            }
        }
        return counts.values.sorted { $0.op < $1.op }
    }

    /// An operator in two graphs.
    public struct OperatorCount: Hashable, Sendable {
        /// The operator.
        public let op: OperatorName
        /// Nodes in the first graph.
        public private(set) var before = 0
        /// Nodes in the second graph.
        public private(set) var after = 0
        /// Elements of all outputs of those nodes in the first graph.
        public private(set) var elementsBefore = 0
        /// Elements of all outputs of those nodes in the second graph.
        public private(set) var elementsAfter = 0

        init(op: OperatorName) { self.op = op }

        mutating func add(_ elements: Int, isFirst: Bool) {
            if isFirst {
                before += 1
                elementsBefore &+= elements
            } else {
                after += 1
                elementsAfter &+= elements
            }
        }
    }
}
