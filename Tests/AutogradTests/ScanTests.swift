import Autograd
import Evaluate
import IR
import Testing

/// Loops over steps, which backward goes through from the last to the first.
@Suite struct ScanTests {
    /// A recurrence that runs backward over its input, reads a matrix from around it, and stacks two results.
    private static let text = """
        <ir_version: 10, opset_import: ["": 21]>
        agraph (double[3,2] x, double[2] h0, double[2,2] w) => (double loss) {
          h, ys, zs = Scan <num_scan_inputs = 1, scan_input_directions = [1], scan_output_axes = [0, 1],
            scan_output_directions = [1, 0],
            body = step (double[2] s, double[2] xt) => (double[2] n, double[2] y, double[2] z) {
              p = MatMul (s, w)
              q = Add (p, xt)
              n = Tanh (q)
              y = Mul (n, n)
              z = Identity (q)
            }> (h0, x)
          turned = Transpose (zs)
          a = Mul (ys, x)
          b = Mul (turned, a)
          c = Add (b, h)
          loss = ReduceSum <keepdims = 0> (c)
        }
        """

    @Test func gradientsAreFiniteDifferences() throws {
        var plain = try ONNXText.parseModel(Self.text)
        try plain.inferTypes(evaluator: Interpreter())
        let builder = GraphBuilder(plain, evaluator: Interpreter())
        let sources = plain.inputs.map { builder[$0] }
        let loss = builder[plain.outputs[0]]
        let gradients = try Backpropagation.gradients(of: loss, withRespectTo: sources, in: builder)
        let graph = builder.graph(outputs: [loss] + gradients.compactMap { $0 })
        try graph.verify()
        let inputs = [
            "x": Tensor(float64: [0.1, -0.3, 0.5, 0.2, -0.7, 0.4], shape: [3, 2]),
            "h0": Tensor(float64: [0.3, -0.2]), "w": Tensor(float64: [0.5, -0.4, 0.3, 0.8], shape: [2, 2]),
        ]
        let results = try Interpreter().run(graph, inputs: inputs)
        for (source, gradient) in zip(sources, gradients) {
            let name = source.value.name
            let output = try #require(gradient).value.name
            let own = try #require(results[output]).doubles()
            let numbers = try #require(inputs[name]).doubles()
            for index in numbers.indices {
                func loss(_ change: Double) throws -> Double {
                    var (changed, values) = (inputs, numbers)
                    values[index] += change
                    changed[name] = Tensor(float64: values, shape: try source.lengths)
                    return try #require(try Interpreter().run(plain, inputs: changed)["loss"]?.scalar)
                }
                let difference = (try loss(1e-5) - loss(-1e-5)) / 2e-5
                #expect(abs(own[index] - difference) < 1e-8, "\(name)[\(index)]")
            }
        }
    }

    /// What only a body reads from around it matters to the loss as well.
    @Test func gradientsReachWhatABodyReads() throws {
        let text = """
            <ir_version: 10, opset_import: ["": 21]>
            agraph (double[3,2] x, double[2] h0, double[2,2] w) => (double loss) {
              turned = Transpose (w)
              h, ys = Scan <num_scan_inputs = 1,
                body = step (double[2] s, double[2] xt) => (double[2] n, double[2] y) {
                  p = MatMul (s, turned)
                  n = Add (p, xt)
                  y = Identity (n)
                }> (h0, x)
              loss = ReduceSum <keepdims = 0> (h)
            }
            """
        var graph = try ONNXText.parseModel(text)
        try graph.inferTypes(evaluator: Interpreter())
        let builder = GraphBuilder(graph, evaluator: Interpreter())
        let gradients = try Backpropagation.gradients(
            of: builder[graph.outputs[0]], withRespectTo: graph.inputs.map { builder[$0] }, in: builder)
        #expect(gradients.map { $0 != nil } == [true, true, true])
    }

    @Test func aBranchHasNoGradient() throws {
        let text = """
            <ir_version: 10, opset_import: ["": 21]>
            agraph (double[2,2] x, bool c, double[2,2] w, double[2,2] v) => (double loss) {
              turned = Transpose (w)
              [branch] y = If (c) <then_branch = t () => (double[2,2] p) { p = MatMul (x, turned) },
                else_branch = e () => (double[2,2] q) { q = Identity (x) }>
              z = MatMul (y, v)
              loss = ReduceSum <keepdims = 0> (z)
            }
            """
        var graph = try ONNXText.parseModel(text)
        try graph.inferTypes(evaluator: Interpreter())
        let builder = GraphBuilder(graph, evaluator: Interpreter())
        let sources = ["w", "v"].compactMap { graph.value(named: $0) }.map { builder[$0] }
        let error = #expect(throws: HarrierError.self) {
            try Backpropagation.gradients(of: builder[graph.outputs[0]], withRespectTo: sources, in: builder)
        }
        #expect(error?.description.contains("branch") == true)
    }
}
