import IR

extension OperatorChange {
    /// Operators that got an attribute whose default is what they did before.
    static let attributeChanges: [OperatorChange] = [
        .added("ceil_mode", to: ["AveragePool", "MaxPool"], in: 10),
        .added("select_last_index", to: ["ArgMax", "ArgMin"], in: 12),
        .added("batch_dims", to: ["GatherND"], in: 12),
        .added("allowzero", to: ["Reshape"], in: 14),
        .added("layout", to: ["GRU", "LSTM", "RNN"], in: 14),
        .added("start", to: ["Shape"], in: 15),
        .added("end", to: ["Shape"], in: 15),
        .added("reduction", to: ["ScatterElements", "ScatterND"], in: 16),
        OperatorChange(["ScatterElements", "ScatterND"], in: 18, upgrade: { _ in }) { conversion in
            let reduction = try conversion.node.string("reduction")
            guard ["none", "add", "mul"].contains(reduction) else {
                throw conversion.cannotGoBack("reduces by '\(reduction)'")
            }
        },
        .added("ceil_mode", to: ["LpPool"], in: 18),
        OperatorChange(["LpPool"], in: 18, upgrade: { _ in }, downgrade: dropUnitDilations),
        OperatorChange(["AveragePool"], in: 19, upgrade: { _ in }, downgrade: dropUnitDilations),
        .added("saturate", to: ["Cast", "CastLike"], in: 19),
        .added("round_mode", later: .string("up"), to: ["Cast", "CastLike"], in: 24),
        .added("stash_type", later: .int(1), to: ["Range"], in: 27),
        .added("mode", later: .string("DCR"), to: ["SpaceToDepth"], in: 28),
    ]

    /// Quantization.
    static let quantizationChanges: [OperatorChange] = [
        .added("axis", to: ["DequantizeLinear", "QuantizeLinear"], in: 13),
        .added("saturate", to: ["QuantizeLinear"], in: 19),
        .added("block_size", to: ["DequantizeLinear", "QuantizeLinear"], in: 21),
        .added("output_dtype", to: ["QuantizeLinear"], in: 21),
        .added("output_dtype", later: .int(0), to: ["DequantizeLinear"], in: 23),
        .added("precision", later: .int(0), to: ["QuantizeLinear"], in: 23),
    ]

    static func dropUnitDilations(_ conversion: inout OpsetConversion) throws {
        let dilations = try conversion.node.optionalInts("dilations") ?? []
        guard dilations.allSatisfy({ $0 == 1 }) else { throw conversion.cannotGoBack("uses the attribute 'dilations'") }
        conversion.node.attributes["dilations"] = nil
    }
}
