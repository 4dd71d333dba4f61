import IR

/// Every differentiable operator, with odd shapes and broadcasting.
enum GradientCases {
    static let all =
        arithmetic + functions + activations + products + convolutions + pools + normalizations + reductions + movements
        + indexing

    /// Layers with a state, recurrent ones among them, whose bodies are unrolled, and gates. PyTorch has no such functions.
    static let recurrences: [GradientCase] = [
        GradientCase(
            "Attention", [.numbers([1, 2, 6]), .numbers([1, 3, 3]), .numbers([1, 3, 3])],
            ["q_num_heads": .int(2), "kv_num_heads": .int(1)]),
        GradientCase("RotaryEmbedding", [.numbers([1, 2, 3, 4]), .numbers([1, 3, 2]), .numbers([1, 3, 2])]),
        GradientCase("SwiGLU", [.numbers([3, 4]), .numbers([3, 4])]),
        GradientCase(
            "CausalConvWithState", [.numbers([2, 3, 5]), .numbers([3, 1, 4]), .numbers([3]), .numbers([2, 3, 3])],
            ["activation": .string("silu")], outputCount: 2, used: [0, 1]),
        GradientCase(
            "RNN", [.numbers([3, 2, 2]), .numbers([1, 3, 2]), .numbers([1, 3, 3]), .numbers([1, 6])],
            ["hidden_size": .int(3)]),
        GradientCase(
            "LSTM", [.numbers([3, 2, 2]), .numbers([1, 12, 2]), .numbers([1, 12, 3]), .numbers([1, 24])],
            ["hidden_size": .int(3)], outputCount: 3, used: [0, 1, 2]),
        GradientCase(
            "LSTM",
            [
                .numbers([3, 2, 2]), .numbers([2, 12, 2]), .numbers([2, 12, 3]), .numbers([2, 24]), .missing,
                .numbers([2, 2, 3]), .numbers([2, 2, 3]),
            ],
            ["hidden_size": .int(3), "direction": .string("bidirectional")], outputCount: 3, used: [0, 1, 2]),
        GradientCase(
            "GRU", [.numbers([3, 2, 2]), .numbers([1, 9, 2]), .numbers([1, 9, 3]), .numbers([1, 18])],
            ["hidden_size": .int(3), "linear_before_reset": .int(1)], outputCount: 2, used: [0, 1]),
        GradientCase(
            "GRU",
            [
                .numbers([3, 2, 2]), .numbers([2, 9, 2]), .numbers([2, 9, 3]), .numbers([2, 18]), .missing,
                .numbers([2, 2, 3]),
            ],
            ["hidden_size": .int(3), "linear_before_reset": .int(1), "direction": .string("bidirectional")],
            outputCount: 2, used: [0, 1]),
    ]

