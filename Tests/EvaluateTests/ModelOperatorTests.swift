import Evaluate
import IR
import Testing

/// The operators that occur in models, on small numbers worked out by hand.
@Suite struct ModelOperatorTests {
    @Test(arguments: arithmetic + functions) func elementwise(row: KernelCase) throws {
        try row.check()
        try row.check(precision: .float32, tolerance: 1e-6)
    }

    @Test(arguments: matrices + windows + normalizations) func numeric(row: KernelCase) throws {
        try row.check()
        try row.check(precision: .float32, tolerance: 1e-6)
    }

    @Test(arguments: shapes + movements + indices + generators) func data(row: KernelCase) throws {
        try row.check()
        try row.check(precision: .float32)
    }

    static let arithmetic: [KernelCase] = [
        KernelCase("Add", [f([1, 2]), f([10, 20])], gives: f([11, 22])),
        KernelCase("Add", [count(2, 3), f([10, 20], [2, 1])], gives: f([10, 11, 12, 23, 24, 25], [2, 3])),
        KernelCase("Add", [f([1, 2], [2, 1]), f([10, 20, 30])], gives: f([11, 21, 31, 12, 22, 32], [2, 3])),
        KernelCase("Add", [f([], [0, 3]), f([1])], gives: f([], [0, 3]), note: "of nothing"),
        KernelCase("Add", [i([.max]), i([1])], gives: i([.min]), note: "wraps"),
        KernelCase("Sub", [f([3]), f([1, 5])], gives: f([2, -2])),
        KernelCase("Mul", [i([100], nil, .int8), i([2], nil, .int8)], gives: i([-56], nil, .int8), note: "wraps"),
        KernelCase("Div", [f([1, -1, 0]), f([4, 0, 0])], gives: f([0.25, -.infinity, .nan])),
        KernelCase("Div", [i([7, -7]), i([2])], gives: i([3, -3]), note: "towards zero"),
        KernelCase("Div", [i([.min]), i([-1])], gives: i([.min]), note: "wraps"),
        KernelCase("Mod", [i([7, -7]), i([3, 3])], gives: i([1, 2])),
        KernelCase("Mod", [f([-7.5]), f([2])], ["fmod": .int(1)], gives: f([-1.5])),
        KernelCase("Pow", [f([2, 3]), i([3, 2])], gives: f([8, 9])),
        KernelCase("Max", [f([1, 5]), f([3]), f([2, .nan])], gives: f([3, .nan])),
        KernelCase("Min", [i([1, 5]), i([3])], gives: i([1, 3])),
        KernelCase("CumSum", [f([1, 2, 4]), i([0])], gives: f([1, 3, 7])),
        KernelCase("CumSum", [f([1, 2, 4]), i([0])], ["reverse": .int(1)], gives: f([7, 6, 4])),
        KernelCase(
            "CumSum", [f([1, 2, 4]), i([0])], ["reverse": .int(1), "exclusive": .int(1)], gives: f([6, 4, 0])),
        KernelCase("Equal", [i([1, 2]), i([2])], gives: b([0, 1])),
        KernelCase("Equal", [s(["a", "b"]), s(["a"])], gives: b([1, 0])),
        KernelCase("Less", [f([1, 2, .nan]), f([2])], gives: b([1, 0, 0])),
        KernelCase("Greater", [i([-1], nil, .uint64), i([1], nil, .uint64)], gives: b([1]), note: "unsigned"),
        KernelCase("And", [b([0, 1]), b([1])], gives: b([0, 1])),
        KernelCase("Or", [b([0, 1]), b([0])], gives: b([0, 1])),
        KernelCase("Not", [b([0, 1])], gives: b([1, 0])),
        KernelCase("Where", [b([1, 0], [2, 1]), f([1, 2]), f([9])], gives: f([1, 2, 9, 9], [2, 2])),
    ]

