import Evaluate
import Foundation
import ONNXFormat
import Frameworks
import Pricing
import TestSupport
import Testing

/// docs/RESULTS.md, as `make results` wrote it.
@Suite struct ResultsPageTests {
    /// The rows of the first table behind a heading, cell by cell, without its head.
    private func table(_ heading: String) throws -> [[String]] {
        let page = Fixtures.packageRoot.appendingPathComponent("docs/RESULTS.md")
        let lines = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n")
        let start = try #require(lines.firstIndex(of: heading), "no '\(heading)' in docs/RESULTS.md")
        let rows = lines[(start + 1)...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        return rows.dropFirst(2).map { row in
            row.dropFirst().dropLast().components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// A percentage.
    private func percent(_ text: String) throws -> Double {
        try #require(Double(text.replacing("%", with: "").trimmingCharacters(in: .whitespaces)), "'\(text)'")
    }

    /// A number of bytes as the page writes it.
    private func bytes(_ text: String) throws -> Double {
        let parts = text.split(separator: " ")
        let units = ["B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12]
        return try #require(Double(parts[0])) * #require(units[String(parts[1])])
    }

    private static let frameworks = [
        "CrypTen 0.4.1, 2 parties", "SecretFlow SPU 0.9.5, SEMI2K, 2 parties", "OpenCheetah, 2 parties",
        "SecretFlow SPU 0.9.5, ABY3, 3 parties", "ABY3 (the paper), 3 parties",
        "CryptFlow2 (SCI over oblivious transfer), 2 parties",
    ]

    @Test func everyFloorIsKept() throws {
        let rows = try table("## Floors")
        #expect(rows.count >= 20)
        for row in rows {
            #expect(try percent(row[2]) >= percent(row[1]), "\(row[0]): \(row[2]) saved, not \(row[1])")
        }
    }

    @Test(arguments: frameworks)
    func nothingIsDearer(framework: String) throws {
        let models = try Fixtures.paths(in: "models", extension: "onnx").count
        let rows = try table("## \(framework)")
        #expect(rows.count >= models, "not every model of the fixtures is on the page")
        for row in rows {
            for column in [2, 4, 6, 9] where row[column] != "more priced" {
                #expect(try percent(row[column]) >= 0, "\(row[0])")
            }
        }
    }

    /// The generator prices with a release build; a page that was not made again after a change of prices is found here.
    @Test(arguments: ["lenet", "resnet18", "bert_tiny", "vgg16"])
    func pricesAreTodays(model: String) throws {
        let row = try #require(try table("## \(Self.frameworks[0])").first { $0[0] == model })
        let before = try #require(row[1].components(separatedBy: " → ").first)
        let loaded = try loadModel(at: Fixtures.path("models/\(model).onnx"), evaluator: Interpreter())
        let profile = try Profiler(CrypTen(), evaluator: Interpreter()).profile(loaded.graph)
        let price = Double(profile.total.online.bytes)
        #expect(abs(try bytes(before) - price) <= 0.005 * price, "the page says \(before), the profiler \(price)")
    }
}