    /// Numbers at which a function has no derivative: the choice is PyTorch's.
    static let kinks: [GradientCase] =
        ["Relu", "LeakyRelu", "Elu", "Abs", "Shrink", "ThresholdedRelu"].map {
            GradientCase(OperatorName($0), [.given([-1, 0, 2, 0.5, -0.5, 1], [6])])
        } + [
            GradientCase("Clip", [.given([-1, 0, 2, 1], [4]), .constant(scalar(0)), .constant(scalar(1))]),
            GradientCase("Pow", [.given([-1, 0, 2], [3]), .constant(scalar(2))]),
            GradientCase("Pow", [.given([-1, 0, 2], [3]), .constant(scalar(3))]),
            GradientCase(
                "MaxPool", [.given([0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 0, 0, 3, 3, 0, 0], [1, 1, 4, 4])],
                ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
            GradientCase(
                "MaxPool", [.given([0, 0, 1, 0, 0, 1, 0, 1, 1, 3, 0, 0, 3, 3, 0, 0], [1, 1, 4, 4])],
                ["kernel_shape": .ints([3, 3]), "strides": .ints([1, 1])]),
        ]

    static let arithmetic: [GradientCase] = [
        GradientCase("Add", [.numbers([3, 1, 5]), .numbers([2, 1])]),
        GradientCase("Add", [.numbers([0, 3]), .numbers([3])]),
        GradientCase("Mul", [.numbers([0, 3]), .numbers([3])]),
        GradientCase("Sub", [.numbers([5]), .numbers([2, 3, 5])]),
        GradientCase("Sub", [.numbers([2, 3, 5]), .numbers([])]),
        GradientCase("Mul", [.numbers([2, 3, 4, 5]), .numbers([3, 1, 1])]),
        GradientCase("Mul", [.numbers([2, 1, 3]), .numbers([1, 4, 3])]),
        GradientCase("Mul", [.numbers([1, 4]), .numbers([3, 1])]),
        GradientCase("Mul", [.numbers([]), .numbers([2, 3])]),
        GradientCase("Div", [.numbers([2, 3]), .numbers([3], 0.5...2)]),
        GradientCase("Div", [.numbers([3]), .numbers([2, 1], -2 ... -0.5)]),
        GradientCase("Div", [.numbers([2, 3]), .constant(scalar(4))]),
        GradientCase("Div", [.constant(scalar(1)), .numbers([2, 3], 0.5...2)]),
        GradientCase("Neg", [.numbers([2, 3])]),
        GradientCase("Pow", [.numbers([2, 3]), .constant(scalar(2))]),
        GradientCase("Pow", [.numbers([2, 3]), .constant(scalar(3))]),
        GradientCase("Pow", [.numbers([2, 3]), .constant(scalar(5))]),
        GradientCase("Pow", [.numbers([2, 3], 0.5...2), .constant(scalar(-1.5))]),
        GradientCase("Pow", [.numbers([2, 3], 0.5...2), .numbers([3])]),
        GradientCase("Reciprocal", [.numbers([2, 3], 0.5...2)]),
        GradientCase("Sqrt", [.numbers([2, 3], 0.5...2)]),
        GradientCase("Abs", [.numbers([2, 3])]),
        GradientCase("Max", [.numbers([2, 3]), .numbers([3]), .numbers([2, 1])]),
        GradientCase("Min", [.numbers([2, 3]), .numbers([3])]),
        GradientCase("Sum", [.numbers([2, 3]), .numbers([3]), .numbers([2, 1])]),
        GradientCase("Mean", [.numbers([2, 3]), .numbers([3]), .numbers([])]),
        GradientCase(
            "Where", [.constant(Tensor(bool: [true, false, true], shape: [3])), .numbers([2, 3]), .numbers([2, 1])]),
        GradientCase("Identity", [.numbers([3])]),
        GradientCase("Cast", [.numbers([3])], ["to": .int(ElementType.float64.rawValue)]),
        GradientCase("CastLike", [.numbers([3]), .constant(scalar(0))]),
    ]

    static let functions: [GradientCase] =
        ["Exp", "Sigmoid", "Tanh", "Erf", "Softplus", "Softsign", "Sin", "Cos", "Sinh", "Cosh", "Asinh", "Atan"].map {
            GradientCase(OperatorName($0), [.numbers([2, 7])])
        }
        + ["Asin", "Acos", "Atanh", "Tan"].map { GradientCase(OperatorName($0), [.numbers([7], -0.8...0.8)]) } + [
            GradientCase("Log", [.numbers([2, 3], 0.5...2)]),
            GradientCase("Acosh", [.numbers([2, 3], 1.5...3)]),
        ]

    static let activations: [GradientCase] =
        ["Relu", "LeakyRelu", "Elu", "Celu", "Selu", "Gelu", "HardSwish", "Mish", "Shrink", "ThresholdedRelu"].map {
            GradientCase(OperatorName($0), [.numbers([3, 7])])
        } + [
            GradientCase("Gelu", [.numbers([3, 7])], ["approximate": .string("tanh")]),
            GradientCase("LeakyRelu", [.numbers([3, 7])], ["alpha": .float(0.25)]),
            GradientCase("HardSigmoid", [.numbers([3, 7], -4...4)], ["alpha": .float(0.25)]),
            GradientCase("HardSwish", [.numbers([3, 7], -5...5)]),
            GradientCase("Swish", [.numbers([3, 7])], ["alpha": .float(1.5)]),
            GradientCase("PRelu", [.numbers([2, 3, 4]), .numbers([3, 1])]),
            GradientCase("Clip", [.numbers([3, 7]), .constant(scalar(-0.5)), .constant(scalar(1))]),
            GradientCase("Clip", [.numbers([3, 7]), .missing, .constant(scalar(0.5))]),
            GradientCase("Clip", [.numbers([3, 7]), .constant(scalar(-0.5))]),
            GradientCase(
                "Dropout", [.numbers([3, 7]), .constant(scalar(0.4)), .constant(Tensor(bool: [false], shape: []))]),
            GradientCase(
                "Dropout", [.numbers([3, 7]), .constant(scalar(0.4)), .constant(Tensor(bool: [true], shape: []))],
                ["seed": .int(5)]),
            GradientCase("Softmax", [.numbers([2, 5, 3])], ["axis": .int(1)]),
            GradientCase("LogSoftmax", [.numbers([2, 5])]),
        ]

    static let products: [GradientCase] = [
        GradientCase("DFT", [.numbers([2, 5, 2])], ["inverse": .int(1)]),
        GradientCase("MatMul", [.numbers([3, 4]), .numbers([4, 2])]),
        GradientCase("MatMul", [.numbers([0, 4]), .numbers([4, 2])]),
        GradientCase("MatMul", [.numbers([2, 1, 3, 4]), .numbers([5, 4, 2])]),
        GradientCase("MatMul", [.numbers([2, 3, 4]), .numbers([4, 5])]),
        GradientCase("MatMul", [.numbers([3, 4]), .numbers([2, 4, 5])]),
        GradientCase("MatMul", [.numbers([4]), .numbers([2, 4, 5])]),
        GradientCase("MatMul", [.numbers([2, 3, 4]), .numbers([4])]),
        GradientCase("MatMul", [.numbers([4]), .numbers([4])]),
        GradientCase("MatMul", [.numbers([1, 4]), .numbers([4, 3])]),
        GradientCase("Gemm", [.numbers([3, 4]), .numbers([4, 2]), .numbers([2])]),
        GradientCase(
            "Gemm", [.numbers([4, 3]), .numbers([2, 4]), .numbers([3, 1])],
            ["transA": .int(1), "transB": .int(1), "alpha": .float(0.5), "beta": .float(2)]),
        GradientCase("Gemm", [.numbers([1, 3]), .numbers([2, 3])], ["transB": .int(1)]),
        GradientCase("Einsum", [.numbers([2, 3, 4]), .numbers([2, 5, 4])], ["equation": .string("bij,bkj->bik")]),
        GradientCase("Einsum", [.numbers([2, 3, 4]), .numbers([4, 5])], ["equation": .string("bij,jk->kb")]),
    ]

    static let convolutions: [GradientCase] = [
        GradientCase("Conv", [.numbers([2, 3, 7]), .numbers([4, 3, 3]), .numbers([4])]),
        GradientCase(
            "Conv", [.numbers([2, 3, 6, 7]), .numbers([4, 3, 3, 2]), .numbers([4])],
            ["strides": .ints([2, 3]), "pads": .ints([1, 0, 2, 1]), "dilations": .ints([2, 1])]),
        GradientCase(
            "Conv", [.numbers([2, 4, 6, 6]), .numbers([6, 2, 3, 3])],
            ["group": .int(2), "pads": .ints([1, 1, 1, 1]), "strides": .ints([2, 2])]),
        GradientCase(
            "Conv", [.numbers([1, 3, 5, 5]), .numbers([3, 1, 3, 3]), .numbers([3])],
            ["group": .int(3), "auto_pad": .string("SAME_UPPER"), "strides": .ints([2, 2])]),
        GradientCase(
            "Conv", [.numbers([1, 2, 4, 5, 3]), .numbers([3, 2, 2, 3, 2])],
            ["strides": .ints([2, 1, 1]), "pads": .ints([0, 1, 1, 0, 1, 0])]),
        GradientCase("Conv", [.numbers([2, 3, 5, 5]), .numbers([2, 3, 1, 1])], ["strides": .ints([2, 2])]),
        GradientCase("ConvTranspose", [.numbers([2, 3, 4]), .numbers([3, 2, 3]), .numbers([2])]),
        GradientCase(
            "ConvTranspose", [.numbers([2, 4, 3, 4]), .numbers([4, 3, 3, 2]), .numbers([6])],
            [
                "group": .int(2), "strides": .ints([2, 3]), "pads": .ints([1, 0, 0, 1]),
                "output_padding": .ints([1, 2]), "dilations": .ints([2, 1]),
            ]),
    ]

    static let pools: [GradientCase] = [
        GradientCase(
            "AveragePool", [.numbers([2, 3, 6, 6])], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
        GradientCase(
            "AveragePool", [.numbers([1, 2, 7, 5])],
            ["kernel_shape": .ints([3, 2]), "strides": .ints([2, 1]), "pads": .ints([1, 0, 1, 1])]),
        GradientCase(
            "AveragePool", [.numbers([1, 2, 7, 5])],
            [
                "kernel_shape": .ints([3, 2]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1]),
                "count_include_pad": .int(1), "ceil_mode": .int(1),
            ]),
        GradientCase(
            "AveragePool", [.numbers([2, 2, 6])],
            ["kernel_shape": .ints([3]), "strides": .ints([2]), "ceil_mode": .int(1)]),
        GradientCase("AveragePool", [.numbers([1, 1, 1])], ["kernel_shape": .ints([3]), "pads": .ints([1, 1])]),
        GradientCase("GlobalAveragePool", [.numbers([2, 3, 4, 5])]),
        GradientCase("GlobalMaxPool", [.numbers([2, 3, 4, 5])]),
        GradientCase(
            "MaxPool", [.numbers([2, 3, 6, 6])], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
        GradientCase(
            "MaxPool", [.numbers([1, 2, 7, 6])],
            ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1])]),
        GradientCase(
            "MaxPool", [.numbers([1, 2, 8])],
            ["kernel_shape": .ints([3]), "strides": .ints([2]), "dilations": .ints([2]), "ceil_mode": .int(1)]),
        GradientCase("MaxPool", [.numbers([1, 1, 3, 4, 5])], ["kernel_shape": .ints([2, 2, 2])]),
    ]

    static let normalizations: [GradientCase] = [
        GradientCase(
            "BatchNormalization",
            [.numbers([3, 2, 4, 5]), .numbers([2]), .numbers([2]), .numbers([2]), .numbers([2], 0.5...2)],
            ["training_mode": .int(1), "momentum": .float(0.75)], outputCount: 3, used: [0, 1, 2]),
        GradientCase(
            "BatchNormalization",
            [.numbers([5, 2]), .numbers([2]), .numbers([2]), .numbers([2]), .numbers([2], 0.5...2)],
            ["training_mode": .int(1)], outputCount: 3),
        GradientCase(
            "BatchNormalization",
            [.numbers([3, 2, 4]), .numbers([2]), .numbers([2]), .numbers([2]), .numbers([2], 0.5...2)]),
        GradientCase("LayerNormalization", [.numbers([3, 5]), .numbers([5]), .numbers([5])]),
        GradientCase(
            "LayerNormalization", [.numbers([2, 3, 5]), .numbers([3, 5])], ["axis": .int(-2), "stash_type": .int(11)],
            outputCount: 3,
            used: [0, 1, 2]),
        GradientCase(
            "GroupNormalization", [.numbers([2, 6, 3, 2]), .numbers([6]), .numbers([6])], ["num_groups": .int(3)]),
        GradientCase("InstanceNormalization", [.numbers([2, 3, 4, 5]), .numbers([3]), .numbers([3])]),
        GradientCase("RMSNormalization", [.numbers([3, 5]), .numbers([5])]),
        GradientCase("LpNormalization", [.numbers([3, 5])]),
        GradientCase("LpNormalization", [.numbers([3, 5])], ["p": .int(1), "axis": .int(0)]),
        GradientCase("MeanVarianceNormalization", [.numbers([2, 3, 4, 5])]),
        GradientCase("SoftmaxCrossEntropyLoss", [.numbers([3, 5]), .constant(Tensor(int64: [1, 4, 0]))]),
        GradientCase(
            "NegativeLogLikelihoodLoss",
            [.numbers([2, 5, 3]), .constant(Tensor(int64: [1, 4, 0, 2, 2, 3], shape: [2, 3]))],
            ["reduction": .string("none")]),
    ]

    static let reductions: [GradientCase] =
        ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare"]
        .flatMap { name -> [GradientCase] in
            let op = OperatorName(name)
            return [
                GradientCase(op, [.numbers([2, 3, 5]), .constant(Tensor(int64: [0, -1]))]),
                GradientCase(op, [.numbers([2, 3, 5]), .constant(Tensor(int64: [1]))], ["keepdims": .int(0)]),
                GradientCase(op, [.numbers([2, 3])], ["keepdims": .int(0)]),
            ]
        } + [
            GradientCase("ReduceLogSum", [.numbers([2, 3], 0.5...2), .constant(Tensor(int64: [1]))]),
            GradientCase("ReduceLogSumExp", [.numbers([2, 3]), .constant(Tensor(int64: [-1]))]),
            GradientCase("ReduceProd", [.given([1, 0, 3, 2, 0, 0], [2, 3]), .constant(Tensor(int64: [1]))]),
            GradientCase("CumSum", [.numbers([2, 5]), .constant(scalar64(1))]),
            GradientCase(
                "CumSum", [.numbers([2, 5]), .constant(scalar64(-1))], ["exclusive": .int(1), "reverse": .int(1)]),
        ]

    static let movements: [GradientCase] = [
        GradientCase("Transpose", [.numbers([2, 3, 4])], ["perm": .ints([2, 0, 1])]),
        GradientCase("Transpose", [.numbers([2, 3, 4])]),
        GradientCase("Reshape", [.numbers([2, 6]), .constant(Tensor(int64: [3, -1]))]),
        GradientCase("Flatten", [.numbers([2, 3, 4])]),
        GradientCase("Squeeze", [.numbers([2, 1, 3]), .constant(Tensor(int64: [1]))]),
        GradientCase("Unsqueeze", [.numbers([2, 3]), .constant(Tensor(int64: [0, -1]))]),
        GradientCase("Concat", [.numbers([2, 3]), .numbers([2, 1]), .numbers([2, 2])], ["axis": .int(1)]),
        GradientCase(
            "Split", [.numbers([2, 7]), .constant(Tensor(int64: [3, 2, 2]))], ["axis": .int(1)], outputCount: 3,
            used: [0, 2]),
        GradientCase("Slice", slice([5, 7], [1, -1], [5, -8], [0, 1], [2, -2])),
        GradientCase("Slice", slice([5, 7], [-3], [100], [1], [1])),
        GradientCase("Slice", slice([5, 7], [0], [6], [1], [3])),
        GradientCase("Pad", [.numbers([2, 3]), .constant(Tensor(int64: [1, 0, 0, 2]))]),
        GradientCase("Pad", [.numbers([4, 3]), .constant(Tensor(int64: [-1, 1, 1, -1]))]),
        GradientCase(
            "Pad", [.numbers([4, 3]), .constant(Tensor(int64: [2, 1, 1, 0]))], ["mode": .string("reflect")]),
        GradientCase("Pad", [.numbers([4, 3]), .constant(Tensor(int64: [2, 1, 1, 3]))], ["mode": .string("edge")]),
        GradientCase("Pad", [.numbers([4, 3]), .constant(Tensor(int64: [2, 1, 1, 0]))], ["mode": .string("wrap")]),
        GradientCase("Expand", [.numbers([3, 1]), .constant(Tensor(int64: [2, 1, 4]))]),
        GradientCase("Tile", [.numbers([2, 3]), .constant(Tensor(int64: [2, 3]))]),
        GradientCase("Trilu", [.numbers([4, 4])], ["upper": .int(0)]),
        GradientCase("SpaceToDepth", [.numbers([1, 2, 4, 6])], ["blocksize": .int(2)]),
        GradientCase("DepthToSpace", [.numbers([1, 8, 2, 3])], ["blocksize": .int(2)]),
        GradientCase("DepthToSpace", [.numbers([1, 8, 2, 3])], ["blocksize": .int(2), "mode": .string("CRD")]),
    ]

    static let indexing: [GradientCase] = [
        GradientCase("Gather", [.numbers([5, 3]), .constant(Tensor(int64: [4, 0, 4, -1]))]),
        GradientCase(
            "Gather", [.numbers([2, 5, 3]), .constant(Tensor(int64: [4, 0, 4, 1], shape: [2, 2]))], ["axis": .int(1)]),
        GradientCase("Gather", [.numbers([2, 5, 3]), .constant(scalar64(-2))], ["axis": .int(1)]),
        GradientCase(
            "GatherElements", [.numbers([3, 3]), .constant(Tensor(int64: [0, 2, 0, 1, 0, 0], shape: [2, 3]))]),
        GradientCase(
            "GatherND", [.numbers([3, 3, 2]), .constant(Tensor(int64: [0, 2, 0, 2, 1, 1], shape: [3, 2]))]),
        GradientCase(
            "Resize",
            [.numbers([1, 2, 3, 4]), .missing, .constant(Tensor(float32: [1, 1, 2, 3]))], ["mode": .string("nearest")]),
        GradientCase(
            "Resize",
            [.numbers([1, 2, 3, 4]), .missing, .missing, .constant(Tensor(int64: [1, 2, 5, 3]))],
            [
                "mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"),
                "nearest_mode": .string("floor"),
            ]),
    ]

    private static func scalar(_ value: Double) -> Tensor { Tensor(float64: [value], shape: []) }
    private static func scalar64(_ value: Int) -> Tensor { Tensor(int64: [value], shape: []) }

    private static func slice(
        _ shape: [Int], _ starts: [Int], _ ends: [Int], _ axes: [Int], _ steps: [Int]
    ) -> [GradientCase.Operand] {
        [.numbers(shape)] + [starts, ends, axes, steps].map { .constant(Tensor(int64: $0)) }
    }
}
