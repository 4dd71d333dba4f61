import Foundation
import TestSupport
import Testing

@Suite("harrier verify")
struct VerifyTests {
    private func write(_ text: String, _ name: String, in folder: URL) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try ("<ir_version: 8, opset_import: [\"\": 17]>\n" + text).write(
            toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test(
        "the exit code tells whether two models compute the same",
        arguments: [
            ("y = Max (x, zero)", 0, "passed"), ("y = Abs (x)", 1, "failed"), ("y = Nonsense (x)", 1, "failed"),
        ])
    func verdict(body: String, status: Int32, word: String) throws {
        try withTemporaryFolder { folder in
            let signature = "g (float[2,3] x) => (float[2,3] y) <float zero = {0.0}> "
            let first = try write(signature + "{ y = Relu (x) }", "first.onnxtxt", in: folder)
            let second = try write(signature + "{ \(body) }", "second.onnxtxt", in: folder)
            let outcome = try Command.run(["verify", first, second, "--samples", "2"])
            #expect(outcome.status == status, "\(outcome.errors)")
            #expect(outcome.output.contains(word))
        }
    }

    @Test(
        "what cannot be compared is no success",
        arguments: [
            // No element of the output is a number, or the first model cannot run.
            "g (float[3] x) => (float[3] y) { a = Abs (x) n = Neg (a) s = Exp (x) m = Sub (n, s) y = Sqrt (m) }",
            "g (float[3] x) => (float[3] y) { y = Nonsense (x) }",
        ])
    func notCompared(body: String) throws {
        try withTemporaryFolder { folder in
            let model = try write(body, "model.onnxtxt", in: folder)
            let outcome = try Command.run(["verify", model, model, "--samples", "1"])
            #expect(outcome.output.contains("not compared"))
            #expect(outcome.status == 1, "\(outcome.output)")
        }
    }

    @Test("the tolerance is the user's")
    func tolerance() throws {
        try withTemporaryFolder { folder in
            let first = try write("g (float[9] x) => (float[9] y) { y = Identity (x) }", "first.onnxtxt", in: folder)
            let second = try write(
                "g (float[9] x) => (float[9] y) <float f = {1.01}> { y = Mul (x, f) }", "second.onnxtxt", in: folder)
            #expect(try Command.run(["verify", first, second]).status == 1)
            #expect(try Command.run(["verify", first, second, "--tolerance", "0.02"]).status == 0)
        }
    }

    @Test("weights that are missing are told")
    func missingWeights() throws {
        let model = try Fixtures.path("models/minionn.onnx")
        let outcome = try Command.run(["verify", model, model, "--samples", "1"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("8 tensors"))
        #expect(outcome.output.contains("output"))
    }
}