    static let functions: [KernelCase] = [
        KernelCase("Relu", [f([-1, 0, 2])], gives: f([0, 0, 2])),
        KernelCase("Sigmoid", [f([0, 1000, -1000])], gives: f([0.5, 1, 0])),
        KernelCase("Tanh", [f([0, 1])], gives: f([0, 0.7615941559557649])),
        KernelCase("Erf", [f([0, 1])], gives: f([0, 0.8427007929497149])),
        KernelCase("Gelu", [f([1])], gives: f([0.8413447460685429])),
        KernelCase("Gelu", [f([1])], ["approximate": .string("tanh")], gives: f([0.8411919906082768])),
        KernelCase("HardSigmoid", [f([-9, 1, 9])], ["alpha": .float(0.25)], gives: f([0, 0.75, 1])),
        KernelCase("HardSwish", [f([-4, 0, 3, 6])], gives: f([0, 0, 3, 6])),
        KernelCase("Sqrt", [f([4])], gives: f([2])),
        KernelCase("Exp", [f([0, 1])], gives: f([1, 2.718281828459045])),
        KernelCase("Log", [f([1, 0])], gives: f([0, -.infinity])),
        KernelCase("Neg", [f([1, -2])], gives: f([-1, 2])),
        KernelCase("Abs", [i([-3, .min])], gives: i([3, .min])),
        KernelCase("Reciprocal", [f([4, 0])], gives: f([0.25, .infinity])),
        KernelCase("Clip", [f([-1, 0.5, 9]), f([0], []), nil], gives: f([0, 0.5, 9])),
        KernelCase("Clip", [f([-1, 9]), f([5], []), f([1], [])], gives: f([1, 1]), note: "crossed limits"),
        KernelCase("Cast", [f([1.9, -1.9, 300])], ["to": .int(3)], gives: i([1, -1, 44], nil, .int8)),
        KernelCase("Cast", [f([0, 2])], ["to": .int(9)], gives: b([0, 1])),
        KernelCase("Cast", [i([3])], ["to": .int(1)], gives: f([3])),
        KernelCase("Dropout", [f([1, 2])], gives: f([1, 2]), b([1, 1])),
        KernelCase("Identity", [s(["a"])], gives: s(["a"])),
    ]

    static let matrices: [KernelCase] = [
        KernelCase("MatMul", [count(2, 3), count(3, 2)], gives: f([10, 13, 28, 40], [2, 2])),
        KernelCase("MatMul", [count(2, 1, 2), count(2, 2)], gives: f([2, 3, 6, 11], [2, 1, 2]), note: "tall"),
        KernelCase("MatMul", [count(2, 1, 2), count(2, 2, 1)], gives: f([1, 13], [2, 1, 1]), note: "batch"),
        KernelCase("MatMul", [count(2), count(2)], gives: f([1], []), note: "vectors"),
        KernelCase("MatMul", [count(1, 2), count(3, 2, 1)], gives: f([1, 3, 5], [3, 1, 1]), note: "broadcast"),
        KernelCase("MatMul", [f([], [2, 0]), f([], [0, 2])], gives: f([0, 0, 0, 0], [2, 2]), note: "empty"),
        KernelCase("MatMul", [i([1, 2], [1, 2]), i([3, 4], [2, 1])], gives: i([11], [1, 1])),
        KernelCase("Gemm", [count(1, 2), count(2, 2), f([10])], gives: f([12, 13], [1, 2])),
        KernelCase(
            "Gemm", [count(2, 1), count(2, 2), f([1, 2])],
            ["transA": .int(1), "transB": .int(1), "alpha": .float(2), "beta": .float(0.5)],
            gives: f([2.5, 7], [1, 2])),
    ]

