import IR

extension Optimizer {
    /// A graph on the way to a result.
    package struct Stage: Sendable {
        /// The rules of the steps that lead to it from the stage before, a name once.
        package let rules: [String]
        /// The graph as it would be handed out.
        package let graph: Graph
    }

    /// The graphs that the steps of a result lead through, a batch of steps after the other; the first is what the search began with.
    ///
    /// - Parameter graph: what was optimized.
    /// - Throws: ``HarrierError`` if the steps cannot be done again, as after substitutions.
    /// - Complexity: matching every step anew.
    package func stages(of result: Result, on graph: Graph) throws -> [Stage] {
        let log = proof(of: result, on: graph, ProofContext(model: graph.name, framework: framework.info.name))
        let original = try PricedGraph(graph, policy: policy, pricer: pricer, knowledge: knowledge)
        let (start, tidying) = try tidied(original)
        var walk = ReplayWalk(log: log, optimizer: self, state: start, total: original.total, checksSteps: false)
        try walk.accept(tidying.kept(in: log))
        var stages = [Stage(rules: [], graph: try finished(writtenAsSpelled(walk.state).state.graph))]
        while let batch = walk.nextBatch {
            let rules = log.steps[walk.position...].prefix { $0.batch == batch }.map(\.rule)
            try walk.apply(batch: batch)
            var seen: Set<String> = []
            stages.append(
                Stage(
                    rules: rules.filter { seen.insert($0).inserted },
                    graph: try finished(writtenAsSpelled(walk.state).state.graph)))
        }
        return stages
    }
}

extension [AppliedRewrite] {
    /// The steps before the search that a log has: what was recognised and written again as it was is none of them.
    func kept(in log: ProofLog) -> [AppliedRewrite] {
        let recognized = Set(log.steps.filter { $0.rule == Recognizer.step }.map(\.nodes))
        return filter { $0.rule != Recognizer.step || recognized.contains($0.nodes) }
    }
}

extension [Optimizer.Stage] {
    /// The first stage at which something is wrong that is right at the first and wrong at the last one, found by halving; nil if it is
    /// wrong from the beginning.
    ///
    /// - Complexity: logarithmic in the number of stages.
    package func first(where isWrong: (Graph) throws -> Bool) rethrows -> Optimizer.Stage? {
        guard var last = indices.last, try !isWrong(self[0].graph) else { return nil }
        var first = 0
        while last - first > 1 {
            let middle = (first + last) / 2
            if try isWrong(self[middle].graph) { last = middle } else { first = middle }
        }
        return last > 0 ? self[last] : nil
    }
}
