import IR

/// Modules for operators that an exporter or a rewrite left without one, so that they stand with their neighbours and not
/// at the edge of the drawing.
enum ModuleInference {
    /// The innermost module around both what an operator reads and what reads it, for operators without a module of their own;
    /// for others that.
    ///
    /// - Parameter isDrawn: nodes that count.
    /// - Complexity: O(nodes + edges), times the depth of the modules.
    static func scopes(of graph: Graph, isDrawn: [Bool]) -> [Scope] {
        let own = graph.nodes.map(\.scope)
        guard own.contains(where: { $0.path.isEmpty }), own.contains(where: { !$0.path.isEmpty }) else { return own }
        let producers = graph.producers()
        let uses = graph.uses()
        /// What a node's neighbours on one side have in common; nil if there are none.
        func common(_ neighbours: [Int], _ found: [Scope?]) -> Scope? {
            neighbours.filter { isDrawn[$0] }.compactMap { own[$0].path.isEmpty ? found[$0] : own[$0] }
                .reduce(nil) { $0?.common(with: $1) ?? $1 }
        }
        var above = [Scope?](repeating: nil, count: own.count)
        for index in own.indices.reversed() where own[index].path.isEmpty {
            above[index] = common(graph.nodes[index].outputs.compactMap { $0 }.flatMap { uses[$0.index] }, above)
        }
        var below = [Scope?](repeating: nil, count: own.count)
        for index in own.indices where own[index].path.isEmpty {
            below[index] = common(graph.nodes[index].inputs.compactMap { $0.flatMap { producers[$0.index] } }, below)
        }
        return own.indices.map { index in
            guard own[index].path.isEmpty, let lower = below[index], let upper = above[index] else { return own[index] }
            return lower.common(with: upper)
        }
    }
}

extension Scope {
    /// The innermost module around two.
    fileprivate func common(with other: Scope) -> Scope {
        prefix(zip(path, other.path).prefix { $0 == $1 }.count)
    }
}
