import Foundation
import TestSupport
import Testing

@Suite("harrier passes")
struct PassesTests {
    private static let rule = """
        summary: A sum with itself is a doubling.
        exactness: exact
        level: portable
        saves: Nothing, it is a test.
        source: Our own.
        before: |
          before (x) => (y) { y = Add (x, x) }
        after: |
          after (x) => (y) {
            two = Constant <value: tensor = float {2.0}> ()
            y = Mul (x, two)
          }
        examples:
          - graph: |
              example (float[2,3] x) => (float[2,3] y) { y = Add (x, x) }
        counterexamples:
          - graph: |
              other (float[2,3] x, float[2,3] z) => (float[2,3] y) { y = Add (x, z) }
        """

    private func withRule<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        try withTemporaryFolder { folder in
            try text.write(to: folder.appendingPathComponent("doubling.yaml"), atomically: true, encoding: .utf8)
            return try body(folder.path)
        }
    }

    @Test("the list has every built-in rule, and those of other folders", arguments: [[], ["list"]])
    func list(command: [String]) throws {
        let builtIn = try Command.output(["passes"] + command)
        for name in ["conv-batchnorm", "monotone-after-maxpool", "softmax-2quad", "approximate", "operator-fusion"] {
            #expect(builtIn.contains(name))
        }
        try withRule(Self.rule) { folder in
            let more = try Command.output(["passes", "list", "--passes", folder])
            #expect(more.contains("doubling") && more.contains("A sum with itself"))
        }
    }

    private struct ListJSON: Decodable {
        struct Rule: Decodable {
            let name: String
            let family: String
            let exactness: String
            let level: String
        }

        struct Counts: Decodable {
            let rules: Int
            let exactness: [String: Int]
            let family: [String: Int]
        }

        let rules: [Rule]
        let counts: Counts
    }

    @Test("the list tells family, exactness and level, and counts; a family can be listed alone, also as JSON")
    func families() throws {
        let all = try Command.json(ListJSON.self, ["passes", "list", "--format", "json"])
        #expect(all.rules.count == all.counts.rules)
        #expect(all.counts.exactness["exact"] == all.rules.count { $0.exactness == "exact" })
        #expect(all.rules.allSatisfy { ["portable", "protocol"].contains($0.level) })
        let fusion = try Command.json(
            ListJSON.self, ["passes", "list", "--family", "operator-fusion", "--format", "json"])
        #expect(Set(fusion.rules.map(\.family)) == ["operator-fusion"])
        #expect(fusion.rules.count == all.counts.family["operator-fusion"])
        let text = try Command.output(["passes", "list"])
        #expect(text.contains("\(all.counts.rules) rules in \(all.counts.family.count) families: "))
        #expect(text.contains("level"))
        let wrong = try Command.run(["passes", "list", "--family", "nonsense"])
        #expect(wrong.status == 1 && wrong.errors.contains("operator-fusion"))
    }

    @Test("a rule is shown with both sides and its source")
    func show() throws {
        let text = try Command.output(["passes", "show", "monotone-after-maxpool"])
        for word in ["comparison-reduction", "before", "after", "used_once(f)", "MaxPool", "Athos", "Sigmoid"] {
            #expect(text.contains(word), "\(word)")
        }
        #expect(try Command.run(["passes", "show", "nonsense"]).status == 1)
    }

    @Test("a check runs both sides; a rule that is wrong fails it")
    func check() throws {
        let built = try Command.output(["passes", "check", "monotone-after-maxpool"])
        #expect(built.contains("passed"))
        func checked(_ text: String) throws -> Oracle.Outcome {
            try withRule(text) { try Command.run(["passes", "check", "doubling", "--passes", $0]) }
        }
        #expect(try checked(Self.rule).status == 0)
        let wrong = try checked(Self.rule.replacing("{2.0}", with: "{3.0}"))
        #expect(wrong.status == 1)
        #expect(wrong.output.contains("failed"))
    }

    @Test("a dropped condition that nothing notices fails a mutation, and is named with its line")
    func mutate() throws {
        let built = try Command.run(["passes", "check", "monotone-after-maxpool", "--mutate"])
        #expect(built.status == 0 && built.output.contains("mutation score 2 of 2"), "\(built.output)")
        let idle = Self.rule + "\nwhere:\n  - rank(x) == 2\n"
        try withRule(idle) { folder in
            let command = ["passes", "check", "doubling", "--mutate", "--passes", folder]
            let outcome = try Command.run(command)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("doubling line 20: nothing shows that 'rank(x) == 2' is needed"))
            let json = try JSONSerialization.jsonObject(
                with: Data(try Command.run(command + ["--format", "json"]).output.utf8))
            let document = try #require(json as? [String: Any])
            let rule = try #require((document["rules"] as? [[String: Any]])?.first)
            #expect(rule["rule"] as? String == "doubling" && (rule["problems"] as? [String])?.isEmpty == true)
            #expect((rule["exact"] as? [String: Any])?["method"] as? String == "field")
            let mutation = try #require(document["mutation"] as? [String: Any])
            #expect(mutation["mutations"] as? Int == 1 && mutation["noticed"] as? Int == 0)
        }
    }

    @Test(
        "a rule file with errors is told with file, line and reason",
        arguments: [
            (rule.replacing("exactness: exact", with: "exactness: perhaps"), "doubling.yaml:2: 'exactness'"),
            (rule.replacing("y = Add (x, x)", with: "y = Add (x, "), "doubling.yaml:"),
            (rule.replacing("saves:", with: "costs:"), "doubling.yaml"),
            (rule + "\nwhere:\n  - nonsense(x)\n", "nonsense"),
        ])
    func bad(text: String, reason: String) throws {
        try withRule(text) { folder in
            let outcome = try Command.run(["passes", "check", "--passes", folder])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains(reason) && outcome.errors.contains("doubling.yaml"), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        }
    }
}
