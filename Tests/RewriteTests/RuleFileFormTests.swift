import Foundation
import IR
import TestSupport
import Testing

@testable import Rewrite

/// What the files of the built-in rules must be, beside right.
@Suite struct RuleFileFormTests {
    /// What was read when the program was built is what is in the files.
    @Test func embeddedCopiesAreTheFiles() throws {
        var files = RuleCatalog()
        try files.load(folder: Fixtures.packageRoot.appendingPathComponent("Passes").path)
        let builtIn = try RuleCatalog.builtIn()
        #expect(builtIn.rules.count == files.rules.count)
        for rule in builtIn.rules {
            let file = try #require(files[rule.name], "\(rule.name)")
            #expect(rule.family == file.family && rule.summary == file.summary && rule.exactness == file.exactness)
            #expect(rule.error == file.error && rule.level == file.level && rule.saves == file.saves)
            #expect(rule.source == file.source && rule.accuracy == file.accuracy && rule.effect == file.effect)
            #expect(rule.needs == file.needs && rule.ulps == file.ulps, "\(rule.name)")
            #expect(rule.patternSize == file.patternSize, "\(rule.name)")
            // Of variants the pattern names only what all of them have.
            #expect(rule.operators.isSubset(of: file.operators), "\(rule.name)")
            #expect(try rule.forms.map(\.before) == file.forms.map(\.before), "\(rule.name)")
        }
    }

    @Test func namesAreUnique() throws {
        let names = try RuleCatalog.builtIn().rules.map(\.name)
        #expect(Set(names).count == names.count)
    }

    /// A pattern is written once: no two files have patterns that are equal up to the names of values and of the function.
    @Test func patternsAreWrittenOnce() throws {
        var files: [String: Set<String>] = [:]
        for rule in try RuleCatalog.builtIn().rules {
            // A pattern with variants is all of them.
            let pattern = try rule.forms.map { key(of: $0.pattern) }.sorted().joined()
            files[pattern, default: []].insert(rule.file)
        }
        let equal = files.values.filter { $0.count > 1 }.map { $0.sorted().joined(separator: ", ") }.sorted()
        #expect(equal.isEmpty, "\(equal.joined(separator: "\n"))")
    }

    /// The text of a pattern with its values named in the order in which they appear.
    private func key(of pattern: Pattern) -> String {
        var function = pattern.function
        var names: [ValueID] = []
        func note(_ ids: [ValueID?]) {
            for case let id? in ids where !names.contains(id) { names.append(id) }
        }
        note(function.body.inputs)
        for node in function.body.nodes { note(node.inputs + node.outputs) }
        note(function.body.outputs)
        let optional = pattern.optionalInputs.map { name, value in
            (names.firstIndex { function.body[$0].name == name } ?? -1, value)
        }.sorted { $0.0 < $1.0 }
        for (index, id) in names.enumerated() {
            function.body[id].name = "v\(index)"
            if let constant = function.body[id].constant {
                function.body[id].constant = Constant(constant.tensor, form: .literal(nodeName: "v\(index)"))
            }
        }
        function.name = "before"
        let facts = pattern.quantified.map { "\($0.key): \($0.value.name)" }.sorted()
        return ONNXText.print(function: function) + "\(optional) \(facts)"
    }

    /// What a rule rests on can be looked up: a publication, a program, or the derivation itself.
    @Test func sourcesCanBeLookedUp() throws {
        for rule in try RuleCatalog.builtIn().rules {
            #expect(!rule.source.localizedCaseInsensitiveContains("catalogue"), "\(rule.name)")
            #expect(rule.source.firstMatch(of: /\b[Ee]ntr(y|ies) [A-Z][0-9]/) == nil, "\(rule.name)")
        }
    }

    /// No graph is told twice in a file.
    @Test func examplesAreToldOnce() throws {
        for rule in try RuleCatalog.builtIn().rules {
            let examples = try rule.examples
            let texts = (examples.firing + examples.leftAlone).map { example in
                var graph = example.graph
                graph.name = "graph"
                return ONNXText.print(graph) + "\(example.sizes) \(example.ranges) \(example.positive.sorted())"
            }
            #expect(Set(texts).count == texts.count, "\(rule.name)")
        }
    }
}
