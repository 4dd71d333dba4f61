import IR
import Testing

@testable import Evaluate

/// Exact kernels beside the interpreter's: where exact numbers lie must agree with what 64-bit arithmetic gives.
@Suite("Exact kernels")
struct ExactOperatorTests {
    private static let nodes: [(signature: String, body: String)] = [
        ("(float[2,3] x, float[3,4] w) => (float[2,4] y)", "y = MatMul (x, w)"),
        ("(float[2,2,3] x, float[3] w) => (float[2,2] y)", "y = MatMul (x, w)"),
        (
            "(float[3,2] x, float[4,3] w, float[4] b) => (float[2,4] y)",
            "y = Gemm <transA: int = 1, transB: int = 1, alpha: float = 0.5, beta: float = 2.0> (x, w, b)"
        ),
        (
            "(float[2,4,5,6] x, float[6,2,3,3] w, float[6] b) => (float[2,6,P,Q] y)",
            "y = Conv <group: int = 2, strides: ints = [2, 1], pads: ints = [1, 0, 1, 2], dilations: ints = [1, 2]> (x, w, b)"
        ),
        ("(float[2,3,7] x, float[4,3,3] w) => (float[2,4,P] y)", "y = Conv (x, w)"),
        (
            "(float[1,2,5,6] x) => (float[1,2,P,Q] y)",
            "y = MaxPool <kernel_shape: ints = [3, 2], strides: ints = [2, 2], pads: ints = [1, 0, 1, 1]> (x)"
        ),
        (
            "(float[1,2,5,6] x) => (float[1,2,P,Q] y)",
            "y = AveragePool <kernel_shape: ints = [3, 2], pads: ints = [1, 0, 1, 1], count_include_pad: int = 1> (x)"
        ),
        ("(float[1,2,5,6] x) => (float[1,2,P,Q] y)", "y = AveragePool <kernel_shape: ints = [2, 2]> (x)"),
        ("(float[2,3,4,5] x) => (float[2,3,1,1] y)", "y = GlobalAveragePool (x)"),
        ("(float[2,3,4,5] x) => (float[2,3,1,1] y)", "y = GlobalMaxPool (x)"),
        (
            "(float[2,3,4] x) => (float[2,4] y)",
            "a = Constant <value_ints: ints = [-2]> () y = ReduceMean <keepdims: int = 0> (x, a)"
        ),
        ("(float[2,3,4] x) => (float[1,1,1] y)", "y = ReduceMax (x)"),
        (
            "(float[2,3] x) => (float[2,3] y)",
            "a = Constant <value_ints: ints = [1]> () n = ReduceL2 (x, a) y = Div (x, n)"
        ),
        (
            "(float[2,3] x) => (float[2,3] y)",
            "a = Constant <value_int: int = 1> () y = CumSum <reverse: int = 1> (x, a)"
        ),
        ("(float[2,3,4] x) => (float[2,3,4] y)", "y = Softmax <axis: int = 1> (x)"),
        ("(float[2,3] x) => (float[2,3] y)", "y = LogSoftmax (x)"),
        (
            "(float[2,3,4] x, float[4] s, float[4] b) => (float[2,3,4] y)", "y = LayerNormalization (x, s, b)"
        ),
        (
            "(float[2,3,4] x, float[3] s, float[3] b, float[3] m) => (float[2,3,4] y)",
            "v = Mul (m, m) y = BatchNormalization (x, s, b, m, v)"
        ),
        (
            "(float[2,4,3] x, float[4] s, float[4] b) => (float[2,4,3] y)",
            "y = GroupNormalization <num_groups: int = 2> (x, s, b)"
        ),
        ("(float[2,3] x) => (float[2,3] y)", "y = Gelu (x)"),
        ("(float[2,3] x) => (float[2,3] y)", "y = Gelu <approximate: string = \"tanh\"> (x)"),
        ("(float[2,3] x) => (float[2,3] y)", "y = HardSwish (x)"),
        ("(float[2,3] x) => (float[2,3] y)", "y = LeakyRelu <alpha: float = 0.3> (x)"),
        ("(float[2,3] x) => (float[2,3] y)", "y = Elu (x)"),
        ("(float[2,3] x) => (float[2,3] y)", "y = Softplus (x)"),
        (
            "(float[2,3] x) => (float[2,3] y)",
            "h = Constant <value: tensor = float {0.5}> () z = Mul (x, x) y = Pow (z, h)"
        ),
        (
            "(float[4,3] x) => (float[P,3] y)",
            "i = Constant <value_ints: ints = [2, 0, 3]> () y = Gather <axis: int = 0> (x, i)"
        ),
        ("(float[4,3] x) => (float[5,5] y)", "p = Constant <value_ints: ints = [1, 0, 0, 2]> () y = Pad (x, p)"),
        (
            "(float[2,3] x, float[2,1] z) => (float[2,3] y)",
            "c = Less (x, z) n = Neg (x) y = Where (c, n, z)"
        ),
        (
            "(float[2,6] x) => (float[2,2] y, float[2,4] z)",
            "s = Constant <value_ints: ints = [2, 4]> () y, z = Split <axis: int = 1> (x, s)"
        ),
        ("(float[2,6] x) => (int64[2,1] y)", "y = ArgMax <axis: int = 1, select_last_index: int = 1> (x)"),
        ("(float[2,6] x) => (float[2,1] y)", "i = ArgMin <axis: int = 1> (x) y = Cast <to: int = 1> (i)"),
    ]

    @Test(arguments: nodes.indices)
    func exactNumbersLieWhereTheInterpreterSays(index: Int) throws {
        let (signature, body) = Self.nodes[index]
        var graph = try ONNXText.parseModel(
            "<ir_version: 10, opset_import: [\"\": 21]>\ng \(signature) {\n\(body)\n}")
        try graph.inferTypes(evaluator: Interpreter())
        for style in [SampleStyle.ordinary, .halves] {
            let inputs = try SampleGenerator(for: graph, ComparisonSettings(styles: [style])).inputs(sample: 0)
            let expected = try Interpreter().run(graph, inputs: inputs)
            let trace = ExactTrace()
            let interpreter = ExactInterpreter(trace: trace)
            let operands = graph.inputs.map { id in
                inputs[graph[id].name].map { interpreter.value($0, isDrawn: true) }
            }
            let found: [ExactValue]
            do {
                found = try interpreter.run(graph, inputs: operands) { _ in nil }
            } catch let error as HarrierError {
                // Halves have zeros and ties; that they are noticed is what is wanted.
                #expect(style == .halves, "\(error)")
                continue
            }
            for (id, value) in zip(graph.outputs, found) {
                let array = try #require(expected[graph[id].name])
                switch value {
                case .plain(let plain): #expect(plain == array)
                case .exact(let exact):
                    #expect(exact.shape == array.shape && exact.elementType == array.elementType)
                    for (number, double) in zip(exact.elements, try array.doubles()) {
                        // Exact numbers are what somebody meant by the 32 bits of an attribute.
                        let slack = 1e-6 * max(1, abs(double))
                        #expect(number.real.low - slack <= double && double <= number.real.high + slack, "\(body)")
                        #expect(number.real.high - number.real.low < 1e-3, "\(body): \(number.real)")
                    }
                }
            }
        }
    }
}
