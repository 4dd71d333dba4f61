extension VisibilityPolicy {
    /// What a user states of a graph by name, and for the rest the framework's default.
    ///
    /// - Parameter statements: who knows inputs and initializers of these names; `inputs` and `weights` mean all of them, unless
    ///   the graph has a value of that name.
    package init(stating statements: [String: Visibility], in graph: Graph, under framework: any Framework) {
        self = framework.defaultVisibility
        for (name, visibility) in statements {
            let group = graph.value(named: name) == nil ? name : ""
            switch group {
            case "inputs": inputs = visibility
            case "weights": parameters = visibility
            default: exceptions[name] = visibility
            }
        }
    }
}
