import Foundation
import TestSupport
import Testing

@Suite("harrier replay")
struct ReplayTests {
    @Test("a log is replayed to the file that optimize wrote")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let model = try Fixtures.path("models/minionn.onnx")
            let (proof, one, two) = (folder.path + "/proof.json", folder.path + "/one.onnx", folder.path + "/two.onnx")
            _ = try Command.output([
                "optimize", model, "--framework", "crypten", "--config", "functions.reciprocal_nr_iters=9", "--output",
                one,
                "--proof", proof,
            ])
            let text = try Command.output(["replay", model, proof, "--check-steps", "--output", two])
            #expect(text.contains("Replayed") && text.contains("Both sides of"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: one)) == Data(contentsOf: URL(fileURLWithPath: two)))
        }
    }

    @Test(
        "steps of a GELU whose constants are rounded to 32 bits pass as the whole did",
        arguments: ["crypten", "cryptflow2"])
    func roundedConstants(_ framework: String) throws {
        try withTemporaryFolder { folder in
            let model = try Fixtures.path("spellings/gelu_erf_hf.onnxtxt")
            let proof = folder.path + "/proof.json"
            _ = try Command.output(["optimize", model, "--framework", framework, "--rounding", "--proof", proof])
            #expect(try Command.output(["replay", model, proof, "--check-steps"]).contains("Both sides of"))
        }
    }

    @Test("a log that does not fit the model, or is not one, is told and nothing is written")
    func bad() throws {
        try withTemporaryFolder { folder in
            let model = try Fixtures.path("models/minionn.onnx")
            let proof = folder.path + "/proof.json"
            _ = try Command.output(["optimize", model, "--framework", "crypten", "--proof", proof])
            let other = try Command.run([
                "replay", try Fixtures.path("models/lenet.onnx"), proof, "--output", folder.path + "/out.onnx",
            ])
            #expect(other.status == 1 && other.errors.contains("another model"), "\(other.errors)")
            let text = try String(contentsOfFile: proof, encoding: .utf8)
            let changed = text.replacing("\"bytes\" : ", with: "\"bytes\" : 1")
            try changed.write(toFile: proof, atomically: true, encoding: .utf8)
            #expect(try Command.run(["replay", model, proof]).status == 1)
            try "[]".write(toFile: proof, atomically: true, encoding: .utf8)
            let none = try Command.run(["replay", model, proof])
            #expect(none.status == 1 && none.errors.contains("is no proof log"), "\(none.errors)")
            #expect(try Command.run(["replay", model, folder.path + "/missing.json"]).status == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["proof.json"])
        }
    }
}
