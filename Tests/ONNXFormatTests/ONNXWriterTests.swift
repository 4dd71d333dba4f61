import Foundation
import Graph
import ONNXFormat
import TestSupport
import Testing

@Suite("Writing ONNX files")
struct ONNXWriterTests {
    /// Runs a test with a new folder that is deleted afterwards.
    static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path + "/")
    }

    @Test("every model is written as it was read, and passes onnx.checker")
    func roundTrips() throws {
        try Self.withFolder { folder in
            var written: [String] = []
            for path in try Fixtures.paths(in: "models", extension: "onnx") {
                let model = try ONNXReader().read(path)
                let copy = folder + URL(fileURLWithPath: path).lastPathComponent
                try ONNXWriter().write(model.graph, to: copy)
                let again = try ONNXReader().read(copy)
                #expect(again.graph.nodes.map(\.op) == model.graph.nodes.map(\.op), "\(path)")
                #expect(again.graph.metadata == model.graph.metadata, "\(path)")
                written.append(copy)
            }
            _ = try Oracle.run(script: "check_model.py", arguments: written)
        }
    }

    @Test("models with weights compute the same after writing", arguments: ["lenet", "bert_tiny", "resnet20_w4_cifar"])
    func computesTheSame(name: String) throws {
        try Self.withFolder { folder in
            let path = try Fixtures.path("models/\(name).onnx")
            for weights in [ONNXWriter.WeightPlacement.automatic, .separate] {
                let copy = folder + "copy.onnx"
                try ONNXWriter(weights: weights).write(try ONNXReader().read(path).graph, to: copy)
                #expect(try largestErrors([(path, copy)]) == [0])
            }
        }
    }
}
