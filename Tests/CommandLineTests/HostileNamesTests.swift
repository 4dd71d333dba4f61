import Foundation
import IR
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Names come from files and may be anything: every output shows them as text.
@Suite("Hostile names are text in every output")
struct HostileNamesTests {
    /// Relus in a row and an operator that nobody knows, with those names for nodes, modules and values.
    private static func model(_ names: [String]) -> [UInt8] {
        // Values need names of their own.
        let values = ["x"] + names.indices.map { "\(names[$0]) \($0)" }
        let nodes = names.indices.map { index in
            ModelBytes.node("Relu", [values[index]], [values[index + 1]], name: "/\(names[index])/\(names[index])")
        }
        let unknown = ModelBytes.node(
            names.first { !$0.isEmpty } ?? "Nonsense", [values[values.count - 1]], ["y"], name: names.last ?? "")
        return ModelBytes.model(nodes: nodes + [unknown])
    }

    /// Runs a test with the path of a model of that many copies of the names, and its folder.
    private func withModel<Result>(_ names: [String], _ body: (String, URL) throws -> Result) throws -> Result {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("model.onnx")
            try Data(Self.model(names)).write(to: file)
            return try body(file.path, folder)
        }
    }

    private func profile(_ path: String, _ format: String, _ more: [String] = []) throws -> String {
        try Command.output(["profile", path, "--framework", "crypten", "--format", format] + more)
    }

    @Test("nothing but line feeds steers the terminal")
    func terminal() throws {
        try withModel(HostileNames.all) { path, folder in
            let cheaper = folder.appendingPathComponent("cheaper.onnx").path
            let explained = "/\(HostileNames.all[0])/\(HostileNames.all[0])"
            var texts = [
                try profile(path, "table"), try profile(path, "table", ["--all"]),
                try profile(path, "table", ["--depth", "1"]),
                try Command.output(["compare", path]),
                try Command.output(
                    ["optimize", path, "--framework", "crypten", "--explain", explained, "--output", cheaper]),
                try Command.output(["explain", path, cheaper]),
            ]
            for format in ["csv", "folded", "json", "markdown", "speedscope"] {
                texts.append(try profile(path, format))
            }
            for text in texts {
                #expect(!text.unicodeScalars.contains { $0.isUnprintable && $0 != "\n" })
            }
            // Ten thousand bytes of name do not make a row that long.
            #expect(texts[1].split(separator: "\n").allSatisfy { $0.count < 500 })
        }
    }

    @Test("JSON has the names as they are")
    func json() throws {
        try withModel(HostileNames.all) { path, _ in
            let document = try JSONDecoder().decode(ProfileJSON.self, from: Data(try profile(path, "json").utf8))
            #expect(document.nodes.map(\.name) == HostileNames.all.map { "/\($0)/\($0)" })
            #expect(document.unpriced.map(\.op) == [HostileNames.all[0]])
        }
    }

    @Test("a spreadsheet finds nine fields a row, and no formula")
    func csv() throws {
        try withModel(HostileNames.all) { path, _ in
            let rows = try profile(path, "csv").split(separator: "\n").map(fields)
            #expect(rows.count == HostileNames.all.count + 2)
            for row in rows {
                #expect(row.count == 9)
                #expect(!row.contains { field in "=+-@".contains { field.hasPrefix(String($0)) } })
            }
        }
        try withModel(["=1+1"]) { path, _ in
            let text = try profile(path, "csv")
            #expect(text.contains(",Relu,'=1+1,"))
        }
    }

    @Test("a Markdown table keeps its columns and has no markup from names")
    func markdown() throws {
        try withModel(HostileNames.all) { path, _ in
            let rows = try profile(path, "markdown", ["--all"]).split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(rows.count > HostileNames.all.count)
            for row in rows {
                let plain = row.replacing(/\\./, with: "")
                #expect([5, 6].contains(plain.count { $0 == "|" }))
                #expect(!plain.contains { "<>*`[".contains($0) })
            }
        }
    }

    @Test("a stack is a line, and the lines add up")
    func folded() throws {
        try withModel(HostileNames.all) { path, _ in
            let totals = try JSONDecoder().decode(ProfileJSON.self, from: Data(try profile(path, "json").utf8)).totals
            let lines = try profile(path, "folded").split(separator: "\n")
            let bytes = try lines.map { line in
                let match = try #require(line.wholeMatch(of: /(.+) (\d+)/))
                return try #require(Int(match.2))
            }
            #expect(bytes.reduce(0, +) == totals.online.bytes)
        }
    }

    @Test("a picture is well formed, and names make no elements in it", arguments: [[], ["--depth", "1"]])
    func pictures(more: [String]) throws {
        for names in [HostileNames.all] + HostileNames.all.chunked(7) {
            try withModel(names) { path, folder in
                let picture = folder.appendingPathComponent("picture.svg")
                _ = try Command.output(["render", path, "--framework", "crypten", "--output", picture.path] + more)
                let document = try XMLDocument(contentsOf: picture)
                let names = try document.nodes(forXPath: "//*").compactMap(\.name)
                #expect(
                    Set(names).isSubset(of: [
                        "svg", "g", "title", "a", "polygon", "path", "text", "ellipse", "polyline",
                    ]))
            }
        }
    }

    @Test("speedscope's schema holds, and pprof has every name")
    func profilers() throws {
        try withModel(HostileNames.all) { path, folder in
            let file = folder.appendingPathComponent("profile.speedscope.json").path
            _ = try profile(path, "speedscope", ["--output", file])
            let totals = try JSONDecoder().decode(ProfileJSON.self, from: Data(try profile(path, "json").utf8)).totals
            let sums = try Oracle.run(
                script: "speedscope_file.py", arguments: [try Fixtures.path("speedscope.schema.json"), file])
            #expect(sums == "\(totals.online.bytes) \(totals.online.rounds)\n")
            let stacks = folder.appendingPathComponent("profile.pb").path
            _ = try profile(path, "pprof", ["--output", stacks])
            let bytes = try Data(contentsOf: URL(fileURLWithPath: stacks))
            // Slashes and dots divide a name into modules.
            for name in HostileNames.all where !name.isEmpty && !name.contains(where: { "/.".contains($0) }) {
                #expect(bytes.range(of: Data(name.printable.utf8)) != nil, "\(name)")
            }
        }
    }

    /// The fields of a line of CSV.
    private func fields(_ line: Substring) -> [String] {
        var result = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: result.append("")
            default: result[result.count - 1].append(character)
            }
        }
        return result
    }
}

extension Array {
    /// The elements in pieces of that length.
    fileprivate func chunked(_ length: Int) -> [[Element]] {
        stride(from: 0, to: count, by: length).map { Array(self[$0..<Swift.min(count, $0 + length)]) }
    }
}
