import IR

/// Nodes at which single rules are not used, though they are elsewhere: with all of them the framework's error grows too large.
public struct RuleExclusions: Hashable, Sendable {
    /// Names of nodes, by the name of the rule.
    private var nodes: [String: Set<String>] = [:]

    /// None.
    public init() {}

    /// Does not use a rule at some more nodes.
    public mutating func exclude(_ rule: String, at names: some Sequence<String>) {
        nodes[rule, default: []].formUnion(names)
    }

    /// The graph with its nodes marked.
    ///
    /// - Complexity: O(nodes · rules).
    func marking(_ graph: Graph) -> Graph {
        guard !nodes.isEmpty else { return graph }
        var result = graph
        for index in graph.nodes.indices {
            let name = graph.displayName(ofNode: index)
            let rules = nodes.filter { $0.value.contains(name) }.keys.sorted()
            if !rules.isEmpty { result.nodes[index].metadata[Node.excludedRulesKey] = rules.joined(separator: ",") }
        }
        return result
    }
}

extension Node {
    /// The metadata key under which a node says, while a search lasts, which rules are not used there.
    static let excludedRulesKey = "ai.harrier.without"

    /// Whether a rule is not used at the node.
    func excludes(_ rule: String) -> Bool {
        guard !metadata.isEmpty, let rules = metadata[Self.excludedRulesKey] else { return false }
        return rules.split(separator: ",").contains { $0 == rule }
    }
}
