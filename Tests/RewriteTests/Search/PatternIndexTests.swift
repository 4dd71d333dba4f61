import Evaluate
import IR
import Testing

@testable import Rewrite

/// Rules are read when a graph has the operators that their patterns name.
@Suite struct PatternIndexTests {
    private func graph(_ body: String) throws -> Graph {
        try ONNXText.parseModel(
            "<ir_version: 10, opset_import: [\"\": 21]>\nm (float[4,8] x) => (float[4,8] y) { \(body) }")
    }

    @Test func aSmallGraphReadsFewRules() throws {
        let rules = try RuleCatalog.builtIn().rules
        let index = PatternIndex(rules)
        #expect(index.readCount == 0)
        let known = try index.patterns(for: graph("r = Relu (x) y = Neg (r)"))
        #expect(index.readCount > 0 && index.readCount * 4 < rules.count)
        let names = known.entries(at: Node(name: "", op: "Relu", inputs: [], outputs: [])).map(\.rule.name)
        #expect(names.contains("relu-of-negation") || names.contains("relu-quadratic"))
        // The same operators again read nothing more, others do.
        let before = index.readCount
        _ = try index.patterns(for: graph("r = Neg (x) y = Relu (r)"))
        #expect(index.readCount == before)
        _ = try index.patterns(for: graph("y = Exp (x)"))
        #expect(index.readCount > before)
    }

    /// No pattern is missed: those of a graph's operators are known, whichever graphs came before.
    @Test func noPatternIsMissed() throws {
        let rules = try RuleCatalog.builtIn().rules
        let index = PatternIndex(rules)
        for op in OperatorTable.rows.keys.sorted() {
            _ = try index.patterns(for: graph("y = Identity (x)").appending(op))
        }
        #expect(index.readCount == rules.count)
    }
}

extension Graph {
    /// The graph with one more node, of which only the operator matters.
    fileprivate func appending(_ op: OperatorName) -> Graph {
        var copy = self
        copy.nodes.append(Node(name: "", op: op, inputs: [], outputs: []))
        return copy
    }
}
