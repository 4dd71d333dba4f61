import Foundation
import TestSupport
import Testing

/// The contract's JSON of `optimize`.
private struct OptimizationJSON: Decodable {
    struct Rewrite: Decodable {
        let rule: String
        let nodes: [String]
        let saved: TrafficJSON
    }

    struct Check: Decodable {
        let status: String
        let maxAbsError: Double
        let samples: Int
        let why: String

        private enum CodingKeys: String, CodingKey {
            case status, samples, why
            case maxAbsError = "max_abs_error"
        }
    }

    let model: String
    let framework: String
    let objective: String
    let before: TotalsJSON
    let after: TotalsJSON
    let rewrites: [Rewrite]
    let check: Check
    let seconds: Double
    let states: Int
}

@Suite("harrier optimize")
struct OptimizeTests {
    private func optimize(_ model: String, _ more: [String] = []) throws -> OptimizationJSON {
        try Command.json(
            OptimizationJSON.self,
            ["optimize", try Fixtures.path("models/\(model).onnx"), "--framework", "crypten", "--format", "json"] + more
        )
    }

    private func profile(_ path: String, _ more: [String] = []) throws -> ProfileJSON {
        try Command.json(ProfileJSON.self, ["profile", path, "--framework", "crypten", "--format", "json"] + more)
    }

    @Test("the report has what the contract promises; the written model costs what it says and computes the same")
    func contract() throws {
        try withTemporaryFolder { folder in
            let output = folder.appendingPathComponent("out.onnx").path
            let model = try Fixtures.path("models/resnet32_cifar.onnx")
            let report = try optimize("resnet32_cifar", ["--output", output])
            #expect(report.model == "resnet32_cifar")
            #expect(report.framework == "crypten")
            #expect(report.objective == "time")
            #expect(report.check.status == "passed")
            #expect(report.check.samples > 0)
            #expect(report.seconds > 0 && report.states > 0)
            #expect(try report.before == profile(model).totals)
            #expect(try report.after == profile(output).totals)
            #expect(report.after.online.bytes < report.before.online.bytes)
            #expect(report.rewrites.contains { $0.rule == "conv-batchnorm" && !$0.nodes.isEmpty && $0.saved.bytes > 0 })
            #expect(try Command.run(["verify", model, output, "--samples", "1"]).status == 0)
        }
    }

    @Test("a check that is not wanted is not made, and the report says so")
    func uncheckedResult() throws {
        try withTemporaryFolder { folder in
            let output = folder.appendingPathComponent("out.onnx").path
            let report = try optimize("lenet", ["--no-check", "--output", output])
            #expect(report.check.status == "skipped")
            #expect(report.check.why.contains("--no-check"))
            #expect(FileManager.default.fileExists(atPath: output))
        }
    }

    @Test("a search may take longer than a clock goes")
    func endlessBudget() throws {
        #expect(try optimize("minionn", ["--no-check", "--budget", "1e30"]).states > 0)
    }

    @Test("the objective decides what becomes small", arguments: ["time", "bytes", "rounds"])
    func objective(name: String) throws {
        let report = try optimize("lenet", ["--objective", name])
        let (before, after) = (report.before.online, report.after.online)
        #expect(report.objective == name)
        switch name {
        case "bytes": #expect(after.bytes <= before.bytes)
        case "rounds": #expect(after.rounds <= before.rounds)
        default:
            #expect(
                Double(after.bytes) / 44e6 + Double(after.rounds) * 0.04 <= Double(before.bytes) / 44e6 + Double(
                    before.rounds) * 0.04)
        }
    }

    @Test("rules are chosen by name or family")
    func choice() throws {
        let only = try optimize("resnet32_cifar", ["--only", "conv-batchnorm"])
        #expect(Set(only.rewrites.map(\.rule)).subtracting(["constant-nodes-beforehand"]) == ["conv-batchnorm"])
        let without = try optimize("resnet32_cifar", ["--disable", "conv-batchnorm", "batchnorm-affine"])
        #expect(!without.rewrites.contains { $0.rule == "conv-batchnorm" || $0.rule == "batchnorm-affine" })
    }

    @Test("approximate rules are used only if asked for, and are not taken for failures")
    func approximate() throws {
        let exact = try optimize("minionn")
        let approximate = try optimize("minionn", ["--approximate"])
        #expect(approximate.after.online.bytes < exact.after.online.bytes)
        #expect(approximate.check.status == "skipped")
        #expect(approximate.check.why.contains("approximate"))
        #expect(approximate.check.maxAbsError > 0)
    }

    @Test("the table tells before and after, the rules, the check and where the model is")
    func table() throws {
        try withTemporaryFolder { folder in
            let output = folder.appendingPathComponent("out.onnxtxt").path
            let model = try Fixtures.path("models/resnet32_cifar.onnx")
            let text = try Command.output(["optimize", model, "--framework", "crypten", "--output", output])
            for word in ["before", "after", "conv-batchnorm", "Checked", output] {
                #expect(text.contains(word))
            }
            #expect(try String(contentsOfFile: output, encoding: .utf8).contains("Conv"))
        }
    }

    @Test(
        "what is wrong with rules, names or places is told, and no file is left",
        arguments: [
            (["--only", "nonsense"], "nonsense"), (["--disable", "nonsense"], "nonsense"),
            (["--passes", "FOLDER/empty"], "empty"), (["--passes", "FOLDER/missing"], "missing"),
            (["--passes", "FOLDER/bad"], "broken.yaml"), (["--output", "FOLDER/missing/out.onnx"], "missing/out.onnx"),
        ])
    func bad(arguments: [String], reason: String) throws {
        try withTemporaryFolder { folder in
            for name in ["empty", "bad"] {
                try FileManager.default.createDirectory(
                    at: folder.appendingPathComponent(name), withIntermediateDirectories: false)
            }
            try "summary: [".write(
                to: folder.appendingPathComponent("bad/broken.yaml"), atomically: true, encoding: .utf8)
            let model = try Fixtures.path("models/lenet.onnx")
            let outcome = try Command.run(
                ["optimize", model, "--framework", "crypten", "--output", folder.path + "/out.onnx"]
                    + arguments.map { $0.replacing("FOLDER", with: folder.path) })
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("harrier: "))
            #expect(outcome.errors.contains(reason), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["bad", "empty"])
        }
    }
}
