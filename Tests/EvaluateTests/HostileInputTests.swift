import Evaluate
import IR
import Testing

/// Nodes that no model should have give an error, not a trap.
@Suite struct HostileInputTests {
    @Test(arguments: hostile) func isRefused(row: KernelCase) {
        #expect(throws: HarrierError.self) { try Interpreter().evaluate(row.node, inputs: row.inputs) }
    }

    static let hostile: [KernelCase] = [
        KernelCase("Add", [f([1, 2]), f([1, 2, 3])]),
        KernelCase("Add", [f([1]), i([1])]),
        KernelCase("Add", [f([1])]),
        KernelCase("Div", [i([1]), i([0])]),
        KernelCase("Mod", [i([1]), i([0])]),
        KernelCase("MatMul", [count(2, 3), count(2, 3)]),
        KernelCase("Gemm", [count(2), count(2, 2)]),
        KernelCase("Conv", [count(1, 2, 3), count(1, 1, 5)]),
        KernelCase("Conv", [count(1, 1, 3), count(1, 1, 2)], ["group": .int(0)]),
        KernelCase("Conv", [count(1, 1, 3), count(1, 1, 2)], ["strides": .ints([0])]),
        KernelCase("Conv", [count(1, 1, 3), count(1, 1, 2)], ["pads": .ints([.max, .max])]),
        KernelCase("Conv", [count(1, 1, 3), count(1, 1, 2)], ["dilations": .ints([.max])]),
        KernelCase("MaxPool", [count(1, 1, 3)], ["kernel_shape": .ints([9])]),
        KernelCase("MaxPool", [count(1, 1, 3)], ["kernel_shape": .ints([2]), "pads": .ints([.min, 0])]),
        KernelCase(
            "AveragePool", [count(1, 1, 1, 1, 1)],
            ["kernel_shape": .ints([1 << 27, 1 << 27, 1 << 27]), "pads": .ints(Array(repeating: 1 << 27, count: 6))]),
        KernelCase("ConvTranspose", [count(1, 1, 3), count(1, 1, 2)], ["output_padding": .ints([.min])]),
        KernelCase("ConvTranspose", [count(1, 1, 3), count(1, 1, 2)], ["output_shape": .ints([.min])]),
        KernelCase("ConvTranspose", [f([], [1, 0, 3]), f([], [0, 2, 2])], ["group": .int(.max)]),
        KernelCase("Col2Im", [count(1, 1, 1), i([1 << 27, 1 << 27, 1 << 27]), i([1 << 27, 1 << 27, 1 << 27])]),
        KernelCase(
            "MaxUnpool", [f([1], [1, 1, 1]), i([1 << 62], [1, 1, 1]), i([1, 1, 1 << 20])], ["kernel_shape": .ints([1])]),
        KernelCase("RoiAlign", [f([], [1, 1, 0, 0]), f([0, 0, 1, 1], [1, 4]), i([0])]),
        KernelCase("RotaryEmbedding", [count(1, 1, 1, 2), f([1], []), f([1], []), i([], [0])]),
        KernelCase("Resize", [count(1, 2), nil, f([1e30, 1])]),
        KernelCase("Resize", [count(1, 2), nil, f([.nan, 1])]),
        KernelCase("TopK", [count(3), i([4])]),
        KernelCase("NegativeLogLikelihoodLoss", [count(1, 2), i([2])]),
        KernelCase("Einsum", [count(2, 2)], ["equation": .string("ij->ik")]),
        KernelCase("Einsum", [count(2, 2)], ["equation": .string("i,j,>>")]),
        KernelCase("LSTM", [count(1, 1, 1), count(1, 4, 2), count(1, 4, 1)]),
        KernelCase("LSTM", [count(1, 1, 1), count(1, 4, 1), count(1, 4, 1), nil, i([9], nil, .int32)]),
        KernelCase("QuantizeLinear", [count(2, 2), f([1, 2, 3])]),
        KernelCase("GridSample", [count(1, 1, 2, 2), count(1, 2, 2, 3)]),
        KernelCase("Attention", [count(1, 1, 2, 2), count(1, 3, 2, 2), count(1, 3, 2, 2)]),
        KernelCase("DFT", [count(1, 4, 1), i([1 << 40], [])]),
        KernelCase("SequenceAt", [count(1), i([0], [])]),
        KernelCase("CenterCropPad", [count(2), i([.max])]),
        KernelCase("Flatten", [count(2)], ["axis": .int(9)]),
        KernelCase("Flatten", [i([0, 1 << 40])], ["axis": .int(-9)]),
        KernelCase("ConstantOfShape", [i([0, 1 << 40, 1 << 40])]),
        KernelCase("Reshape", [count(6), i([-1, -1])]),
        KernelCase("Reshape", [count(6), i([.max, .max])]),
        KernelCase("Reshape", [count(6), i([4])]),
        KernelCase("Transpose", [count(2, 2)], ["perm": .ints([0, 0])]),
        KernelCase("Concat", [count(2, 2), count(3, 2)], ["axis": .int(1)]),
        KernelCase("Concat", [count(2)], ["axis": .string("1")]),
        KernelCase("Split", [count(4), i([1, 1])]),
        KernelCase("Slice", [count(4), i([0]), i([4]), i([0]), i([0])]),
        KernelCase("Slice", [count(4), i([0]), i([4]), i([7])]),
        KernelCase("Tile", [count(4), i([.max])]),
        KernelCase("Expand", [count(4), i([1 << 40])]),
        KernelCase("Pad", [count(4), i([.max, 1])]),
        KernelCase("Gather", [count(4), i([4])]),
        KernelCase("GatherND", [count(2, 2), i([0, 2], [1, 2])]),
        KernelCase("ScatterND", [count(3), i([5], [1, 1]), f([9])]),
        KernelCase("ConstantOfShape", [i([1 << 40])]),
        KernelCase("ConstantOfShape", [i([-1])]),
        KernelCase("Range", [i([0], []), i([.max], []), i([1], [])]),
        KernelCase("Range", [i([0], []), i([5], []), i([0], [])]),
        KernelCase("Softmax", [count(2, 2)], ["axis": .int(2)]),
        KernelCase("Cast", [f([1])], ["to": .int(99)]),
        KernelCase("Relu", [s(["a"])]),
    ]
}
