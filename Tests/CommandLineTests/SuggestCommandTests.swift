import Foundation
import TestSupport
import Testing

/// The contract's JSON of `suggest`.
private struct SuggestionJSON: Decodable {
    struct Divergence: Decodable {
        let status: String
        let relativeL2: Double?

        private enum CodingKeys: String, CodingKey {
            case status
            case relativeL2 = "relative_l2"
        }
    }

    struct Change: Decodable {
        let rule: String
        let at: [String]
    }

    struct Variant: Decodable {
        let name: String
        let totals: TotalsJSON
        let divergence: Divergence
        let exact: Bool
        let changes: [Change]
        let file: String?
        let trainable: String?
        let command: String
    }

    let variants: [Variant]
}

@Suite("harrier suggest")
struct SuggestCommandTests {
    private func suggest(_ model: String, _ more: [String]) throws -> SuggestionJSON {
        try Command.json(
            SuggestionJSON.self,
            ["suggest", model, "--framework", "crypten", "--no-alternatives", "--format", "json"] + more)
    }

    @Test(
        "every file is there, costs what is said, differs in onnxruntime as is said, and is made again by its command")
    func files() throws {
        try withTemporaryFolder { folder in
            let model = try Fixtures.path("models/lenet.onnx")
            let output = folder.appendingPathComponent("variants").path
            let report = try suggest(
                model, ["--output", output, "--only", "relu-quadratic", "--place", "/fc/", "--draws", "4"])
            #expect(report.variants.count > 2)
            #expect(report.variants.last?.exact == true)
            let written = try FileManager.default.contentsOfDirectory(atPath: output)
            let files = report.variants.compactMap(\.file) + report.variants.compactMap(\.trainable)
            let expected = files + ["index.json", "index.md", "samples.npz"]
            #expect(report.variants.allSatisfy { ($0.trainable == nil) == $0.exact })
            #expect(written.sorted() == expected.sorted())
            for variant in report.variants {
                let file = "\(output)/\(try #require(variant.file))"
                let profile = try Command.json(
                    ProfileJSON.self, ["profile", file, "--framework", "crypten", "--format", "json"])
                #expect(profile.totals == variant.totals)
            }
            let divergences = try Oracle.run(script: "suggestion_divergence.py", arguments: [model, output])
            let recomputed = try JSONDecoder().decode([String: Double].self, from: Data(divergences.utf8))
            for variant in report.variants {
                let difference = try #require(recomputed[variant.name]) - (variant.divergence.relativeL2 ?? .infinity)
                #expect(abs(difference) < 1e-4)
            }
            try expectSameFile(try #require(report.variants.first), in: output)
        }
    }

    /// Runs a variant's own command and compares what it writes with the variant's file.
    private func expectSameFile(_ variant: SuggestionJSON.Variant, in folder: String) throws {
        var words = variant.command.split(separator: " ").map(String.init)
        #expect(words.removeFirst() == "harrier")
        let again = folder + "/again.onnx"
        words[words.count - 1] = again
        _ = try Command.output(words)
        #expect(FileManager.default.contentsEqual(atPath: again, andPath: "\(folder)/\(try #require(variant.file))"))
    }

    @Test("a rule at a node that it does not match is answered with the places that there are")
    func wrongPlace() throws {
        let model = try Fixtures.path("models/lenet.onnx")
        let outcome = try Command.run(
            ["optimize", model, "--framework", "crypten", "--at", "relu-quadratic@/fc/fc.0/Gemm"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("no place") && outcome.errors.contains("/fc/fc.1/Relu"))
        #expect(try Command.run(["optimize", model, "--framework", "crypten", "--at", "relu-quadratic"]).status == 2)
    }

    @Test("samples that do not fit the model are bad input")
    func wrongSamples() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("samples.npz")
            try Data("no archive".utf8).write(to: file)
            let outcome = try Command.run([
                "suggest", try Fixtures.path("models/lenet.onnx"), "--framework", "crypten", "--samples", file.path,
            ])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("samples.npz"))
        }
    }
}
