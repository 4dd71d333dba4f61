import Foundation
import TestSupport
import Testing

@testable import harrier_command

@Suite("The terminal")
struct TerminalTests {
    @Test("colour is for terminals, and NO_COLOR switches it off")
    func colour() throws {
        let command = "'\(try Command.path)' profile '\(try Fixtures.path("models/minionn.onnx"))' --framework crypten"
        func run(_ environment: [String: String]) throws -> String {
            // util-linux' script gives the command a terminal.
            try Oracle.launch(
                try Oracle.program("script"), ["--quiet", "--return", "--command", command, "/dev/null"],
                environment: environment
            ).output
        }
        let plain = try Command.output(
            ["profile", try Fixtures.path("models/minionn.onnx"), "--framework", "crypten"])
        #expect(!plain.contains("\u{1b}"))
        #expect(try run(["TERM": "xterm", "NO_COLOR": ""]).contains("\u{1b}[1m"))
        #expect(try !run(["TERM": "xterm", "NO_COLOR": "1"]).contains("\u{1b}"))
        #expect(try !run(["TERM": "dumb", "NO_COLOR": ""]).contains("\u{1b}"))
    }

    @Test("columns are aligned, wide characters too, and long texts are cut")
    func table() {
        var table = TextTable([.left("name"), .right("bytes")])
        table.add(["日本語", "1"])
        table.add(["naïve e\u{301}", "22"])
        table.add(["a\tb", "333"])
        #expect(
            table.render(Style(isColored: false)) == """
                name     bytes
                日本語       1
                naïve é     22
                a\\tb       333

                """)
        table.add([String(repeating: "x", count: 10_000), "4"])
        let longest = table.render(Style(isColored: false)).split(separator: "\n").map(\.count).max() ?? 0
        #expect(longest < 200)
    }

    @Test("an estimate is the average time of a part, for the parts that are left")
    func estimate() {
        let start = ContinuousClock.now
        var estimate = ProgressEstimate()
        #expect(estimate.text(at: start) == nil)
        estimate.note(done: 0, of: 10, at: start)
        #expect(estimate.text(at: start + .seconds(5)) == nil)
        estimate.note(done: 2, of: 10, at: start + .seconds(8))
        #expect(estimate.text(at: start + .seconds(8)) == "about 32 s left")
        #expect(estimate.text(at: start + .seconds(10)) == "about 30 s left")
        // The third part is slow, and so may be the others.
        #expect(estimate.text(at: start + .seconds(60)) == "about 2 min 20 s left")
        // Fewer parts done: a new stage, of which nothing is known yet.
        estimate.note(done: 1, of: 4, at: start + .seconds(70))
        #expect(estimate.text(at: start + .seconds(71)) == nil)
        estimate.note(done: 2, of: 4, at: start + .seconds(870))
        #expect(estimate.text(at: start + .seconds(870)) == "about 13 min 20 s left")
        estimate.note(done: 4, of: 4, at: start + .seconds(900))
        #expect(estimate.text(at: start + .seconds(901)) == nil)
    }
}