    static let windows: [KernelCase] = [
        KernelCase(
            "Conv", [count(1, 1, 3, 3), f([1, 1, 1, 1], [1, 1, 2, 2])], gives: f([8, 12, 20, 24], [1, 1, 2, 2])),
        KernelCase(
            "Conv", [count(1, 1, 3), f([1, 1, 1], [1, 1, 3]), f([10])], ["pads": .ints([1, 1])],
            gives: f([11, 13, 13], [1, 1, 3])),
        KernelCase(
            "Conv", [count(1, 2, 3), f([2, 3], [2, 1, 1])], ["group": .int(2), "strides": .ints([2])],
            gives: f([0, 4, 9, 15], [1, 2, 2]), note: "depthwise"),
        KernelCase(
            "Conv", [count(1, 2, 1, 2), f([1, 2], [1, 2, 1, 1])], gives: f([4, 7], [1, 1, 1, 2]), note: "pointwise"),
        KernelCase(
            "MaxPool", [count(1, 1, 3, 3)], ["kernel_shape": .ints([2, 2])], gives: f([4, 5, 7, 8], [1, 1, 2, 2]),
            i([4, 5, 7, 8], [1, 1, 2, 2])),
        KernelCase(
            "MaxPool", [f([-3, -2, -1], [1, 1, 3])],
            ["kernel_shape": .ints([2]), "strides": .ints([2]), "pads": .ints([1, 0])],
            gives: f([-3, -1], [1, 1, 2])),
        KernelCase(
            "AveragePool", [count(1, 1, 3)], ["kernel_shape": .ints([2]), "pads": .ints([1, 0])],
            gives: f([0, 0.5, 1.5], [1, 1, 3])),
        KernelCase(
            "AveragePool", [f([2, 4], [1, 1, 2])],
            ["kernel_shape": .ints([2]), "pads": .ints([1, 0]), "count_include_pad": .int(1)],
            gives: f([1, 3], [1, 1, 2])),
        KernelCase(
            "MaxPool", [count(1, 1, 6)],
            ["kernel_shape": .ints([3]), "strides": .ints([2]), "ceil_mode": .int(1)],
            gives: f([2, 4, 5], [1, 1, 3]), note: "rounded up"),
        KernelCase(
            "MaxPool", [count(1, 1, 6)],
            [
                "kernel_shape": .ints([3]), "strides": .ints([2]), "ceil_mode": .int(1), "auto_pad": .string("VALID"),
            ],
            gives: f([2, 4, 5], [1, 1, 3]), note: "VALID is rounded up, too"),
        KernelCase(
            "ConvTranspose", [f([1, 10, 100], [1, 1, 3]), f([1, 2, 3], [1, 1, 3])],
            ["strides": .ints([2]), "output_shape": .ints([6])],
            gives: f([2, 13, 20, 130, 200, 300], [1, 1, 6]), note: "odd padding, more at the beginning"),
        KernelCase(
            "ConvTranspose", [f([1, 10, 100], [1, 1, 3]), f([1, 2, 3], [1, 1, 3])],
            ["strides": .ints([2]), "output_shape": .ints([6]), "auto_pad": .string("SAME_UPPER")],
            gives: f([1, 2, 13, 20, 130, 200], [1, 1, 6]), note: "odd padding, more at the end"),
        KernelCase("GlobalAveragePool", [count(1, 2, 1, 2)], gives: f([0.5, 2.5], [1, 2, 1, 1])),
    ]

    static let normalizations: [KernelCase] = [
        KernelCase(
            "BatchNormalization", [count(1, 2, 2), f([2, 1]), f([1, 0]), f([1, 2]), f([4, 1])], ["epsilon": .float(0)],
            gives: f([0, 1, 0, 1], [1, 2, 2])),
        KernelCase(
            "LayerNormalization", [f([1, 3, 2, 6], [2, 2]), f([1, 2]), f([0, 1])], ["epsilon": .float(0)],
            gives: f([-1, 3, -1, 3], [2, 2]), f([2, 4], [2, 1]), f([1, 0.5], [2, 1])),
        KernelCase("Softmax", [f([0, 0, 1000, 1000], [2, 2])], ["axis": .int(0)], gives: f([0, 0, 1, 1], [2, 2])),
        KernelCase("ReduceMean", [count(2, 3), i([1])], gives: f([1, 4], [2, 1])),
        KernelCase("ReduceMean", [count(2, 3)], ["keepdims": .int(0)], gives: f([2.5], [])),
        KernelCase("ReduceSum", [count(2, 3), i([0])], ["keepdims": .int(0)], gives: f([3, 5, 7])),
        KernelCase("ReduceSum", [count(2), i([])], ["noop_with_empty_axes": .int(1)], gives: f([0, 1])),
        KernelCase("ReduceMax", [count(2, 3), i([-1])], ["keepdims": .int(0)], gives: f([2, 5])),
        KernelCase(
            "ReduceMax", [f([], [0, 2]), i([0])], gives: f([-.infinity, -.infinity], [1, 2]), note: "of nothing"),
    ]

