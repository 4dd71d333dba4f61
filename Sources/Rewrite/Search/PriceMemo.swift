import IR
import Pricing
import Synchronization

/// Prices that have been asked for, by all that a price depends on. Equal layers and alternatives that differ elsewhere ask for
/// the same prices again and again.
final class PriceMemo: Sendable {
    /// What a price depends on: operator, attributes and operands, but neither names nor the graph around.
    private struct Key: Hashable {
        let op: OperatorName
        let attributes: [String: Attribute]
        let inputs: [OperatorSite.Operand?]
        let outputs: [OperatorSite.Operand?]
    }

    /// Bytes of a public operand up to which comparing it is quicker than pricing.
    private static let largestOperand = 4096

    private let prices = Mutex<[Key: NodePrice]>([:])

    /// The price of a node, from memory or computed. Nodes whose price can depend on more than the operands (bodies, functions
    /// of the model) are always computed.
    func price(_ site: OperatorSite, compute: () -> NodePrice) -> NodePrice {
        guard let key = key(of: site) else { return compute() }
        if let known = prices.withLock({ $0[key] }) { return known }
        let price = compute()
        prices.withLock { $0[key] = price }
        return price
    }

    private func key(of site: OperatorSite) -> Key? {
        let node = site.node
        guard node.op.domain.isEmpty, site.context == nil, node.attributes.isEmpty || node.subgraphs.isEmpty,
            site.inputs.allSatisfy({ $0.map(Self.isSmall) ?? true })
        else { return nil }
        return Key(op: node.op, attributes: node.attributes, inputs: site.inputs, outputs: site.outputs)
    }

    private static func isSmall(_ operand: OperatorSite.Operand) -> Bool {
        guard case .bytes(let bytes)? = operand.tensor?.payload else { return true }
        return bytes.count <= largestOperand
    }
}
