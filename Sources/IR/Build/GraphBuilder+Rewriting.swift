extension GraphBuilder {
    /// Writes the nodes of the graph again.
    ///
    /// - Parameter write: called with every node in order; what it appends takes the node's place. It has to compute all of the
    ///   node's outputs that are still read.
    package func rewriteNodes(_ write: (Node) throws -> Void) rethrows {
        let before = (scope: scope, metadata: metadata)
        defer { (scope, metadata) = before }
        for node in takeNodes() {
            (scope, metadata) = (node.scope, node.metadata)
            try write(node)
        }
    }

    /// A node's operands as terms.
    package func context(of node: Node) -> NodeContext {
        NodeContext(builder: self, node: node, inputs: node.inputs.map { $0.map { self[$0] } })
    }

    /// Marks all nodes so far.
    package func addMetadata(_ key: String, _ value: String) {
        updateNodes { $0.metadata[key] = value }
    }
}
