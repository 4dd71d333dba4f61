import IR
import Pricing

extension Framework {
    /// Why the framework's importer refuses a node of a result; nil if it takes it, with the defaults of attributes written out if need be
    /// (``Graph/writingOutDefaults(for:_:)``).
    func refusalOfResult(_ site: OperatorSite) -> String? {
        facts.refusal(site) == nil ? nil : facts.refusal(site.writingOutDefaults())
    }
}

extension OperatorSite {
    /// The node with all defaults written out.
    fileprivate func writingOutDefaults() -> OperatorSite {
        var site = self
        site.node = node.writingOutDefaults(spatialAxes: input(0)?.type.rank.map { $0 - 2 })
        return site
    }
}

extension Graph {
    /// The graph with defaults of attributes written out in the nodes that a framework's importer refuses without them and takes with them:
    /// CrypTen's `from_onnx` reads many attributes whether they are there or not.
    ///
    /// - Throws: ``HarrierError`` if the policy names a value that is neither an input nor a constant.
    func writingOutDefaults(for framework: any Framework, _ policy: VisibilityPolicy) throws -> Graph {
        let visibility = try visibility(under: policy)
        var result = self
        for (index, node) in nodes.enumerated() {
            let site = OperatorSite(node, in: self, visibility: visibility)
            guard framework.refusal(site) != nil, framework.refusalOfResult(site) == nil else { continue }
            result.nodes[index] = site.writingOutDefaults().node
        }
        return result
    }
}
