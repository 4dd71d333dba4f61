import IR

/// What a framework's own compiler makes of a graph before it runs it.
public struct CompiledGraph: Sendable {
    /// The graph that is run. Its nodes need not be writable as ONNX.
    public var graph: Graph
    /// Who knows each of its values.
    public var visibility: [Visibility]
    /// For each of its nodes the node of the original that it is part of.
    public var origins: [Int]

    /// A compiled graph with the given parts.
    public init(graph: Graph, visibility: [Visibility], origins: [Int]) {
        self.graph = graph
        self.visibility = visibility
        self.origins = origins
    }

    /// The nodes that became of each node of the original.
    ///
    /// - Parameter count: how many nodes the original has.
    package func parts(count: Int) -> [[Int]] {
        var parts = [[Int]](repeating: [], count: count)
        for (index, origin) in origins.enumerated() { parts[origin].append(index) }
        return parts
    }
}

extension Profiler {
    /// The prices of all nodes of a graph, as they stand in it.
    ///
    /// - Parameter isBody: whether the graph is the body of a node.
    package func prices(
        of graph: Graph, visibility: [Visibility], isBody: Bool = false
    ) -> [Result<OperatorPrice, Unpriced>] {
        let context = GraphContext(graph, visibility: visibility, isBody: isBody)
        func own(_ node: Node) throws(Unpriced) -> OperatorPrice {
            do {
                return try price(node, in: graph, visibility: visibility, context: context)
            } catch let error as Unpriced {
                throw error
            } catch {
                throw Unpriced("\(error)")
            }
        }
        let beforehand = graph.precomputedNodes()
        guard let compiled = framework.compile?(graph, visibility, beforehand) else {
            return graph.nodes.enumerated().map { index, node in
                beforehand.contains(index) ? .success(.clear(node)) : Result { () throws(Unpriced) in try own(node) }
            }
        }
        let inner = GraphContext(compiled.graph, visibility: compiled.visibility, isBody: isBody)
        let parts = compiled.parts(count: graph.nodes.count)
        return graph.nodes.enumerated().map { index, node in
            if beforehand.contains(index) { return .success(.clear(node)) }
            return Result { () throws(Unpriced) in
                try together(node, parts[index], of: inner, own: { try? own(node) })
            }
        }
    }

    /// The price of what the compiler made of a node.
    ///
    /// - Parameter own: the price of the node by itself, whose calls tell more where it is the same.
    private func together(
        _ node: Node, _ parts: [Int], of context: GraphContext, own: () -> OperatorPrice?
    ) throws(Unpriced) -> OperatorPrice {
        var prices: [OperatorPrice] = []
        do {
            for part in parts {
                let node = context.graph.nodes[part]
                prices.append(
                    try price(node, in: context.graph, visibility: context.visibility, context: context))
            }
        } catch let error as Unpriced {
            throw error
        } catch {
            throw Unpriced("\(error)")
        }
        if parts.count == 1, context.graph.nodes[parts[0]].op == node.op { return prices[0] }
        let sum = prices.reduce(Cost.zero) { $0 + $1.cost }
        let single = own()
        if let single, single.cost == sum || single.basis == .clear { return single }
        var price = OperatorPrice(
            Call(node.op.type, prices.flatMap { $0.call.cost == .zero ? [] : [$0.call] }),
            basis: single?.basis ?? .native)
        if let single, let place = single.operandBytes.firstIndex(where: { $0 != 0 }) {
            price.operandBytes = [Int](repeating: 0, count: single.operandBytes.count)
            price.operandBytes[place] = sum.online.bytes
        }
        return price
    }
}

extension OperatorPrice {
    /// The price of a node that is computed before anything is shared.
    fileprivate static func clear(_ node: Node) -> OperatorPrice {
        OperatorPrice(Call(node.op.type, []), basis: .clear)
    }
}
