import Foundation
import TestSupport
import Testing

@Suite("harrier render")
struct RenderTests {
    @Test(
        "the extension says the format",
        arguments: [("svg", "<?xml"), ("png", "\u{89}PNG"), ("pdf", "%PDF"), ("dot", "digraph"), ("SVG", "<?xml")])
    func formats(suffix: String, beginning: String) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("picture.\(suffix)").path
            let model = try Fixtures.path("models/minionn.onnx")
            #expect(try Command.output(["render", model, "--framework", "crypten", "--output", path]).isEmpty)
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(data.starts(with: beginning.unicodeScalars.map { UInt8($0.value) }))
        }
    }

    @Test("a price shows only if a framework is named, and two models stand side by side")
    func contents() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("picture.svg").path
            let model = try Fixtures.path("models/minionn.onnx")
            func draw(_ more: [String]) throws -> String {
                _ = try Command.output(["render", model, "--output", path] + more)
                return try String(contentsOfFile: path, encoding: .utf8)
            }
            #expect(!(try draw([]).contains("CrypTen")))
            #expect(try draw(["--framework", "crypten"]).contains("CrypTen"))
            let other = try Fixtures.path("models/lenet.onnx")
            let both = try draw(["--framework", "crypten", "--compare", other])
            #expect(both.contains(">before<") && both.contains(">after<"))
        }
    }

    @Test("modules are folded to the depth asked for")
    func depth() throws {
        try withTemporaryFolder { folder in
            let model = try Fixtures.path("models/resnet18.onnx")
            let paths = (0...1).map { folder.appendingPathComponent("\($0).dot").path }
            _ = try Command.output(["render", model, "--output", paths[0]])
            _ = try Command.output(["render", model, "--depth", "1", "--output", paths[1]])
            let texts = try paths.map { try String(contentsOfFile: $0, encoding: .utf8) }
            #expect(texts[1].utf8.count * 3 < texts[0].utf8.count)
        }
    }
}
