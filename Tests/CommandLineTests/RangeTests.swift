import Foundation
import TestSupport
import Testing

/// The contract's JSON of the simulation in `optimize`.
private struct SimulationJSON: Decodable {
    struct Overflow: Decodable {
        let graph: String
        let node: String
    }

    struct FixedPoint: Decodable {
        let fractionBits: Int
        let ringBits: Int
        let samples: Int
        let maxErrorBefore: Double?
        let maxErrorAfter: Double?
        let overflows: [Overflow]
        let skipped: String?

        private enum CodingKeys: String, CodingKey {
            case samples, overflows, skipped
            case fractionBits = "fraction_bits"
            case ringBits = "ring_bits"
            case maxErrorBefore = "max_error_before"
            case maxErrorAfter = "max_error_after"
        }
    }

    struct Check: Decodable {
        let status: String
        let fixedPoint: FixedPoint?

        private enum CodingKeys: String, CodingKey {
            case status
            case fixedPoint = "fixed_point"
        }
    }

    let check: Check
    let rewrites: [Rewrite]

    struct Rewrite: Decodable {
        let rule: String
    }
}

@Suite("--range and the precision of frameworks")
struct RangeTests {
    private func write(_ body: String, _ name: String = "model", to folder: URL) throws -> String {
        let path = folder.appendingPathComponent("\(name).onnxtxt").path
        let text = "<ir_version: 10, opset_import: [\"\" : 17]>\ng (float[4,8] x) => (float[4,8] r) { \(body) }\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func optimize(_ path: String, _ more: [String] = []) throws -> SimulationJSON {
        try Command.json(
            SimulationJSON.self, ["optimize", path, "--framework", "crypten", "--format", "json"] + more)
    }

    @Test("a rule can rely on what is said of an input, and only then", arguments: ["x=0,1", "*=0,inf"])
    func relyOnRange(range: String) throws {
        try withTemporaryFolder { folder in
            let path = try write("a = Relu (x) r = Tanh (a)", to: folder)
            #expect(try !optimize(path).rewrites.contains { $0.rule == "relu-of-nonnegative" })
            let report = try optimize(path, ["--range", range])
            #expect(report.rewrites.contains { $0.rule == "relu-of-nonnegative" })
            // The check's random inputs keep to the range.
            #expect(report.check.status == "passed")
            let outcome = try Command.run(["optimize", path, "--framework", "crypten", "--range", range])
            #expect(outcome.errors.contains("exact only while values keep to the given ranges"))
            #expect(outcome.errors.contains("relu-of-nonnegative"))
        }
    }

    @Test("a range that no rule needed is not mentioned")
    func unusedRange() throws {
        try withTemporaryFolder { folder in
            let path = try write("r = Sigmoid (x)", to: folder)
            let outcome = try Command.run(["optimize", path, "--framework", "crypten", "--range", "x=-1,1"])
            #expect(outcome.status == 0)
            #expect(!outcome.errors.contains("given ranges"))
        }
    }

    @Test(
        "ranges that make no sense",
        arguments: [
            (["--range", "x"], 2), (["--range", "x=1"], 2), (["--range", "x=2,1"], 2), (["--range", "x=a,b"], 2),
            (["--range", "x=inf,inf"], 2), (["--range", "x=nan,1"], 2), (["--range", "x=0,1", "--range", "x=0,2"], 2),
            (["--range", "y=0,1"], 1),
        ] as [([String], Int32)])
    func wrongUsage(arguments: [String], status: Int32) throws {
        try withTemporaryFolder { folder in
            let path = try write("r = Relu (x)", to: folder)
            let outcome = try Command.run(["optimize", path, "--framework", "crypten"] + arguments)
            #expect(outcome.status == status, "\(outcome.errors)")
            #expect(outcome.errors.contains(status == 1 ? "'y'" : "--range"))
        }
    }

    @Test("models that agree within a range only are verified in it")
    func verify() throws {
        try withTemporaryFolder { folder in
            let first = try write("r = Relu (x)", "first", to: folder)
            let second = try write("r = Abs (x)", "second", to: folder)
            #expect(try Command.run(["verify", first, second]).status == 1)
            #expect(try Command.run(["verify", first, second, "--range", "x=0,3"]).status == 0)
        }
    }

    @Test("the result is simulated at the framework's precision")
    func simulation() throws {
        try withTemporaryFolder { folder in
            let path = try write("r = Mul (x, x)", to: folder)
            let check = try #require(optimize(path).check.fixedPoint)
            #expect((check.ringBits, check.fractionBits) == (64, 16))
            #expect(check.samples > 0 && check.overflows.isEmpty && check.skipped == nil)
            #expect(try #require(check.maxErrorAfter) < 1e-2)
            let coarse = try #require(optimize(path, ["--config", "encoder.precision_bits=8"]).check.fixedPoint)
            #expect(try #require(coarse.maxErrorBefore) > 10 * #require(check.maxErrorBefore))
            let wide = try #require(optimize(path, ["--range", "x=0,1e6"]).check.fixedPoint)
            #expect(wide.overflows.contains { $0.graph == "after" })
            let text = try Command.output(["optimize", path, "--framework", "crypten", "--range", "x=0,1e6"])
            #expect(text.contains("fixed point of 64 bits, 16 of them fraction"))
            #expect(text.contains("Overflow"))
        }
    }
}
