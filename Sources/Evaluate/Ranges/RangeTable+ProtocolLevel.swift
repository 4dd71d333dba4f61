import IR

extension RangeTable {
    /// Rows of protocol-level operators: those of what they compute over the reals.
    ///
    /// - Parameter ordinary: the rows of ONNX's operators.
    static func protocolLevelRanges(_ ordinary: [RangeRow]) -> [RangeRow] {
        let raw = Set(ProtocolLevel.products + ProtocolLevel.averages + ProtocolLevel.activations)
        let identities = [ProtocolLevel.truncate, ProtocolLevel.scaleUp, ProtocolLevel.open, ProtocolLevel.openOnce]
        let shift = RangeRow(ProtocolLevel.shift) { call in
            let bits = (try? call.node.int("bits")) ?? 0
            let factor = Double(sign: .plus, exponent: -bits, significand: 1)
            let interval = call.input(0)
            return Interval(interval.low * factor, interval.high * factor)
        }
        return ordinary.filter { raw.contains($0.op.description) }.map { row in
            RangeRow(results: ProtocolLevel.name(row.op.type), reads: row.reads) { call in
                var node = call.node
                node.op = row.op
                return row.transfer(
                    RangeCall(
                        node: node, graph: call.graph, producers: call.producers, memo: call.memo,
                        constants: call.constants))
            }
        } + identities.map { RangeRow($0) { $0.input(0) } } + [shift]
    }
}
