import Evaluate
import IR
import Testing

@Suite("Softmax")
struct SoftmaxTests {
    @Test("numbers of any size are compared by their differences", arguments: [0.0, 1000, -1000, 1e6])
    func shifted(offset: Double) throws {
        for (op, last) in [("Softmax", 0.75), ("LogSoftmax", -0.287_682_072_451_780_9)] as [(OperatorName, Double)] {
            var graph = Graph(name: "softmax")
            let x = graph.addInput("x", TensorType(.float64, lengths: [1, 2]))
            graph.outputs = [graph.append(op, [x], output: "y")]
            let values = [offset, offset + 1.098_612_288_668_109_8]
            let outputs = try Interpreter().run(graph, inputs: ["x": Tensor(float64: values, shape: [1, 2])])
            let found = try #require(outputs["y"]).doubles()
            #expect(abs(found[1] - last) < 1e-9, "\(op) of \(values)")
        }
    }
}
