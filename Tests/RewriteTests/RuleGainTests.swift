import Evaluate
import Graph
import Profiler
import Rewrite
import Testing

/// What the rules of linear algebra and data movement save on their own first examples.
@Suite struct RuleGainTests {
    private static let families: Set<String> = [
        "broadcast-rewriting", "linear-algebra", "operator-fusion", "operator-lowering", "optimizer-swaps", "visibility",
    ]

    private static let frameworks = ["crypten", "semi2k", "spu-aby3", "cheetah", "cryptflow2", "delphi"]

    /// The first gain that is found, or nil.
    private func gain(of rule: Rule, on graph: Graph) throws -> String? {
        for name in Self.frameworks {
            let framework = try Frameworks.make(name)
            for objective in [Objective.bytes, .rounds] {
                var options = Optimizer.Options(objective: objective)
                options.allowsApproximate = true
                options.allowsRefusedOperators = true
                let result = try Optimizer(
                    rules: [rule], framework: framework, evaluator: Interpreter(), options: options
                ).optimize(graph)
                let before = result.before.online + result.before.offline
                let after = result.after.online + result.after.offline
                if after.bytes < before.bytes || after.rounds < before.rounds {
                    return "\(name), \(objective.name): \(before.bytes) B, \(before.rounds) rounds -> "
                        + "\(after.bytes) B, \(after.rounds) rounds"
                }
            }
        }
        return nil
    }

    /// Every rule saves bytes or rounds under one of the frameworks, by itself and on its first example, unless it says that
    /// it saves nothing by itself and only prepares others.
    @Test func everyRuleSavesSomethingOrSaysThatItDoesNot() throws {
        let rules = try RuleCatalog.builtIn().rules.filter { Self.families.contains($0.family) }
        #expect(rules.count > 75)
        var table = ""
        for rule in rules {
            let example = try #require(rule.examples.first)
            var graph = example.graph
            try graph.setDimensions(example.sizes.first ?? [:])
            try graph.inferTypes(evaluator: Interpreter())
            let gain = try gain(of: rule, on: graph)
            let prepares = rule.saves.hasPrefix("Nothing")
            table += "\(rule.family)/\(rule.name): \(gain ?? (prepares ? "prepares others" : "NO GAIN"))\n"
            #expect(gain != nil || prepares, "\(rule.name) saves nothing under \(Self.frameworks)")
        }
        print(table)
    }
}
