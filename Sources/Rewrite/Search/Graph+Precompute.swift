import IR
import Pricing

extension Graph {
    /// The graph with the nodes that compute on constants only marked as run beforehand by the constants' owner, and
    /// their names; nil if no such node costs anything.
    func markingConstantNodes(_ priced: PricedGraph) -> (graph: Graph, names: [String])? {
        let isConstant = constantValues()
        let producers = producers()
        var result = self
        var names: [String] = []
        for (index, node) in nodes.enumerated() where !node.isPrecomputed {
            let outputs = node.outputs.compactMap { $0 }
            guard !outputs.isEmpty, outputs.allSatisfy({ isConstant[$0.index] }), priced.prices[index].cost != .zero
            else {
                continue
            }
            markWithOperands(of: index, in: &result, producers: producers)
            names.append(node.name)
        }
        return names.isEmpty ? nil : (result, names)
    }

    /// Marks a node and the nodes it depends on, all of which compute on constants.
    private func markWithOperands(of index: Int, in result: inout Graph, producers: [Int?]) {
        var pending = [index]
        while let node = pending.popLast() {
            guard !result.nodes[node].isPrecomputed else { continue }
            result.nodes[node].metadata[Graph.precomputedKey] = "true"
            pending += nodes[node].inputs.compactMap { $0 }.compactMap { producers[$0.index] }
        }
    }

    /// The graph with precomputed nodes replaced by their results where all the data is there.
    func foldingPrecomputed(evaluator: any ConstantEvaluator) -> Graph {
        var result = self
        var kept: [Node] = []
        let feedsPrecomputed = valuesReadByPrecomputed()
        for node in nodes {
            let isFoldable = node.isPrecomputed || node.outputs.contains { $0.map(feedsPrecomputed.contains) ?? false }
            guard isFoldable, let tensors = result.evaluate(node, evaluator) else {
                kept.append(node)
                continue
            }
            for case (let output?, let tensor?) in zip(node.outputs, tensors) {
                let isLiteral = node.inputs.allSatisfy { $0.map { result.isLiteral($0) } ?? true }
                result[output].constant = Constant(
                    tensor, form: isLiteral ? .literal(nodeName: node.name) : .initializer)
                result[output].known = nil
            }
        }
        result.nodes = kept
        return result
    }

    private func isLiteral(_ id: ValueID) -> Bool {
        guard let constant = self[id].constant else { return false }
        return !constant.isParameter
    }

    /// Values that nodes on constants compute and only precomputed nodes read.
    private func valuesReadByPrecomputed() -> Set<ValueID> {
        let uses = uses()
        let isConstant = constantValues()
        return Set(
            values.indices.map(ValueID.init).filter { id in
                isConstant[id.index] && !uses[id.index].isEmpty && !outputs.contains(id)
                    && uses[id.index].allSatisfy { nodes[$0].isPrecomputed }
            })
    }

    private func evaluate(_ node: Node, _ evaluator: any ConstantEvaluator) -> [Tensor?]? {
        var operands: [Tensor?] = []
        for input in node.inputs {
            guard let input else {
                operands.append(nil)
                continue
            }
            guard let tensor = self[input].knownTensor, tensor.isAvailable else { return nil }
            operands.append(tensor)
        }
        guard !node.outputs.contains(where: { $0.map(outputs.contains) ?? false }) else { return nil }
        return try? evaluator.evaluate(node, inputs: operands)
    }

    /// Gives values and nodes that share a name with an earlier one a number of their own.
    mutating func makeNamesUnique() {
        let names = UniqueNames(taken: [], numberedFrom: 2)
        for index in values.indices { values[index].name = names.take(values[index].name) }
        let nodeNames = UniqueNames(taken: nodes.filter { $0.rule == nil }.map(\.name), numberedFrom: 2)
        for index in nodes.indices where !nodes[index].name.isEmpty && nodes[index].rule != nil {
            nodes[index].name = nodeNames.take(nodes[index].name)
        }
    }
}
