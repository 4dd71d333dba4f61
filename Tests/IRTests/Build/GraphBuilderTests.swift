import Evaluate
import Foundation
import IR
import Testing

/// Graphs written as expressions.
@Suite struct GraphBuilderTests {
    @Test func expressionsBecomeTypedNodes() throws {
        let builder = GraphBuilder(name: "model")
        let x = try builder.input("x", TensorType(.float64, lengths: [2, 3]))
        let gate = try (x * 2 + 1).apply("Sigmoid")
        let y = try (1 - gate) * x[axis: 1, 0..<1]
        #expect(y.type == TensorType(.float64, lengths: [2, 3]))
        let graph = try builder.graph(outputs: [("y", y)])
        try graph.verify()
        let run = try Interpreter().run(graph, inputs: ["x": Tensor(float64: [0, 1, 2, -3, 4, 5], shape: [2, 3])])
        let expected = [0, 0, 0, -3, -3, -3].enumerated().map { index, factor in
            Double(factor) / (1 + exp(2 * [0, 1, 2, -3, 4, 5][index] + 1))
        }
        let result = try #require(run["y"]).doubles()
        #expect(zip(result, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func nodesTakeScopeAndMetadataOfTheMoment() throws {
        let builder = GraphBuilder()
        let x = try builder.input("x", TensorType(.float32, lengths: [4]))
        let y = try builder.within("layer1.0") {
            builder.metadata["key"] = "value"
            defer { builder.metadata = [:] }
            return try builder.within("relu") { try (x + x).apply("Relu") }
        }
        let graph = builder.graph(outputs: [try y + y])
        #expect(graph.nodes.map(\.name) == ["/layer1/0/relu/Add", "/layer1/0/relu/Relu", "Add"])
        #expect(graph.nodes.map { Scope(of: $0) } == graph.nodes.map(\.scope))
        #expect(graph.nodes.map { $0.metadata["key"] } == ["value", "value", nil])
    }

    @Test func operandsThatDoNotFitAreReportedWhereTheyMeet() throws {
        let builder = GraphBuilder()
        let x = try builder.input("x", TensorType(.float32, lengths: [2, 3]))
        let error = #expect(throws: HarrierError.self) {
            try builder.within("encoder.fc") { try x.matrixProduct(x) }
        }
        #expect(
            error?.description == "node '/encoder/fc/MatMul' (MatMul): "
                + "MatMul cannot multiply [2,3] by [2,3]: inner lengths 3 and 2")
        #expect(builder.graph.nodes.isEmpty)
    }

    @Test func namesAreUniqueAndEqualLiteralsOne() throws {
        var graph = Graph()
        let x = graph.addInput("Add", TensorType(.float32, lengths: [2]))
        let builder = GraphBuilder(graph)
        let sum = try (builder[x] + 1) + 1
        #expect(throws: HarrierError.self) { try builder.input("Add", TensorType(.float32, lengths: [])) }
        let result = builder.graph(outputs: [sum])
        try result.verify()
        #expect(result.nodes.map(\.name) == ["Add_1", "Add_2"])
        #expect(result.values.count { $0.constant != nil } == 1)
    }

    @Test func outputsAreNamedAndInputsCopied() throws {
        let builder = GraphBuilder()
        let x = try builder.input("x", TensorType(.float32, lengths: [2]))
        let y = try x.apply("Relu")
        let graph = try builder.graph(outputs: [("first", y), ("second", y), ("third", x)])
        try graph.verify()
        #expect(graph.outputs.map { graph[$0].name } == ["first", "second", "third"])
        #expect(graph.nodes.map(\.op) == ["Relu", "Identity", "Identity"])
    }
}
