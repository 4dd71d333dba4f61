import Foundation
import Graph
import TestSupport
import Testing

/// What onnx's printer writes of real models, Harrier reads; what Harrier then writes, onnx's parser reads as the same models.
@Suite struct ModelRoundTripTests {
    @Test func modelsOfRealExportersComeBackWhole() throws {
        let models = try Fixtures.paths(in: "models", extension: "onnx")
        #expect(!models.isEmpty)
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try Oracle.run(script: "onnx_text.py", arguments: ["print", folder.path] + models)
        for text in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let graph = try ONNXText.parseModel(String(contentsOf: text, encoding: .utf8), file: text.path)
            #expect(!graph.nodes.isEmpty)
            let again = ONNXText.print(graph)
            try again.write(toFile: text.path + ".again", atomically: true, encoding: .utf8)
            #expect(try ONNXText.parseModel(again) == ONNXText.parseModel(ONNXText.print(ONNXText.parseModel(again))))
        }
        let compared = try Oracle.run(script: "onnx_text.py", arguments: ["compare", folder.path] + models)
        #expect(compared == "\(models.count) models\n")
    }
}
