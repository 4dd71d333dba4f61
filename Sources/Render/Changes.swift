import IR

/// What is new, changed and gone between two graphs, node by node.
struct Changes {
    /// For each node of the graph before.
    let before: [Drawing.Change]
    /// For each node of the graph after.
    let after: [Drawing.Change]

    /// Partners whose nodes have other attributes, constants or output types have changed.
    ///
    /// - Parameter partners: for each node of the graph after, the node of the graph before that it is.
    init(before: Graph, after: Graph, partners: [Int?]) {
        var former = [Drawing.Change](repeating: .removed, count: before.nodes.count)
        var latter: [Drawing.Change] = []
        for (node, partner) in zip(after.nodes, partners) {
            guard let partner else {
                latter.append(.added(rule: node.originatingRule))
                continue
            }
            let isSame = Changes.isSame(before.nodes[partner], in: before, node, in: after)
            former[partner] = isSame ? .none : .changed(rule: nil)
            latter.append(isSame ? .none : .changed(rule: node.originatingRule))
        }
        self.before = former
        self.after = latter
    }

    /// Pairs nodes by operator and name; a node without a name goes by that of its first output.
    ///
    /// - Returns: for each node of the graph after, the node of the graph before that has its name.
    static func namesakes(before: Graph, after: Graph) -> [Int?] {
        var waiting: [Identity: ArraySlice<Int>] = [:]
        for (index, node) in before.nodes.enumerated() {
            waiting[Identity(node, in: before), default: []].append(index)
        }
        return after.nodes.map { waiting[Identity($0, in: after)]?.popFirst() }
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

    /// Whether two nodes of one operator compute the same on the same data.
    private static func isSame(_ one: Node, in before: Graph, _ two: Node, in after: Graph) -> Bool {
        one.attributes == two.attributes
            && one.outputs.map({ $0.flatMap { before[$0].type } }) == two.outputs.map { $0.flatMap { after[$0].type } }
            && one.inputs.count == two.inputs.count
            && zip(one.inputs, two.inputs).dropFirst().allSatisfy { mine, other in
                isSame(mine.map { before[$0] }, other.map { after[$0] })
            }
    }

    /// Whether two operands can be the same: constants of one name, or of one content.
    ///
    /// Whoever computes it or not, a value that stands at a weight's place has another name.
    private static func isSame(_ one: Value?, _ two: Value?) -> Bool {
        guard let mine = one?.constant, let other = two?.constant else {
            return one?.constant == nil && two?.constant == nil
        }
        return one?.name == two?.name || mine.tensor == other.tensor
    }
}
