import Evaluate
import IR
import Testing

/// Slices in all directions, with bounds anywhere: ONNX's text (Slice, operator set 13), and onnxruntime, which agrees with it.
/// Starts are clamped to the elements when going backwards, so that one before the first means the first; only ends can lie
/// before it.
@Suite("Slice")
struct SliceTests {
    private static let bounds = [-20, -10, -6, -5, -4, -1, 0, 1, 3, 4, 5, 9, .min, .max]

    private func graph(length: Int, start: Int, end: Int, step: Int) throws -> Graph {
        var graph = Graph(name: "slice")
        let x = graph.addInput("x", TensorType(.float64, lengths: [length]))
        let operands = [("starts", start), ("ends", end), ("axes", 0), ("steps", step)].map { name, value in
            graph.addConstant(name, Tensor(int64: [value], shape: [1]), isLiteral: true)
        }
        let y = graph.append("Slice", [x] + operands, output: "y")
        graph.outputs = [y]
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    private func run(_ graph: Graph, _ numbers: [Double]) throws -> [Double] {
        let outputs = try Interpreter().run(graph, inputs: ["x": Tensor(float64: numbers, shape: [numbers.count])])
        return try #require(outputs["y"]).doubles()
    }

    /// The indices that ONNX's text gives.
    private func indices(length: Int, start: Int, end: Int, step: Int) -> [Int] {
        func place(_ bound: Int, _ limits: ClosedRange<Int>) -> Int {
            let index = bound < 0 ? bound.addingReportingOverflow(length).partialValue : bound
            return min(max(index, limits.lowerBound), limits.upperBound)
        }
        guard length > 0 else { return [] }
        return step > 0
            ? Array(stride(from: place(start, 0...length), to: place(end, 0...length), by: step))
            : Array(stride(from: place(start, 0...(length - 1)), to: place(end, -1...(length - 1)), by: step))
    }

    @Test("every start, end and step takes the elements that ONNX says", arguments: [0, 1, 5])
    func everywhere(length: Int) throws {
        let numbers = (0..<length).map(Double.init)
        for start in Self.bounds {
            for end in Self.bounds {
                for step in [1, 2, 7, -1, -2, -7] {
                    let graph = try graph(length: length, start: start, end: end, step: step)
                    let expected = indices(length: length, start: start, end: end, step: step).map(Double.init)
                    let place = "x[\(start):\(end):\(step)] of \(length)"
                    #expect(try run(graph, numbers) == expected, "\(place)")
                    #expect(graph[graph.outputs[0]].type?.lengths == [expected.count], "\(place)")
                }
            }
        }
    }

    @Test("what onnxruntime computes", arguments: [(-10, -20, -1, [0.0]), (-10, -20, -2, [0]), (4, -7, -3, [4, 1])])
    func onnxruntime(start: Int, end: Int, step: Int, expected: [Double]) throws {
        let graph = try graph(length: 5, start: start, end: end, step: step)
        #expect(try run(graph, [0, 1, 2, 3, 4]) == expected)
    }
}
