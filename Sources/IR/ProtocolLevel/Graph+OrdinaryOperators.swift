extension Graph {
    /// The graph with what protocol-level operators compute over the reals in their place.
    public func writingOrdinaryOperators() -> Graph {
        var result = self
        for (index, node) in nodes.enumerated() where ProtocolLevel.contains(node.op) {
            var ordinary = node
            ordinary.op = OperatorName(node.op.type)
            ordinary.attributes[ProtocolLevel.opened] = nil
            ordinary.attributes[ProtocolLevel.shiftAttribute] = nil
            switch node.op {
            case ProtocolLevel.truncate, ProtocolLevel.scaleUp, ProtocolLevel.open, ProtocolLevel.openOnce:
                ordinary.op = "Identity"
                ordinary.attributes = [:]
            case ProtocolLevel.shift:
                let bits = (try? node.int("bits")) ?? 0
                let factor = Float(sign: .plus, exponent: -bits, significand: 1)
                ordinary.op = "Mul"
                ordinary.attributes = [:]
                ordinary.inputs.append(
                    result.addConstant(
                        "shift_\(index)_\(values.count)", Tensor(float32: [factor], shape: []), isLiteral: true))
            default: break
            }
            result.nodes[index] = ordinary
        }
        return result
    }
}
