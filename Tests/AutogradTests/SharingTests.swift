import Autograd
import Evaluate
import IR
import Testing

/// What backward does not pay for again.
@Suite struct SharingTests {
    /// Nodes of backward that one differentiates a node for.
    private func differentiated(
        _ op: OperatorName, _ shapes: [[Int]], _ attributes: [String: Attribute] = [:],
        withRespectTo wanted: [Int]? = nil
    ) throws -> (graph: Graph, backward: [Node]) {
        let builder = GraphBuilder(evaluator: Interpreter())
        let operands = try shapes.enumerated().map { try builder.input("x\($0)", TensorType(.float32, lengths: $1)) }
        let output = try builder.apply(op, operands, attributes)
        // A gradient that comes in and is not the same everywhere; it is the weights themselves.
        let weights = try builder.input("g", #require(output.type))
        let loss = try builder.apply("ReduceSum", [output * weights], ["keepdims": .int(0)])
        let gradients = try Backpropagation.gradients(
            of: loss, withRespectTo: (wanted ?? Array(operands.indices)).map { operands[$0] }, in: builder)
        let graph = builder.graph(outputs: [loss] + gradients.compactMap { $0 }).eliminatingCommonSubexpressions()
        return (graph, graph.nodes.filter { $0.phase == .backward })
    }

    /// Elements that nodes multiply, by the sizes of their results.
    private func largestProduct(_ graph: Graph, _ nodes: [Node]) -> Int {
        nodes.filter { $0.op == "Mul" }.compactMap { node in
            node.output(0).flatMap { graph[$0].type?.elementCount }
        }.max() ?? 0
    }

    @Test func comparisonsArePaidOnce() throws {
        for op: OperatorName in ["Relu", "LeakyRelu", "Elu", "Abs", "HardSigmoid", "HardSwish"] {
            let backward = try differentiated(op, [[3, 5]]).backward
            let comparisons: Set<OperatorName> = [
                "Relu", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Sign", "Max",
            ]
            #expect(backward.allSatisfy { !comparisons.contains($0.op) }, "\(op)")
        }
    }

    @Test func aPoolComparesInForwardOnly() throws {
        let (graph, backward) = try differentiated(
            "MaxPool", [[1, 2, 6, 6]], ["kernel_shape": .ints([3, 3]), "strides": .ints([3, 3])])
        let compared = graph.nodes.filter { $0.op == "GreaterOrEqual" }
            .compactMap { $0.output(0).flatMap { graph[$0].type?.elementCount } }
        // Eight comparisons a window, as a tournament has.
        let windows = 2 * 2 * 2
        #expect(compared.reduce(0, +) == 8 * windows)
        let comparisons: Set<OperatorName> = ["MaxPool", "GreaterOrEqual", "Equal"]
        #expect(backward.allSatisfy { !comparisons.contains($0.op) })
    }

    @Test func functionsUseTheirResults() throws {
        for (op, forbidden) in [("Exp", "Exp"), ("Sigmoid", "Sigmoid"), ("Tanh", "Tanh"), ("Softmax", "Exp")] {
            let backward = try differentiated(OperatorName(op), [[3, 5]]).backward
            #expect(backward.allSatisfy { $0.op != OperatorName(forbidden) && $0.op != OperatorName(op) }, "\(op)")
        }
        let division = try differentiated("Div", [[3, 5], [3, 1]])
        #expect(division.graph.nodes.count { $0.op == "Reciprocal" } == 1)
    }

    @Test func broadcastOperandsGetDotProducts() throws {
        // The gradient of the scale is a product summed over images and pixels.
        let (graph, backward) = try differentiated("Mul", [[2, 3, 4, 5], [3, 1, 1]], withRespectTo: [1])
        #expect(largestProduct(graph, backward) == 0)
        #expect(backward.count { $0.op == "MatMul" } == 1)
        // A shared matrix gets one product over all batches.
        let product = try differentiated("MatMul", [[7, 3, 4], [4, 5]], withRespectTo: [1])
        let results = product.backward.filter { $0.op == "MatMul" }.map { node in
            node.output(0).flatMap { product.graph[$0].type?.lengths }
        }
        #expect(results == [[4, 5]])
    }

    @Test func nothingIsComputedThatNobodyWants() throws {
        let backward = try differentiated("Conv", [[1, 2, 5, 5], [3, 2, 3, 3]], withRespectTo: [1]).backward
        #expect(backward.count { $0.op == "ConvTranspose" } == 0)
        #expect(backward.count { $0.op == "Conv" } == 1)
    }

    @Test func aValueWithoutInfluenceHasNoGradient() throws {
        let builder = GraphBuilder()
        let x = try builder.input("x", TensorType(.float32, lengths: [3]))
        let y = try builder.input("y", TensorType(.float32, lengths: [3]))
        let loss = try builder.apply("ReduceSum", [x + y.apply("Round")], ["keepdims": .int(0)])
        let gradients = try Backpropagation.gradients(of: loss, withRespectTo: [x, y], in: builder)
        #expect(gradients[0] != nil)
        #expect(gradients[1] == nil)
    }

    @Test func unknownShapesAreSaid() throws {
        let builder = GraphBuilder()
        let x = try builder.input("x", TensorType(.float32, [.symbol("batch"), 3]))
        let w = try builder.input("w", TensorType(.float32, lengths: [3, 4]))
        let product = try builder.within("fc") { try x.matrixProduct(w) }
        let loss = try builder.apply("ReduceSum", [product], ["keepdims": .int(0)])
        let error = #expect(throws: HarrierError.self) {
            try Backpropagation.gradients(of: loss, withRespectTo: [w], in: builder)
        }
        #expect(error?.description.contains("shape of this value is not known") == true)
    }
}
