import IR

extension Optimizer {
    /// What the steps of a result make of the same model at other lengths of its open dimensions.
    ///
    /// - Parameters:
    ///   - graph: what was optimized.
    ///   - others: the model at other lengths.
    ///   - substitutions: how many of the steps were made before the search.
    ///   - isFolded: whether what can be computed beforehand is.
    /// - Throws: ``LengthDependence`` with the rule that does not fire there, ``HarrierError`` if a graph cannot be priced.
    /// - Complexity: matching every step anew, for each of the others.
    package func repeated(
        _ result: Result, of graph: Graph, on others: [Graph], substitutions: Int = 0, isFolded: Bool = true
    ) throws -> [Graph] {
        guard result.isRewritten else { return others.map { $0.asSpelled() } }
        var log = proof(of: result, on: graph, ProofContext(model: graph.name, framework: framework.info.name))
        log.steps.removeFirst(min(substitutions, log.steps.count))
        let (_, tidying) = try tidied(PricedGraph(graph, policy: policy, pricer: pricer, knowledge: knowledge))
        return try others.map {
            let state = try repeated(log, tidying.kept(in: log).count, on: $0)
            return isFolded ? try finished(state.graph) : state.graph
        }
    }

    private func repeated(_ log: ProofLog, _ tidying: Int, on other: Graph) throws -> PricedGraph {
        let original = try PricedGraph(other, policy: policy, pricer: pricer, knowledge: knowledge)
        var walk = ReplayWalk(
            log: log, optimizer: self, state: try tidied(original).0, total: original.total, checksSteps: false,
            checksPrices: false)
        walk.skip(tidying)
        while let batch = walk.nextBatch {
            do { try walk.apply(batch: batch) } catch let error as HarrierError {
                throw LengthDependence(
                    rule: walk.misfits.first?.rule, places: walk.misfits.map { ($0.rule, $0.nodes) }, why: error.message
                )
            }
        }
        return try writtenAsSpelled(walk.state).state
    }

    /// A graph for every length as it is handed out: what depends on no length is computed beforehand, the rest when the model runs.
    package func finishedOpen(_ graph: Graph) throws -> Graph {
        var result = try finished(graph)
        for index in result.nodes.indices { result.nodes[index].metadata[Graph.precomputedKey] = nil }
        return result
    }
}
