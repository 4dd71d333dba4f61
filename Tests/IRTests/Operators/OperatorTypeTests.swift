import IR
import Testing

/// Shape inference with lengths that are open, and on operands that do not fit.
@Suite struct OperatorTypeTests {
    /// A node's operands and what inference says of it.
    struct Case: CustomTestStringConvertible, Sendable {
        /// An operand: its type, or a constant with its value.
        enum Operand: Sendable {
            case type(ElementType, [Dimension]?)
            case integers([Int])
            case numbers([Float])
            case none
        }

        var op: OperatorName
        var inputs: [Operand]
        var attributes: [String: Attribute] = [:]
        var outputs: [String]

        var testDescription: String { "\(op) → \(outputs)" }

        /// The types of the results, or the message of the error.
        func run() throws -> [String] {
            var graph = Graph()
            let operands = inputs.enumerated().map { index, operand -> ValueID? in
                switch operand {
                case .type(let type, let shape): graph.addInput("x\(index)", TensorType(type, shape))
                case .integers(let values): graph.addConstant("x\(index)", Tensor(int64: values))
                case .numbers(let values): graph.addConstant("x\(index)", Tensor(float32: values))
                case .none: nil
                }
            }
            let results = outputs.indices.map { graph.add(Value(name: "y\($0)")) }
            graph.append(Node(op: op, inputs: operands, outputs: results, attributes: attributes))
            try graph.inferTypes(evaluator: nil)
            return results.map { graph[$0].type.map(\.description) ?? "nothing" }
        }
    }

    private static func float(_ shape: Dimension...) -> Case.Operand { .type(.float32, shape) }
    private static let n = Dimension.symbol("n")

