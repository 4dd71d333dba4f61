import Foundation
import IR
import Rewrite
import Testing
import TestSupport

/// Rule files with mistakes: each gives one message with file, line and reason.
@Suite struct RuleFileTests {
    private static let good = RuleCatalog.doubleNegation(
        conditions: ["used_once(y)"], counterexamples: ["once (float[2,3] x) => (float[2,3] y) { y = Neg (x) }"])

    /// The rules of a file, whose examples have been read, too.
    private func load(_ text: String) throws -> RuleCatalog {
        let catalog = try RuleCatalog(rule: "double-negation", text)
        for rule in catalog.rules { _ = try rule.examples }
        return catalog
    }

    @Test func aGoodFileLoadsAndPasses() throws {
        let rule = try #require(try load(Self.good)["double-negation"])
        #expect(rule.family == "user")
        let report = RuleChecker().check(rule)
        #expect(report.problems.isEmpty && report.runs == report.shapes && report.leftAlone == 1)
    }

    @Test(arguments: [
        ("exactness: exact", "exactness: nearly", 2, "must be exact, rounding or approximate"),
        ("exactness: exact", "exactness: exact\nclass: bounded", 3, "for approximate rules only"),
        (
            "exactness: exact", "exactness: approximate\naccuracy: None.\nclass: easy", 4,
            "must be bounded, fine-tuning or"
        ),
        ("source: Algebra.", "sauce: Algebra.", 5, "no key 'sauce'"),
        ("saves: Nothing.\n", "", nil, "lacks 'saves'"),
        ("y = Neg (x)\n    z = Neg (y)\n  }\nafter", "y = Neg (x\n    z = Neg (y)\n  }\nafter", 9, "expected"),
        ("z = Neg (y)\n  }\nafter", "z = Negate (y)\n  }\nafter", 6, "Negate is not an operator Harrier knows"),
        ("after (x) => (x)", "after (w) => (w)", 11, "the same inputs"),
        ("used_once(y)", "used_once(q)", nil, "asked of a value of the pattern"),
        ("used_once(y)", "used_twice(y)", nil, "no function 'used_twice'"),
        ("used_once(y)", "used_once(y", 15, "expected ')'"),
        ("used_once(y)", "rank(y) == n", nil, "no attribute variable or definition 'n'"),
        ("used_once(y)", "dim(y)", nil, "takes 2 arguments"),
        ("- used_once(y)", "used_once: [", 17, "not YAML"),
        ("sizes: [{N: 2}]", "sizes: [{N: two}]", 23, "needs 'name: length'"),
        ("examples:\n", "examples: none\nrest:\n", nil, "rest"),
        ("(float[2,3] x) => (float[2,3] y)", "(float[2,3] x) => (float[2,3] q)", 26, "q"),
    ])
    func aMistakeIsNamed(original: String, mistake: String, line: Int?, message: String) throws {
        let text = Self.good.replacingOccurrences(of: original, with: mistake)
        #expect(text != Self.good)
        let error = #expect(throws: HarrierError.self) { try load(text) }
        let description = try #require(error).description
        #expect(description.contains("double-negation.yaml"), "\(description)")
        #expect(description.contains(message), "\(description)")
        if let line { #expect(description.contains(".yaml:\(line):"), "\(description)") }
    }

    @Test func anApproximateRuleSaysWhatItTakes() throws {
        func effect(_ text: String) throws -> Rule.Effect? {
            let rule = Self.good.replacingOccurrences(of: "exactness: exact", with: text)
            return try #require(try load(rule)["double-negation"]).effect
        }
        #expect(try effect("exactness: exact") == nil)
        #expect(try effect("exactness: approximate\naccuracy: None.") == .fineTuning)
        #expect(try effect("exactness: approximate\naccuracy: None.\nclass: distillation") == .distillation)
    }

    @Test func aFolderWithoutRulesIsAnError() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var catalog = RuleCatalog()
        #expect(throws: HarrierError.self) { try catalog.load(folder: folder.path) }
        #expect(throws: HarrierError.self) { try catalog.load(folder: folder.path + "/nowhere") }
    }

    @Test func aRuleThatIsWrongFailsItsCheck() throws {
        let wrong = Self.good.replacingOccurrences(
            of: "after (x) => (x) {\n  }", with: "after (x) => (z) {\n    z = Abs (x)\n  }")
        let report = RuleChecker().check(try #require(try load(wrong)["double-negation"]))
        #expect(!report.problems.isEmpty)
    }

    @Test func aRuleThatFiresOnItsCounterexampleFailsItsCheck() throws {
        let eager = RuleCatalog.doubleNegation(
            conditions: ["used_once(y)"],
            counterexamples: ["twice (float[2,3] x) => (float[2,3] r) { y = Neg (x) z = Neg (y) r = Relu (z) }"])
        let report = RuleChecker().check(try #require(try load(eager)["double-negation"]))
        #expect(report.problems.contains { $0.contains("fires, and must not") })
    }

    @Test func selectionByNameAndFamily() throws {
        let catalog = try RuleCatalog.builtIn()
        let only = try catalog.selecting(only: ["activation-substitution"])
        #expect(!only.rules.isEmpty && only.rules.allSatisfy { $0.family == "activation-substitution" })
        let without = try catalog.selecting(disabling: ["conv-batchnorm"])
        #expect(without["conv-batchnorm"] == nil && without.rules.count == catalog.rules.count - 1)
        #expect(throws: HarrierError.self) { try catalog.selecting(only: ["no-such-rule"]) }
    }
}
