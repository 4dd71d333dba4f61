import IR

extension OperatorChange {
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
            OperatorChange(["Max", "Mean", "Min", "Sum"], in: 8, upgrade: { _ in }, downgrade: requireEqualShapes),
            .added("storage_order", to: ["MaxPool"], in: 8),
            OperatorChange(["Greater", "Less"], in: 9, upgrade: { _ in }) { conversion in
                guard conversion.elementType.isFloatingPoint else { throw conversion.cannotGoBack("compares integers") }
            },
            OperatorChange(["MaxPool"], in: 10, upgrade: { _ in }, downgrade: dropUnitDilations),
            OperatorChange(["Equal"], in: 11, upgrade: { _ in }) { conversion in
                if conversion.elementType.isFloatingPoint { throw conversion.cannotGoBack("compares real numbers") }
            },
            OperatorChange(["Gemm"], in: 11, upgrade: { _ in }) { conversion in
                guard conversion.node.input(2) != nil else { throw conversion.cannotGoBack("has no third operand") }
            },
            OperatorChange(
                OperatorTable.operators(with: .reduction).map(\.type) + [
                    "Concat", "Flatten", "Gather", "Squeeze", "Unsqueeze",
                ],
                in: 11, upgrade: { _ in }, downgrade: requireAxesFromTheFront),
        ]
        + introductions.map { version, operators in
            OperatorChange(operators, in: version, upgrade: { _ in }) { conversion in
                throw HarrierError("ONNX has \(conversion.node.op) since version \(version) of its operator set")
            }
        }
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

    /// The operators that came between the oldest version that is written and ``OperatorDefinition/oldestVersion``, from which on rows tell.
    private static let introductions: [(version: Int, operators: [String])] = [
        (8, ["Expand"]),
        (
            9,
            [
                "Acosh", "Asinh", "Atanh", "Compress", "ConstantOfShape", "Cosh", "Erf", "EyeLike", "IsNaN",
                "MaxUnpool",
                "MeanVarianceNormalization", "NonZero", "OneHot", "Shrink", "Sign", "Sinh", "StringNormalizer",
                "TfIdfVectorizer", "Where",
            ]
        ),
        (
            10,
            [
                "ConvInteger", "DequantizeLinear", "IsInf", "MatMulInteger", "Mod", "NonMaxSuppression", "QLinearConv",
                "QLinearMatMul", "QuantizeLinear", "Resize", "ReverseSequence", "RoiAlign", "ThresholdedRelu",
            ]
        ),
        (
            11,
            [
                "BitShift", "ConcatFromSequence", "CumSum", "Det", "DynamicQuantizeLinear", "GatherElements",
                "GatherND",
                "Range", "Round", "ScatterElements", "ScatterND", "SequenceAt", "SequenceConstruct", "SequenceEmpty",
                "SequenceErase", "SequenceInsert", "SequenceLength", "SplitToSequence", "Unique",
            ]
        ),
    ]

    /// Before 8 these did not broadcast.
    private static func requireEqualShapes(_ conversion: inout OpsetConversion) throws {
        let shapes = conversion.node.inputs.indices.map { conversion.type($0)?.lengths }
        guard shapes.allSatisfy({ $0 != nil && $0 == shapes[0] }) else { throw conversion.cannotGoBack("broadcasts") }
    }

    /// Before 11 axes counted from the front only.
    private static func requireAxesFromTheFront(_ conversion: inout OpsetConversion) throws {
        let axis = try conversion.node.optionalInt("axis").map { [$0] }
        let axes = try axis ?? conversion.node.optionalInts("axes") ?? []
        guard axes.allSatisfy({ $0 >= 0 }) else { throw conversion.cannotGoBack("counts axes from the end") }
    }
}
