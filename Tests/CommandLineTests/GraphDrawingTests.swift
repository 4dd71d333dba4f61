import Foundation
import TestSupport
import Testing

/// The drawings in `Graphs/`, of networks that stand there, are what the command draws. `HARRIER_UPDATE_GOLDENS=1` writes them
/// anew.
@Suite("The drawings in Graphs are up to date")
struct GraphDrawingTests {
    private let folder = Fixtures.packageRoot.appendingPathComponent("Graphs")

    private func hold(_ drawing: URL, to name: String) throws {
        let golden = folder.appendingPathComponent(name)
        let text = try String(contentsOf: drawing, encoding: .utf8)
        if ProcessInfo.processInfo.environment["HARRIER_UPDATE_GOLDENS"] == "1" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        // Not the texts themselves: a message of thousands of lines helps nobody.
        let isEqual = try text == String(contentsOf: golden, encoding: .utf8)
        #expect(isEqual, "Graphs/\(name) is not what is drawn now")
    }

    @Test(
        "under a framework",
        arguments: [
            ("lenet", "crypten"), ("resnet18", "crypten"), ("bert_base", "semi2k"), ("mobilenet_v3_small", "cheetah"),
        ])
    func drawing(model: String, framework: String) throws {
        try withTemporaryFolder { temporary in
            let drawing = temporary.appendingPathComponent("drawing.dot")
            _ = try Command.output([
                "render", folder.appendingPathComponent("\(model).onnxtxt").path, "--framework", framework, "--output",
                drawing.path,
            ])
            try hold(drawing, to: "\(model).\(framework).dot")
        }
    }

    @Test("what MPCFormer changes about BERT")
    func difference() throws {
        try withTemporaryFolder { temporary in
            let drawing = temporary.appendingPathComponent("drawing.dot")
            let models = ["bert_base", "mpcformer_bert_base"].map {
                folder.appendingPathComponent("\($0).onnxtxt").path
            }
            _ = try Command.output([
                "render", models[0], "--framework", "crypten", "--compare", models[1], "--view", "difference",
                "--output", drawing.path,
            ])
            try hold(drawing, to: "mpcformer_bert_base.difference.dot")
        }
    }
}
