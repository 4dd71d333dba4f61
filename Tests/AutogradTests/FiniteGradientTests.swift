import Autograd
import Evaluate
import IR
import Testing

/// Gradients that are finite in 32 bits where a careless formula gives NaN.
@Suite struct FiniteGradientTests {
    private func gradient(
        at numbers: [Double], of function: (GraphBuilder.Term) throws -> GraphBuilder.Term
    ) throws -> [Double] {
        let builder = GraphBuilder(name: "gradient", evaluator: Interpreter())
        let x = try builder.input("x", TensorType(.float32, lengths: [numbers.count]))
        let loss = try function(x).apply("ReduceSum", attributes: ["keepdims": .int(0)])
        let gradients = try Backpropagation.gradients(of: loss, withRespectTo: [x], in: builder)
        let graph = builder.graph(outputs: [try #require(gradients[0])])
        let input = try NumericArray(numbers, shape: [numbers.count], elementType: .float32)
        let outputs = try Interpreter(precision: .float32).run(graph, inputs: ["x": input])
        return try #require(outputs.values.first).doubles()
    }

    @Test func aNormOfZeroHasTheGradientZero() throws {
        #expect(try gradient(at: [0, 0, 0]) { try $0.apply("ReduceL2") } == [0, 0, 0])
        let usual = try gradient(at: [3, 0, -4]) { try $0.apply("ReduceL2") }
        #expect(zip(usual, [0.6, 0, -0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    /// A branch that is not chosen has no gradient, whatever its derivative is there.
    @Test(arguments: ["Sqrt", "Log", "Reciprocal"] as [OperatorName])
    func branchesThatAreNotChosenHaveNone(_ op: OperatorName) throws {
        for isSwapped in [false, true] {
            let found = try gradient(at: [-1, 0, 4]) { x in
                let bit = try isSwapped ? x.scalar(1).apply("Greater", x) : x.apply("Greater", x.scalar(1))
                let doubled = try (x.apply(op) * 2).apply("Neg")
                return try isSwapped ? bit.chooses(x, else: doubled) : bit.chooses(doubled, else: x)
            }
            let expected: [OperatorName: Double] = ["Sqrt": -0.5, "Log": -0.5, "Reciprocal": 0.125]
            #expect(found.allSatisfy(\.isFinite) && found.last == expected[op], "\(found)")
            #expect(found.prefix(2).allSatisfy { $0 == 1 })
        }
    }

    @Test(arguments: ["Mish", "Softplus"] as [OperatorName])
    func functionsOfExponentialsHaveGradientsFarOut(_ op: OperatorName) throws {
        let found = try gradient(at: [89, 200, -200]) { try $0.apply(op) }
        #expect(zip(found, [1, 1, 0]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(found)")
    }
}
