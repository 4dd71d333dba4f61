import Foundation
import TestSupport
import Testing

/// Data that a file names is not replaced by random numbers.
@Suite struct MissingDataTests {
    private static let model = """
        <ir_version: 8, opset_import: ["" : 17]>
        weights (float[1,2] x) => (float[1,2] y) <float[2,2] w = ["location": "w.data", "offset": "0", "length": "16"]> {
          y = MatMul (x, w)
        }
        """

    @Test func namedDataMustBeThere() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("weights.onnxtxt").path
            let output = folder.appendingPathComponent("result.onnx").path
            try Self.model.write(toFile: path, atomically: true, encoding: .utf8)
            for arguments in [
                ["verify", path, path], ["optimize", path, "--framework", "crypten", "--output", output],
            ] {
                let outcome = try Command.run(arguments)
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("the data of 'w' is in 'w.data', which is not there"))
            }
            #expect(!FileManager.default.fileExists(atPath: output))
            #expect(try Command.run(["profile", path, "--framework", "crypten"]).status == 0)
            try Data(count: 16).write(to: folder.appendingPathComponent("w.data"))
            #expect(try Command.run(["verify", path, path]).status == 0)
        }
    }
}