    @Test(arguments: [
        Case(op: "Add", inputs: [float(n, 3), float(1, 3)], outputs: ["float[n,3]"]),
        Case(op: "Add", inputs: [float(n, 3), .type(.float32, nil)], outputs: ["float[]"]),
        Case(op: "Add", inputs: [float(.unknown), float(5)], outputs: ["float[5]"]),
        Case(op: "MatMul", inputs: [float(n, 8, 4), float(4, 2)], outputs: ["float[n,8,2]"]),
        Case(op: "MatMul", inputs: [float(4), float(n, 4, 2)], outputs: ["float[n,2]"]),
        Case(op: "MatMul", inputs: [float(4), float(4)], outputs: ["float"]),
        Case(op: "Reshape", inputs: [float(n, 256, 6, 6), .integers([0, -1])], outputs: ["float[n,9216]"]),
        Case(op: "Reshape", inputs: [float(n, 3, 4), .integers([-1, 12])], outputs: ["float[n,12]"]),
        Case(op: "Reshape", inputs: [float(n, 4), .type(.int64, [3])], outputs: ["float[?,?,?]"]),
        Case(
            op: "Reshape", inputs: [float(0, 3), .integers([3, 0])], attributes: ["allowzero": .int(1)],
            outputs: ["float[3,0]"]),
        Case(op: "Flatten", inputs: [float(n, 3, 4)], outputs: ["float[n,12]"]),
        Case(op: "Flatten", inputs: [float(n, 3)], attributes: ["axis": .int(0)], outputs: ["float[1,?]"]),
        Case(op: "Slice", inputs: [float(n, 9), .integers([0]), .integers([.max])], outputs: ["float[n,9]"]),
        Case(
            op: "Slice", inputs: [float(9), .integers([.max]), .integers([.min]), .integers([0]), .integers([-2])],
            outputs: ["float[5]"]),
        Case(
            op: "Slice", inputs: [float(9), .integers([8]), .integers([0]), .none, .integers([.min])],
            outputs: ["float[1]"]),
        Case(op: "Squeeze", inputs: [float(1, n, 1)], outputs: ["float[]"]),
        Case(op: "Squeeze", inputs: [float(1, n, 1), .integers([0, -1])], outputs: ["float[n]"]),
        Case(op: "Unsqueeze", inputs: [float(n), .integers([-1, 0])], outputs: ["float[1,n,1]"]),
        Case(
            op: "Split", inputs: [float(7, n)], attributes: ["num_outputs": .int(3)],
            outputs: ["float[3,n]", "float[3,n]", "float[1,n]"]),
        Case(
            op: "Concat", inputs: [float(n, 3), float(2, 3)], attributes: ["axis": .int(0)],
            outputs: ["float[?,3]"]),
        Case(op: "Expand", inputs: [float(3, 1), .type(.int64, [3])], outputs: ["float[?,3,?]"]),
        Case(
            op: "Conv", inputs: [float(n, 3, 224, .unknown), float(64, 3, 7, 7)],
            attributes: ["strides": .ints([2, 2]), "pads": .ints([3, 3, 3, 3])], outputs: ["float[n,64,112,?]"]),
        Case(
            op: "MaxPool", inputs: [float(n, 3, 7)],
            attributes: ["kernel_shape": .ints([2]), "strides": .ints([2]), "ceil_mode": .int(1)],
            outputs: ["float[n,3,4]", "int64[n,3,4]"]),
        Case(op: "ReduceSum", inputs: [float(n, 3), .type(.int64, [1])], outputs: ["float[?,?]"]),
        Case(
            op: "ReduceSum", inputs: [float(n, 3), .type(.int64, [1])], attributes: ["keepdims": .int(0)],
            outputs: ["float[?]"]),
        Case(
            op: "ReduceMean", inputs: [float(n, 3)], attributes: ["noop_with_empty_axes": .int(1)],
            outputs: ["float[n,3]"]),
        Case(
            op: "Resize", inputs: [float(n, 3, 5), .none, .numbers([1, 1, 2.5])], outputs: ["float[n,3,12]"]),
        Case(
            op: "Einsum", inputs: [float(n, 2, 3), float(n, 3, 4)],
            attributes: ["equation": .string("b...i, bij->...j")],
            outputs: ["float[2,4]"]),
        Case(op: "TopK", inputs: [float(n, 9), .type(.int64, [1])], outputs: ["float[n,?]", "int64[n,?]"]),
        Case(op: "NonZero", inputs: [float(4, n)], outputs: ["int64[2,?]"]),
        Case(op: "Shape", inputs: [.type(.float32, nil)], outputs: ["int64[?]"]),
        Case(op: "Range", inputs: [.numbers([0]), .numbers([5]), .numbers([1.5])], outputs: ["float[4]"]),
        Case(
            op: "Attention", inputs: [float(n, 7, 12), float(n, 5, 12), float(n, 5, 24)],
            attributes: ["q_num_heads": .int(3), "kv_num_heads": .int(3)], outputs: ["float[n,7,24]"]),
    ])
    func whatIsKnownIsSaid(test: Case) throws {
        #expect(try test.run() == test.outputs)
    }

