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

    private static func dropUnitDilations(_ conversion: inout OpsetConversion) throws {
        let dilations = try conversion.node.optionalInts("dilations") ?? []
        guard dilations.allSatisfy({ $0 == 1 }) else { throw conversion.cannotGoBack("uses the attribute 'dilations'") }
        conversion.node.attributes["dilations"] = nil
    }

    /// Changes so old that their former meaning is not supported, or that only renamed an operator.
    static let oldChanges: [OperatorChange] =
        [
            OperatorChange(["Scatter"], in: 11) { $0.node.op = "ScatterElements" },
            OperatorChange(
                ["Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or", "Pow", "Sub", "Xor"], in: 7,
                needsTypes: true, upgrade: broadcastByShape),
            .added("count_include_pad", to: ["AveragePool"], in: 7),
            OperatorChange(["Gemm"], in: 7) { $0.node.attributes["broadcast"] = nil },
            OperatorChange(["BatchNormalization", "Dropout"], in: 7) { conversion in
                let isTest = try conversion.former("is_test", default: 0) != 0
                guard isTest else { throw conversion.cannotRead("for training (is_test = 0)") }
                conversion.node.attributes["is_test"] = nil
            },
            OperatorChange(["Scan"], in: 9, upgrade: { throw $0.cannotRead("with a batch axis") }),
        ]
        + formerMeanings.flatMap { version, operators in
            operators.map { name in
                OperatorChange(
                    [name], in: version, upgrade: { throw $0.cannotRead("without the change of version \(version)") })
            }
        }

    /// Before 7 attributes said whether the second operand broadcasts, and at which axis of the first one it begins; since then it ends where the
    /// first one does.
    private static func broadcastByShape(_ conversion: inout OpsetConversion) throws {
        let broadcasts = try conversion.former("broadcast", default: 0) != 0
        let axis = try conversion.node.optionalInt("axis")
        for name in ["axis", "broadcast", "consumed_inputs"] { conversion.node.attributes[name] = nil }
        guard broadcasts, let axis else { return }
        guard let rank = conversion.type(0)?.rank, let own = conversion.type(1)?.rank else {
            throw conversion.cannotRead("that broadcasts an operand of unknown rank")
        }
        let begin = axis < 0 ? axis + rank : axis
        guard begin >= 0, begin + own <= rank else { throw conversion.cannotRead("with axis \(axis)") }
        guard begin + own < rank else { return }
        let axes = conversion.literal(Tensor(int64: Array(own..<rank - begin)), named: "axes")
        let operand = conversion.insertBefore("Unsqueeze", [conversion.node.input(1), axes], named: "operand")
        conversion.setInput(1, operand)
    }

    /// Operators that changed in the first versions: broadcasting by attributes, results that had to be named, ...
    private static let formerMeanings: [(version: Int, operators: [String])] = [
        (2, ["GlobalLpPool", "LpPool", "Pad", "Split"]), (3, ["GRU"]), (4, ["Concat"]), (5, ["Reshape"]),
        (6, ["BatchNormalization", "Cast", "Dropout", "Gemm", "InstanceNormalization", "Tile"]),
        (
            7,
            [
                "GRU", "LSTM", "PRelu", "RNN", "Upsample",
            ]
        ),
    ]
}
