import Frameworks
import Foundation
import TestSupport
import Testing

@Suite("frameworks that are files")
struct FrameworkFileCommandTests {
    private static let good =
        "inherits: aby3\nparameters: {L: 32}\nprimitives:\n  ltz: {online: {bytes: n, rounds: 2}}\n"

    private func profile(_ text: String, _ more: [String] = []) throws -> Oracle.Outcome {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("mine.yaml").path
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return try Command.run(
                ["profile", try Fixtures.path("models/minionn.onnx"), "--framework", path] + more)
        }
    }

    @Test("a file prices a model, by its own parameters and the user's")
    func pricing() throws {
        #expect(try profile(Self.good).status == 0)
        #expect(try profile(Self.good, ["--config", "L=64"]).status == 0)
        let outcome = try profile(Self.good, ["--config", "M=64"])
        #expect(outcome.status == 1 && outcome.errors.contains("'M'"))
    }

    @Test(
        "an error in a file is bad input, and its line is named",
        arguments: [
            ("bytes: n", "bytes: m", "mine.yaml:4", "'m'"),
            ("bytes: n", "bytes: n *", "mine.yaml:4", "expected a value"),
            ("bytes: n", "bytes: -n", "mine.yaml:4", "negative"),
            ("bytes: n", "bytes: n / 0", "mine.yaml:4", "division by zero"),
            ("ltz:", "ltx:", "mine.yaml:4", "'ltx'"), ("aby3", "aby4", "mine.yaml:1", "'aby4'"),
            ("inherits: aby3\nparameters: {L: 32}", "parties: 3", "mine.yaml:3", "lacks the primitive"),
        ])
    func errors(original: String, changed: String, place: String, message: String) throws {
        let outcome = try profile(Self.good.replacing(original, with: changed))
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(place) && outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test("HawkEye's prices can be asked for")
    func hawkEye() throws {
        let path = try Fixtures.path("models/minionn.onnx")
        func bytes(_ prices: String) throws -> Int {
            try Command.json(
                ProfileJSON.self,
                ["profile", path, "--framework", "aby", "--config", "prices=\(prices)", "--format", "json"]
            ).totals.online.bytes
        }
        #expect(try bytes("own") < bytes("hawkeye"))
    }
}
