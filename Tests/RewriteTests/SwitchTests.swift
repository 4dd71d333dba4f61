import Evaluate
import IR
import Frameworks
import Pricing
import Rewrite
import Testing
import TestSupport

/// Every rule and every family can be switched off, and used alone.
@Suite struct SwitchTests {
    /// The steps that are no rules.
    private static let builtInSteps: Set<String> = [
        "common-subexpressions", "constants-as-literals", "constant-nodes-beforehand", "dead-code-removal",
        "recognition",
        "as-spelled",
    ]
    private static let frameworks = ["crypten", "semi2k"]

    /// The graph of a rule's first example, with the first set of lengths.
    private func graphs(of rule: Rule) throws -> [Graph] {
        try rule.examples.firing.prefix(1).map { example in
            var graph = example.graph
            try graph.setDimensions(example.sizes.first ?? [:])
            try graph.inferTypes(evaluator: Interpreter())
            return graph
        }
    }

    /// The rules that an optimization reports.
    private func reported(
        _ graph: Graph, _ catalog: RuleCatalog, _ framework: any Framework, _ objective: Objective = .bytes
    ) throws -> Set<String> {
        var options = Optimizer.Options(objective: objective)
        options.allowsApproximate = true
        options.allowsRefusedOperators = false
        options.disabledSteps = ["function-body"]
        options.limits.states = 40
        options.limits.seconds = .infinity
        let optimizer = Optimizer(
            rules: catalog.rules, framework: framework, evaluator: Interpreter(), options: options)
        return Set(try optimizer.optimize(graph).rewrites.map(\.rule)).subtracting(Self.builtInSteps)
    }

    @Test func aloneEveryRuleFiresAndNoOtherDoes() throws {
        let catalog = try RuleCatalog.builtIn()
        let frameworks = try Self.frameworks.map { try FrameworkCatalog.make($0) }
        var paying: [String: Set<String>] = [:]
        for rule in catalog.rules {
            let alone = try catalog.selecting(only: [rule.name])
            #expect(alone.rules.map(\.name) == [rule.name])
            for graph in try graphs(of: rule) {
                for framework in frameworks {
                    let found = try reported(graph, alone, framework)
                    #expect(found.isSubset(of: [rule.name]), "\(rule.name): \(found)")
                    if !found.isEmpty { paying[rule.name, default: []].insert(framework.info.name) }
                }
            }
            // Where it does not pay on these frameworks by itself, it still fires.
            if paying[rule.name] == nil { #expect(RuleChecker(samples: 1).check(rule).runs > 0, "\(rule.name)") }
        }
        for rule in catalog.rules {
            print(
                rule.family, rule.name,
                paying[rule.name].map { $0.sorted().joined(separator: " ") } ?? "fires, saves nothing alone")
        }
        print("\(paying.count) of \(catalog.rules.count) rules save something alone on \(Self.frameworks)")
    }

    @Test func aDisabledRuleIsNeverReported() throws {
        let catalog = try RuleCatalog.builtIn()
        let framework = try FrameworkCatalog.make("crypten")
        for rule in catalog.rules {
            let others = try catalog.selecting(disabling: [rule.name])
            #expect(others.rules.count == catalog.rules.count - 1 && others[rule.name] == nil)
            for graph in try graphs(of: rule) {
                #expect(try !reported(graph, others, framework).contains(rule.name))
            }
        }
    }

    @Test func familiesAreSwitchedAsAWhole() throws {
        let catalog = try RuleCatalog.builtIn()
        let framework = try FrameworkCatalog.make("crypten")
        for family in Set(catalog.rules.map(\.family)).sorted() {
            let members = Set(catalog.rules.filter { $0.family == family }.map(\.name))
            let alone = try catalog.selecting(only: [family])
            let without = try catalog.selecting(disabling: [family])
            #expect(Set(alone.rules.map(\.name)) == members)
            #expect(Set(without.rules.map(\.name)) == Set(catalog.rules.map(\.name)).subtracting(members))
            var fired: Set<String> = []
            for rule in alone.rules {
                for graph in try graphs(of: rule) {
                    fired.formUnion(try reported(graph, alone, framework))
                    #expect(try reported(graph, without, framework).isDisjoint(with: members))
                }
            }
            #expect(fired.isSubset(of: members))
            print(family, "\(members.count) rules, \(fired.count) used on CrypTen with the family alone")
        }
    }

    /// When another rule does a disabled one's work, the report names the one that did it.
    @Test func theReportNamesTheRuleThatDidTheWork() throws {
        var graph = try ONNXText.parseModel(
            """
            <ir_version: 10, opset_import: ["" : 21]>
            m (float[1,3,8,8] x) => (float[1,4,8,8] y)
            <float[4,3,3,3] w = ["location": "weights"], float[4] scale = ["location": "weights"],
             float[4] shift = ["location": "weights"], float[4] mean = ["location": "weights"],
             float[4] variance = ["location": "weights"]>
            {
              c = Conv <kernel_shape: ints = [3, 3], pads: ints = [1, 1, 1, 1]> (x, w)
              y = BatchNormalization (c, scale, shift, mean, variance)
            }
            """)
        try graph.inferTypes(evaluator: Interpreter())
        let catalog = try RuleCatalog.builtIn()
        let framework = try FrameworkCatalog.make("crypten")
        #expect(try reported(graph, catalog, framework).contains("conv-batchnorm"))
        let without = try reported(graph, catalog.selecting(disabling: ["conv-batchnorm"]), framework)
        #expect(!without.contains("conv-batchnorm") && without.contains("batchnorm-affine"))
        let neither = try reported(
            graph, catalog.selecting(disabling: ["conv-batchnorm", "batchnorm-affine"]), framework)
        #expect(neither.isDisjoint(with: ["conv-batchnorm", "batchnorm-affine"]))
    }

    @Test func aNameThatIsNoRuleIsAnError() throws {
        let catalog = try RuleCatalog.builtIn()
        #expect(throws: HarrierError.self) { try catalog.selecting(disabling: ["no-such-rule"]) }
        #expect(throws: HarrierError.self) { try catalog.selecting(only: ["no-such-family"]) }
    }
}