    @Test(arguments: [
        Case(op: "Add", inputs: [float(2), float(3)], outputs: ["do not broadcast"]),
        Case(op: "Add", inputs: [float(2), .integers([1])], outputs: ["different element types"]),
        Case(op: "Add", inputs: [float(2)], outputs: ["takes 2 inputs, not 1"]),
        Case(op: "And", inputs: [float(2), float(2)], outputs: ["must have bool elements"]),
        Case(op: "MatMul", inputs: [float(2, 3), float(2, 3)], outputs: ["inner lengths 3 and 2"]),
        Case(op: "MatMul", inputs: [float(), float(3)], outputs: ["not a scalar"]),
        Case(op: "Reshape", inputs: [float(2, 3), .integers([4, 2])], outputs: ["6 elements of float[2,3]"]),
        Case(op: "Reshape", inputs: [float(2, 3), .integers([4, -1])], outputs: ["into rows of 4"]),
        Case(op: "Reshape", inputs: [float(2, 3), .integers([-1, -1])], outputs: ["cannot give a tensor the shape"]),
        Case(op: "Reshape", inputs: [float(6), .integers([6, 0])], outputs: ["copies axis 1"]),
        Case(op: "Transpose", inputs: [float(2, 3)], attributes: ["perm": .ints([0, 0])], outputs: ["cannot order"]),
        Case(op: "Concat", inputs: [float(2)], outputs: ["lacks its attribute 'axis'"]),
        Case(
            op: "Concat", inputs: [float(2)], attributes: ["axis": .int(1)], outputs: ["outside of a tensor of rank 1"]),
        Case(op: "Concat", inputs: [float(2)], attributes: ["axis": .float(1)], outputs: ["must be of kind int"]),
        Case(
            op: "Conv", inputs: [float(1, 3, 4, 4), float(8, 3, 5, 5)],
            outputs: ["is larger than its padded input"]),
        Case(
            op: "Conv", inputs: [float(1, 3, 8, 8), float(8, 4, 3, 3)],
            outputs: ["takes 4 channels, but its input has 3"]
        ),
        Case(
            op: "Conv", inputs: [float(1, 3, 8, 8), float(8, 3, 3, 3)], attributes: ["strides": .ints([0, 1])],
            outputs: ["must be at least 1"]),
        Case(
            op: "Conv", inputs: [float(1, 3, 8, 8), float(8, 3, 3, 3)], attributes: ["pads": .ints([1, 1])],
            outputs: ["must have 4 entries, not 2"]),
        Case(
            op: "Conv", inputs: [float(1, 3, 8, 8), float(8, 3, 3, 3)], attributes: ["auto_pad": .string("SOME")],
            outputs: ["which ONNX does not know"]),
        Case(
            op: "MaxPool", inputs: [float(1, 3, 8)], attributes: ["kernel_shape": .ints([-1])],
            outputs: ["must have positive lengths"]),
        Case(
            op: "Slice", inputs: [float(9), .integers([0]), .integers([9]), .integers([0]), .integers([0])],
            outputs: ["step of 0"]),
        Case(op: "Squeeze", inputs: [float(2), .integers([0])], outputs: ["cannot remove axis 0"]),
        Case(op: "Unsqueeze", inputs: [float(2), .integers([0, 0])], outputs: ["given twice"]),
        Case(op: "Tile", inputs: [float(2), .integers([-1])], outputs: ["cannot repeat"]),
        Case(op: "Expand", inputs: [float(1), .integers([-2])], outputs: ["negative length"]),
        Case(op: "Expand", inputs: [float(1), .integers([1 << 50])], outputs: ["too large"]),
        Case(op: "ConstantOfShape", inputs: [.integers([.max, .max])], outputs: ["too large"]),
        Case(op: "Pad", inputs: [float(3), .integers([-2, -2])], outputs: ["cuts -4 elements off"]),
        Case(op: "Range", inputs: [.numbers([0]), .numbers([5]), .numbers([0])], outputs: ["step of 0"]),
        Case(
            op: "Range", inputs: [.numbers([0]), .numbers([.infinity]), .numbers([1])], outputs: ["too many elements"]),
        Case(op: "TopK", inputs: [float(3), .integers([4])], outputs: ["cannot give 4 of 3", ""]),
        Case(
            op: "DepthToSpace", inputs: [float(1, 6, 2, 2)], attributes: ["blocksize": .int(4)],
            outputs: ["cannot divide 6 channels by 16"]),
        Case(
            op: "Einsum", inputs: [float(2, 3)], attributes: ["equation": .string("i->i")],
            outputs: ["does not fit its equation"]),
        Case(
            op: "Einsum", inputs: [float(2)], attributes: ["equation": .string("i->j")],
            outputs: ["a letter in the result that no operand has"]),
        Case(
            op: "GroupNormalization", inputs: [float(1, 6, 2), float(6), float(6)],
            attributes: ["num_groups": .int(4)], outputs: ["cannot divide 6 channels into 4 groups"]),
        Case(
            op: "BatchNormalization", inputs: [float(1, 6, 2), float(6), float(6), float(5), float(6)],
            outputs: ["do not fit: 6 and 5"]),
        Case(op: "Cast", inputs: [float(1)], attributes: ["to": .int(99)], outputs: ["no element type of ONNX"]),
        Case(op: "Resize", inputs: [float(1)], outputs: ["either scales or sizes"]),
    ])
    func whatDoesNotFitIsAnError(test: Case) throws {
        let expected = try #require(test.outputs.first)
        let error = #expect(throws: HarrierError.self) { _ = try test.run() }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
}
