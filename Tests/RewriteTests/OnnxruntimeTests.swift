import Evaluate
import Foundation
import IR
import ONNXFormat
import Frameworks
import Pricing
import Rewrite
import Testing
import TestSupport

/// Optimized models in onnxruntime: they load, pass onnx's checker, and compute what the originals compute.
@Suite struct OnnxruntimeTests {
    private struct Difference: Decodable {
        let maxAbsError: Double
        let maxAbsOutput: Double
    }

    /// The figure: the largest difference that float32 arithmetic in another order explains.
    private static let tolerance = 1e-4

    @Test(
        arguments: [
            "lenet", "resnet20_w4_cifar", "bert_tiny", "minionn", "resnet18", "resnet50", "vgg16_bn_cifar.dynamo",
            "mobilenet_v3_small", "mobilenet_v3_small.dynamo", "bert_1layer", "densenet121", "shufflenet_v2_x1_0",
        ])
    func optimizedModelsComputeTheSame(model: String) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let original = folder.appendingPathComponent("original.onnx").path
        let optimized = folder.appendingPathComponent("optimized.onnx").path
        _ = try Oracle.run(script: "fill_weights.py", arguments: [Fixtures.path("models/\(model).onnx"), original])

        let framework = try CrypTen()
        let graph = try loadModel(at: original, evaluator: Interpreter()).graph
        let result = try Optimizer(
            rules: RuleCatalog.builtIn().rules, framework: framework, evaluator: Interpreter(),
            options: .init(objective: .time(.wan))
        ).optimize(graph)
        let unfolded = result.graph.nodes.filter(\.isPrecomputed)
        #expect(unfolded.isEmpty, "all weights are there, so that all can be folded")
        try ONNXWriter(opset: framework.newestOpset).write(result.graph, to: optimized)

        _ = try Oracle.run(script: "check_model.py", arguments: [optimized])
        let output = try Oracle.run(script: "compare_models.py", arguments: [original, optimized])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let difference = try decoder.decode(Difference.self, from: Data(output.utf8))
        print(
            "\(model): \(result.before.online) -> \(result.after.online), onnxruntime differs by",
            "\(difference.maxAbsError), largest output \(difference.maxAbsOutput)")
        #expect(difference.maxAbsOutput > 0)
        #expect(difference.maxAbsError < Self.tolerance * max(1, difference.maxAbsOutput))
    }
}
