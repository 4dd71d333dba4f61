import Evaluate
import Foundation
import IR
import ONNXFormat
import TestSupport
import Testing

/// Transformations on the models that exporters write: they stay what they were, and get smaller.
@Suite("Transformations of real models") struct TransformsOnModelsTests {
    struct Transformation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let apply: @Sendable (Graph) throws -> Graph
    }

    static let transformations = [
        Transformation(testDescription: "known values") { $0.foldingKnownValues() },
        Transformation(testDescription: "constants") {
            try $0.foldingConstants(with: Interpreter(precision: .float32))
        },
        Transformation(testDescription: "common subexpressions") { $0.eliminatingCommonSubexpressions() },
        Transformation(testDescription: "dead code") { $0.removingDeadCode() },
        Transformation(testDescription: "functions") { try $0.inliningFunctions() },
        Transformation(testDescription: "to text and back") { try ONNXText.parseModel(ONNXText.print($0)) },
    ]

    private func load(_ name: String) throws -> Graph {
        try loadModel(at: Fixtures.path("models/\(name).onnx"), evaluator: Interpreter()).graph
    }

    @Test(
        "compute the same", arguments: transformations,
        ["lenet", "resnet20_w4_cifar", "bert_tiny", "mobilenet_v3_small"])
    func computeTheSame(_ transformation: Transformation, _ name: String) throws {
        let graph = try load(name)
        var result = try transformation.apply(graph)
        try result.verify()
        try result.inferTypes(evaluator: Interpreter())
        let check = NumericCheck.compare(graph, result, ComparisonSettings(samples: 1, tolerance: 1e-6))
        #expect(check.status == .passed, "\(check.why ?? "")")
        #expect(result.nodes.count <= graph.nodes.count)
    }

    @Test("fold all shape computations, and know their own text again")
    func everyModel() throws {
        for path in try Fixtures.paths(in: "models", extension: "onnx") {
            let graph = try loadModel(at: path, evaluator: Interpreter()).graph
            let folded = graph.foldingKnownValues().eliminatingCommonSubexpressions()
            try folded.verify()
            let shapes = folded.nodes.filter { ["Shape", "Size", "ConstantOfShape", "Range"].contains($0.op) }
            #expect(shapes.isEmpty, "\(path)")
            #expect(folded.outputs.map { folded[$0].name } == graph.outputs.map { graph[$0].name })
            #expect(folded.inputs.map { folded[$0].name } == graph.inputs.map { graph[$0].name })
            #expect(folded.eliminatingCommonSubexpressions().nodes == folded.nodes, "\(path)")
            let again = try ONNXText.parseModel(ONNXText.print(folded))
            #expect(again.nodes.map(\.op) == folded.nodes.map(\.op), "\(path)")
            #expect(again.outputs.map { again[$0].type } == folded.outputs.map { folded[$0].type }, "\(path)")
        }
    }
}