    static let shapes: [KernelCase] = [
        KernelCase("Shape", [count(2, 3)], gives: i([2, 3])),
        KernelCase("Shape", [count(2, 3, 4)], ["start": .int(-2), "end": .int(-1)], gives: i([3])),
        KernelCase("Size", [count(2, 3)], gives: i([6], [])),
        KernelCase("Reshape", [count(2, 3), i([0, -1, 1])], gives: count(2, 3, 1)),
        KernelCase("Flatten", [count(2, 3, 1)], ["axis": .int(2)], gives: count(6, 1)),
        KernelCase("Squeeze", [count(1, 2, 1), i([-1])], gives: count(1, 2)),
        KernelCase("Squeeze", [count(1, 2, 1)], gives: count(2)),
        KernelCase("Unsqueeze", [count(2), i([0, -1])], gives: count(1, 2, 1)),
    ]

    static let movements: [KernelCase] = [
        KernelCase("Transpose", [count(2, 3)], gives: f([0, 3, 1, 4, 2, 5], [3, 2])),
        KernelCase("Transpose", [count(1, 2, 2)], ["perm": .ints([2, 0, 1])], gives: f([0, 2, 1, 3], [2, 1, 2])),
        KernelCase("Concat", [count(2, 1), count(2, 2)], ["axis": .int(1)], gives: f([0, 0, 1, 1, 2, 3], [2, 3])),
        KernelCase("Split", [count(5)], ["num_outputs": .int(2)], gives: f([0, 1, 2]), f([3, 4])),
        KernelCase("Split", [count(2, 2), i([0, 2])], ["axis": .int(1)], gives: f([], [2, 0]), count(2, 2)),
        KernelCase("Slice", [count(5), i([-4]), i([.max])], gives: f([1, 2, 3, 4])),
        KernelCase("Slice", [count(5), i([.max]), i([.min]), i([0]), i([-2])], gives: f([4, 2, 0])),
        KernelCase("Slice", [count(2, 3), i([1]), i([2]), i([1]), i([.max])], gives: f([1, 4], [2, 1])),
        KernelCase("Expand", [count(2, 1), i([1, 2])], gives: f([0, 0, 1, 1], [2, 2])),
        KernelCase("Tile", [count(1, 2), i([2, 2])], gives: f([0, 1, 0, 1, 0, 1, 0, 1], [2, 4])),
        KernelCase("Pad", [count(2), i([1, 2]), f([9], [])], gives: f([9, 0, 1, 9, 9])),
        KernelCase("Pad", [count(3), i([2, 2])], ["mode": .string("reflect")], gives: f([2, 1, 0, 1, 2, 1, 0])),
        KernelCase("Pad", [count(3), i([-1, 1])], ["mode": .string("edge")], gives: f([1, 2, 2])),
    ]

    static let indices: [KernelCase] = [
        KernelCase("Gather", [count(3, 2), i([-1, 0])], gives: f([4, 5, 0, 1], [2, 2])),
        KernelCase("Gather", [count(2, 3), i([2], [])], ["axis": .int(1)], gives: f([2, 5])),
        KernelCase("GatherElements", [count(2, 2), i([1, 0], [1, 2])], gives: f([2, 1], [1, 2])),
        KernelCase("GatherND", [count(2, 2), i([1, 0, 0, 1], [2, 2])], gives: f([2, 1])),
        KernelCase("GatherND", [count(2, 2), i([1, 0], [2, 1])], ["batch_dims": .int(1)], gives: f([1, 2])),
        KernelCase("ScatterND", [count(3), i([2], [1, 1]), f([9])], gives: f([0, 1, 9])),
    ]

    static let generators: [KernelCase] = [
        KernelCase("ConstantOfShape", [i([2, 1])], gives: f([0, 0], [2, 1])),
        KernelCase("ConstantOfShape", [i([2])], ["value": .tensor(Tensor(int64: [7]))], gives: i([7, 7])),
        KernelCase("Range", [i([1], []), i([6], []), i([2], [])], gives: i([1, 3, 5])),
        KernelCase("Range", [f([1], []), f([0], []), f([-0.5], [])], gives: f([1, 0.5])),
    ]
}
