import Evaluate
import Foundation
import IR
import ONNXFormat
import TestSupport
import Testing

/// Whole models against onnxruntime, in which every number is rounded to 32 bits.
@Suite struct ModelTests {
    @Test(arguments: ["lenet", "bert_tiny", "resnet20_w4_cifar"])
    func modelsWithWeightsAgreeWithOnnxruntime(name: String) throws {
        try compare(try Fixtures.path("models/\(name).onnx"), tolerance: 1e-5)
    }

    /// Outputs of random networks are larger than 1, so errors are taken relative to the largest.
    @Test(arguments: ["mobilenet_v3_small", "shufflenet_v2_x1_0", "bert_1layer", "densenet121"])
    func modelsWithRandomWeightsAgreeWithOnnxruntime(name: String) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let filled = folder.appendingPathComponent(name + ".onnx").path
        _ = try Oracle.run(script: "fill_weights.py", arguments: [try Fixtures.path("models/\(name).onnx"), filled])
        try compare(filled, tolerance: 1e-4)
    }

    private func compare(_ path: String, tolerance: Double) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let dataPath = folder.appendingPathComponent("data.onnx").path
        _ = try Oracle.run(script: "run_model.py", arguments: [path, dataPath])
        let data = try NodeData(dataPath)
        for precision in [Interpreter.Precision.float32, .float64] {
            let interpreter = Interpreter(precision: precision)
            let graph = try loadModel(at: path, evaluator: interpreter).graph
            var inputs: [String: NumericArray] = [:]
            for (index, id) in graph.inputs.enumerated() { inputs[graph[id].name] = try data.value("input/\(index)") }
            let outputs = try interpreter.run(graph, inputs: inputs)
            for (index, id) in graph.outputs.enumerated() {
                let found = try #require(outputs[graph[id].name])
                let wanted = try data.value("output/\(index)")
                #expect(found.shape == wanted.shape)
                let scale = max(1, try wanted.doubles().map(abs).max() ?? 1)
                let error = zip(try found.doubles(), try wanted.doubles()).map { abs($0 - $1) }.max() ?? 0
                #expect(error / scale < tolerance, "\(precision): off by \(error) of \(scale)")
            }
        }
    }
}
