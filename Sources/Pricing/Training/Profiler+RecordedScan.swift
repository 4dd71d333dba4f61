import IR

/// Loops over steps under a framework's own autograd, which records every step.
extension Profiler {
    /// The price of one step times their number. What is carried from one step to the next is as secret as it gets in any of
    /// them, and in need of a gradient if it is in any of them.
    ///
    /// - Parameter needed: whether a gradient is needed towards each value of the graph.
    package func recordedScan(
        _ node: Node, in graph: Graph, visibility: [Visibility], needed: [Bool], by trainer: any FrameworkAutograd
    ) throws -> RecordedPrice {
        let loop = try scanned(node, in: graph, visibility: visibility)
        var carried = loop.carried
        var sources = node.inputs.map { $0.map { needed[$0.index] } ?? false }
        let names = graph.valuesByName()
        while true {
            let (body, seen) = try entered(
                loop.body, entering: carried + loop.varying, outer: (graph, visibility))
            var differentiated = Set(zip(body.inputs, sources).filter(\.1).map(\.0))
            for capture in body.captures {
                if let outer = names[body[capture].name], needed[outer.index] { differentiated.insert(capture) }
            }
            let step = try recorded(body, visibility: seen, sources: differentiated, by: trainer)
            var isStable = true
            for (index, output) in body.outputs.prefix(carried.count).enumerated() {
                let known = carried[index].visibility.joined(with: seen[output.index])
                let isSource = sources[index] || step.tape.isNeeded[output.index]
                if known != carried[index].visibility || isSource != sources[index] { isStable = false }
                carried[index].visibility = known
                sources[index] = isSource
            }
            guard isStable else { continue }
            return RecordedPrice(
                forward: OperatorPrice(
                    Call(node.op.type, [Call("iteration", count: loop.count, step.forward)]), basis: .functionBody),
                backward: [Call("iteration", count: loop.count, step.backward)])
        }
    }
}
