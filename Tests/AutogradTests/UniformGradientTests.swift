import Autograd
import Evaluate
import IR
import Testing

/// Gradients that are the same everywhere are kept as scalars, so that sums over broadcast axes become factors.
@Suite("gradients of plain sums")
struct UniformGradientTests {
    @Test(
        "an operand that is repeated gets the gradient of every place",
        arguments: [
            ("Add", [4, 3], [1, 3], 3, 4), ("Add", [4, 3], [3], 3, 4), ("Add", [4, 3], [], 1, 12),
            ("Add", [4, 3], [4, 1], 4, 3),
            ("Sub", [2, 4, 3], [4, 1], 4, -6), ("Add", [2, 1, 3], [4, 1], 4, 6),
        ] as [(OperatorName, [Int], [Int], Int, Double)])
    func repeated(op: OperatorName, left: [Int], right: [Int], count: Int, expected: Double) throws {
        let builder = GraphBuilder(evaluator: Interpreter())
        let one = try builder.input("one", TensorType(.float64, lengths: left))
        let other = try builder.input("other", TensorType(.float64, lengths: right))
        let sum = try builder.apply("ReduceSum", [builder.apply(op, [one, other])], ["keepdims": .int(0)])
        let gradient = try #require(
            try Backpropagation.gradients(of: sum, withRespectTo: [other], in: builder)[0])
        let zeros = [("one", left), ("other", right)].map { name, shape in
            (name, Tensor(float64: [Double](repeating: 0, count: shape.reduce(1, *)), shape: shape))
        }
        let outputs = try Interpreter().run(
            builder.graph(outputs: [gradient.apply("Expand", builder.integers(right.isEmpty ? [1] : right))]),
            inputs: Dictionary(uniqueKeysWithValues: zeros))
        let found = try #require(outputs.values.first).doubles()
        #expect(found == [Double](repeating: expected, count: count))
    }
}
