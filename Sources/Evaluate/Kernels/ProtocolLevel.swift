import IR

/// Kernels of protocol-level operators: what they compute over the reals.
///
/// - Parameter ordinary: the kernels of ONNX's operators.
func protocolLevelKernels(_ ordinary: [OperatorName: Kernel]) -> [KernelRow] {
    let raw = ProtocolLevel.products + ProtocolLevel.averages + ProtocolLevel.activations
    let identities = [ProtocolLevel.truncate, ProtocolLevel.scaleUp, ProtocolLevel.open, ProtocolLevel.openOnce]
    return raw.compactMap { name in
        ordinary[OperatorName(name)].map { kernel in
            KernelRow(outputs: ProtocolLevel.name(name)) { call in
                var node = call.node
                node.op = OperatorName(name)
                return try kernel(Call(node: node, inputs: call.inputs, precision: call.precision))
            }
        }
    }
        + identities.map { op in KernelRow(op) { try $0.input(0) } }
        + [
            KernelRow(ProtocolLevel.shift) { call in
                let bits = try call.node.int("bits")
                return try call.map { $0 * Double(sign: .plus, exponent: -bits, significand: 1) }
            }
        ]
}
