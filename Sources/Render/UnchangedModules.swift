import IR

/// The modules of a difference in which nothing changed.
struct UnchangedModules {
    /// Modules with a change in them, at any depth.
    private var changed: Set<Scope> = []
    private let expanded: [Scope]

    /// - Parameter expanded: modules that meet one of these paths do not count.
    init(_ selection: Selection, expanded: [Scope]) {
        self.expanded = expanded
        for (node, change) in zip(selection.model.graph.nodes, selection.changes) where change != .none {
            for depth in 0...node.scope.path.count { changed.insert(node.scope.prefix(depth)) }
        }
    }

    /// The outermost unchanged module around a scope; nil if there is none.
    func module(around scope: Scope) -> Scope? {
        for depth in 0..<scope.path.count {
            let module = scope.prefix(depth + 1)
            if !changed.contains(module) { return expanded.contains(where: module.meets) ? nil : module }
        }
        return nil
    }
}
