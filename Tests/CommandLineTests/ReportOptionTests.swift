import Foundation
import TestSupport
import Testing

@Suite("--report")
struct ReportOptionTests {
    /// The part of a page's data that these tests look at.
    private struct Data: Decodable {
        struct Run: Decodable {
            var title: String
            var total: [Int]
        }

        struct Rewrite: Decodable { var saved: [Int] }
        struct Picture: Decodable { var title: String }

        var subject: String
        var runs: [Run]
        var rewrites: [Rewrite]
        var pictures: [Picture]
    }

    /// The part of the JSON of `optimize` that these tests look at.
    private struct Optimization: Decodable {
        struct Rewrite: Decodable { var saved: TrafficJSON }

        var before: TotalsJSON
        var after: TotalsJSON
        var rewrites: [Rewrite]
    }

    /// Runs a command with a report, and reads the report's data and the JSON of the command.
    private func data(_ arguments: [String]) throws -> (page: Data, output: String) {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("report.html")
            let output = try Command.output(arguments + ["--format", "json", "--report", file.path])
            let html = try String(contentsOf: file, encoding: .utf8)
            #expect(html.contains("harrier \(arguments[0]) "), "the page says how it was made")
            let start = try #require(html.range(of: "<script type=\"application/json\" id=\"data\">"))
            let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
            let json = html[start.upperBound..<end.lowerBound].utf8
            return (try JSONDecoder().decode(Data.self, from: Foundation.Data(json)), output)
        }
    }

    private func figures(_ totals: TotalsJSON) -> [Int] {
        [totals.online.bytes, totals.online.rounds, totals.offline.bytes, totals.offline.rounds]
    }

    @Test("of profile holds the totals of its JSON, and a drawing")
    func profile() throws {
        let (page, output) = try data([
            "profile", try Fixtures.path("models/lenet.onnx"), "--framework", "crypten",
        ])
        let document = try JSONDecoder().decode(ProfileJSON.self, from: Foundation.Data(output.utf8))
        #expect(page.subject == "profile" && page.pictures.count == 1)
        #expect(page.runs.map(\.total) == [figures(document.totals)])
    }

    @Test("of optimize holds both graphs with the totals of its JSON, and every rewrite")
    func optimize() throws {
        let (page, output) = try data([
            "optimize", try Fixtures.path("models/minionn.onnx"), "--framework", "semi2k", "--no-check",
        ])
        let document = try JSONDecoder().decode(Optimization.self, from: Foundation.Data(output.utf8))
        #expect(page.runs.map(\.title) == ["before", "after"] && page.pictures.map(\.title) == ["before", "after"])
        #expect(page.runs.map(\.total) == [figures(document.before), figures(document.after)])
        #expect(!page.rewrites.isEmpty)
        #expect(page.rewrites.map { $0.saved[0] + $0.saved[2] } == document.rewrites.map(\.saved.bytes))
    }

    @Test("of train has a run a framework")
    func train() throws {
        let (page, _) = try data([
            "train", try Fixtures.path("models/minionn.onnx"), "--loss", "ce", "--optimizer", "sgd", "--framework",
            "crypten",
            "semi2k",
        ])
        #expect(page.subject == "training" && page.runs.count == 2)
        #expect(page.runs.allSatisfy { $0.total[0] > 0 })
    }

    @Test("of compare has a run a framework, in the order of its JSON")
    func compare() throws {
        let (page, output) = try data([
            "compare", try Fixtures.path("models/minionn.onnx"), "--framework", "crypten,semi2k,cheetah",
        ])
        let document = try JSONDecoder().decode(ComparisonJSON.self, from: Foundation.Data(output.utf8))
        #expect(page.runs.map(\.title) == document.frameworks.map(\.name))
        #expect(page.runs.map(\.total) == document.frameworks.map { figures($0.totals) })
    }

    @Test("that cannot be written is an error, and training without a framework has none")
    func errors() throws {
        let model = try Fixtures.path("models/minionn.onnx")
        let unwritable = try Command.run([
            "profile", model, "--framework", "crypten", "--report", "/no/such/folder/r.html",
        ])
        #expect(unwritable.status == 1 && unwritable.errors.contains("/no/such/folder/r.html"))
        let unpriced = try Command.run([
            "train", model, "--loss", "ce", "--optimizer", "sgd", "--output", "step.onnx", "--report", "r.html",
        ])
        #expect(unpriced.status == 2 && unpriced.errors.contains("--framework"))
    }
}
