import IR

extension OperatorChange {
    /// Operators that got an attribute whose default is what they did before.
    static let attributeChanges: [OperatorChange] = [
        .added("ceil_mode", default: .int(0), to: ["AveragePool", "MaxPool"], in: 10),
        .added("select_last_index", default: .int(0), to: ["ArgMax", "ArgMin"], in: 12),
        .added("batch_dims", default: .int(0), to: ["GatherND"], in: 12),
        .added("allowzero", default: .int(0), to: ["Reshape"], in: 14),
        .added("layout", default: .int(0), to: ["GRU", "LSTM", "RNN"], in: 14),
        .added("start", default: .int(0), to: ["Shape"], in: 15),
        .added("end", to: ["Shape"], in: 15),
        .added("reduction", default: .string("none"), to: ["ScatterElements", "ScatterND"], in: 16),
        OperatorChange(["ScatterElements", "ScatterND"], in: 18, upgrade: { _ in }) { conversion in
            let reduction = try conversion.node.string("reduction", default: "none")
            guard ["none", "add", "mul"].contains(reduction) else {
                throw conversion.cannotGoBack("reduces by '\(reduction)'")
            }
        },
        .added("ceil_mode", default: .int(0), to: ["LpPool"], in: 18),
        OperatorChange(["LpPool"], in: 18, upgrade: { _ in }, downgrade: dropUnitDilations),
        OperatorChange(["AveragePool"], in: 19, upgrade: { _ in }, downgrade: dropUnitDilations),
        .added("saturate", default: .int(1), to: ["Cast", "CastLike"], in: 19),
        .added("round_mode", default: .string("up"), to: ["Cast", "CastLike"], in: 24),
        .added("stash_type", default: .int(1), to: ["Range"], in: 27),
        .added("mode", default: .string("DCR"), to: ["SpaceToDepth"], in: 28),
    ]

    /// Quantization.
    static let quantizationChanges: [OperatorChange] = [
        .added("axis", default: .int(1), to: ["DequantizeLinear", "QuantizeLinear"], in: 13),
        .added("saturate", default: .int(1), to: ["QuantizeLinear"], in: 19),
        .added("block_size", default: .int(0), to: ["DequantizeLinear", "QuantizeLinear"], in: 21),
        .added("output_dtype", default: .int(0), to: ["QuantizeLinear"], in: 21),
        .added("output_dtype", default: .int(0), to: ["DequantizeLinear"], in: 23),
        .added("precision", default: .int(0), to: ["QuantizeLinear"], in: 23),
    ]

    private static func dropUnitDilations(_ conversion: inout OpsetConversion) throws {
        let dilations = try conversion.node.ints("dilations") ?? []
        guard dilations.allSatisfy({ $0 == 1 }) else { throw conversion.cannotGoBack("uses the attribute 'dilations'") }
        conversion.node.attributes["dilations"] = nil
    }

    /// Changes so old that their former meaning is not supported, or that only renamed an operator.
    static let oldChanges: [OperatorChange] =
        [
            OperatorChange(["Scatter"], in: 11) { $0.node.op = "ScatterElements" },
            OperatorChange(["Scan"], in: 9, upgrade: { throw $0.cannotRead("with a batch axis") }),
        ]
        + formerMeanings.flatMap { version, operators in
            operators.map { name in
                OperatorChange(
                    [name], in: version, upgrade: { throw $0.cannotRead("without the change of version \(version)") })
            }
        }

    /// Operators that changed in the first versions: broadcasting by attributes, results that had to be named, ...
    private static let formerMeanings: [(version: Int, operators: [String])] = [
        (2, ["GlobalLpPool", "LpPool", "Pad", "Split"]), (3, ["GRU"]), (4, ["Concat"]), (5, ["Reshape"]),
        (6, ["BatchNormalization", "Cast", "Dropout", "Gemm", "InstanceNormalization", "Tile"]),
        (
            7,
            [
                "Add", "And", "AveragePool", "BatchNormalization", "Div", "Dropout", "Equal", "GRU", "Gemm", "Greater",
                "LSTM", "Less", "Mul", "Or", "PRelu", "Pow", "RNN", "Sub", "Upsample", "Xor",
            ]
        ),
    ]
}
