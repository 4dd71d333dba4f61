import Graph

/// What is new and what is gone between two graphs, node by node.
struct Changes {
    /// For each node of the graph before.
    let before: [Drawing.Change]
    /// For each node of the graph after.
    let after: [Drawing.Change]

    /// Compares by operator and name; a node without a name goes by that of its first output.
    init(before: Graph, after: Graph) {
        let former = before.nodes.map { Identity($0, in: before) }
        let latter = after.nodes.map { Identity($0, in: after) }
        self.before = Changes.unmatched(former, among: latter).map { $0 ? .removed : .none }
        self.after = zip(after.nodes, Changes.unmatched(latter, among: former)).map { node, isUnmatched in
            isUnmatched || node.rule != nil ? .added(rule: node.rule) : .none
        }
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

    /// Which of the nodes have no partner; of several of one identity, the last ones.
    private static func unmatched(_ nodes: [Identity], among others: [Identity]) -> [Bool] {
        var available = others.reduce(into: [Identity: Int]()) { $0[$1, default: 0] += 1 }
        return nodes.map { node in
            guard let count = available[node], count > 0 else { return true }
            available[node] = count - 1
            return false
        }
    }
}
