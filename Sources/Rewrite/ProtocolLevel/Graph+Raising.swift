import IR
import Pricing

extension Graph {
    /// The graph with products that are truncated as they always were as the ordinary operators again, so that only what rules
    /// changed needs a runtime's help.
    ///
    /// Where activations truncate, an ordinary operator says nothing about the scale, so that all stays as it is.
    func raisingUnchanged(under framework: any Framework) -> Graph {
        guard let prices = framework.protocolLevel, !prices.truncatesActivations else { return self }
        let (producers, uses) = (producers(), uses())
        let outputs = Set(outputs)
        var result = self
        var removed: Set<Int> = []
        for (index, node) in nodes.enumerated() {
            guard node.op == ProtocolLevel.truncate, isOrdinaryTruncation(node), let operand = node.input(0),
                uses[operand.index].count == 1, !outputs.contains(operand),
                let producer = producers[operand.index], let output = node.output(0)
            else { continue }
            var product = nodes[producer]
            guard product.rule == nil, ProtocolLevel.contains(product.op), product.op != ProtocolLevel.open,
                product.attributes[ProtocolLevel.opened] == nil
            else { continue }
            product.op = OperatorName(product.op.type)
            product.outputs = [output]
            result.nodes[producer] = product
            removed.insert(index)
        }
        result.nodes = result.nodes.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
        return result.compacted()
    }

    /// Whether a truncation is that of the product before it.
    private func isOrdinaryTruncation(_ node: Node) -> Bool {
        node.rule == nil && (try? node.int("product")) == 1 && (try? node.int("factors")) == 1
            && (try? node.int("bits")) == 0
    }
}
