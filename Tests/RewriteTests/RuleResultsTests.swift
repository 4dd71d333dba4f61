import Foundation
import IR
import TestSupport
import Testing

@testable import Rewrite

/// Files of several results, examples that differ in little, and named conditions.
@Suite struct RuleResultsTests {
    private static let file = """
        before: before (x) => (y) { y = Abs (x) }
        where:
          - floating(x)
        results:
          absolute-by-relu:
            summary: Twice the Relu less the value.
            saves: Nothing.
            source: Algebra.
            after: |
              after (x) => (y) {
                above = Relu (x)
                double = Add (above, above)
                y = Sub (double, x)
              }
          absolute-dropped:
            family: elsewhere
            summary: A value that is not negative is its own absolute value.
            saves: Nothing.
            source: Algebra.
            after: after (x) => (x) {}
            where:
              - above_zero(x)
          absolute-squared:
            summary: A square in the place of an absolute value.
            exactness: approximate
            class: distillation
            accuracy: None.
            saves: Nothing.
            source: Nobody.
            after: after (x) => (y) { y = Mul (x, x) }
        examples:
          - graph: plain (float[N,3] x) => (float[N,3] y) { y = Abs (x) }
            sizes: [{N: 2}, {N: 3}]
            for: [absolute-by-relu, absolute-squared]
          - graph: of_relu (float[2,3] z) => (float[2,3] r) { x = Relu (z)  y = Abs (x)  r = Neg (y) }
            for: absolute-dropped
        counterexamples:
          - {name: integers, replace: {'float': 'int32'}}
          - {name: another, replace: {Abs: Neg}, for: absolute-squared}
          - {name: below_zero, like: of_relu, replace: {Relu: Tanh}, for: absolute-dropped}
        """

    private static let conditions = "above_zero(v): not is_output(v) and nonnegative(v)\n"

    private func catalog(_ text: String, conditions: String = conditions) throws -> RuleCatalog {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [("absolute", text), ("conditions", conditions)] {
            try text.write(to: folder.appendingPathComponent("\(name).yaml"), atomically: true, encoding: .utf8)
        }
        var catalog = RuleCatalog()
        try catalog.load(folder: folder.path)
        for rule in catalog.rules { _ = try rule.examples }
        return catalog
    }

    @Test func eachResultIsARule() throws {
        let catalog = try catalog(Self.file)
        #expect(catalog.rules.map(\.name) == ["absolute-by-relu", "absolute-dropped", "absolute-squared"])
        #expect(catalog.rules.map(\.family) == ["user", "elsewhere", "user"])
        #expect(catalog.rules.map(\.exactness) == [.exact, .exact, .approximate])
        #expect(catalog["absolute-squared"]?.effect == .distillation)
        #expect(try catalog["absolute-dropped"]?.forms.first?.conditionTexts == ["floating(x)", "above_zero(x)"])
        #expect(try catalog["absolute-by-relu"]?.forms.first?.conditionTexts == ["floating(x)"])
        #expect(try catalog.selecting(only: ["absolute-dropped"]).rules.count == 1)
        for rule in catalog.rules {
            let report = RuleChecker().check(rule)
            #expect(report.problems.isEmpty, "\(rule.name): \(report.problems)")
            #expect(report.runs > 0 && report.leftAlone > 0)
        }
    }

    @Test func examplesSayWhatIsDifferent() throws {
        let catalog = try catalog(Self.file)
        let examples = try #require(catalog["absolute-dropped"]).examples
        #expect(examples.firing.map(\.graph.name) == ["of_relu"])
        #expect(examples.leftAlone.map(\.graph.name) == ["integers", "below_zero"])
        #expect(examples.leftAlone.last?.graph.nodes.map(\.op) == ["Tanh", "Abs", "Neg"])
        // Lengths are those of the other graph, one set of them.
        #expect(examples.leftAlone.first?.sizes == [["N": 2]])
    }

    @Test(arguments: [
        (
            "for: absolute-dropped\ncounter", "for: absolute-by-relu\ncounter",
            "'examples' has no graph for 'absolute-dropped'"
        ),
        ("like: of_relu", "like: of_sigmoid", "there is no graph 'of_sigmoid' before this one"),
        ("replace: {Abs: Neg}", "replace: {Exp: Neg}", "'Exp' is nowhere in 'plain'"),
        ("replace: {Abs: Neg}", "outputs: [q]", "the graph has no value 'q'"),
        ("class: distillation", "class: easy", "'class' must be"),
        ("above_zero(x)", "above_zero(x, y)", "'above_zero' takes 1 arguments"),
        ("above_zero(x)", "below_zero(x)", "no function 'below_zero'"),
        ("    family: elsewhere", "    before: elsewhere", "no key 'before'"),
        ("where:\n  - floating(x)", "operator: {Abs: growing}\nwhere:\n  - floating(x)", "there is no fact 'growing'"),
        (
            "where:\n  - floating(x)", "operator: {F: increasing}\nwhere:\n  - floating(x)",
            "which is no node of the pattern"
        ),
    ])
    func aMistakeIsNamed(original: String, mistake: String, message: String) throws {
        let text = Self.file.replacingOccurrences(of: original, with: mistake)
        #expect(text != Self.file)
        let error = #expect(throws: HarrierError.self) { try catalog(text) }
        let description = try #require(error).description
        #expect(description.contains("absolute.yaml") && description.contains(message), "\(description)")
    }

    @Test(arguments: [
        ("positive(v): nonnegative(v)", "a function that all rules have"), ("above_zero(v: true", "in '"),
        ("above_zero: true", "is written 'name(parameters): expression'"),
    ])
    func aMistakeInAConditionIsNamed(text: String, message: String) throws {
        let error = #expect(throws: HarrierError.self) { try catalog(Self.file, conditions: text) }
        #expect(try #require(error).description.contains(message))
    }
}
