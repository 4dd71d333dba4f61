import Evaluate
import Foundation
import IR
import Frameworks
import Pricing
import Rewrite
import Testing

/// What rules save on their own first example. A rule that makes nothing cheaper anywhere is noise for the search, unless it
/// says that it only prepares others.
@Suite struct RuleSavingsTests {
    private static let frameworks = ["crypten", "semi2k", "spu-aby3", "cryptflow2", "cheetah"]

    /// What a rule alone makes of its example under a framework.
    private struct Gain {
        let framework: String
        let before: Cost
        let after: Cost

        var isCheaper: Bool {
            after.bytes < before.bytes || after.rounds < before.rounds
        }

        var row: String {
            let name = framework.padding(toLength: 12, withPad: " ", startingAt: 0)
            return "  \(name) \(before.bytes) B, \(before.rounds) rounds -> \(after.bytes) B, \(after.rounds) rounds"
        }
    }

    @Test(arguments: [
        "comparison-reduction", "non-linear", "activation-substitution", "linear-algebra", "broadcast-rewriting",
        "operator-fusion", "operator-lowering", "optimizer-swaps", "visibility",
    ])
    func everyRuleOfTheFamilyMakesItsExampleBetterSomewhere(family: String) throws {
        let rules = try RuleCatalog.builtIn().rules.filter { $0.family == family }
        #expect(!rules.isEmpty)
        let frameworks = try Self.frameworks.map { ($0, try FrameworkCatalog.make($0)) }
        var table = "\(family): cost of the first of a rule's examples that gets cheaper, before and after\n"
        for rule in rules {
            var saves: [Gain] = []
            // A rule over a fact is tried with every operator of which it holds; some of them cost nothing.
            for example in try rule.examples.firing where saves.isEmpty {
                let graph = try graph(of: example)
                saves = try frameworks.compactMap { try gain(of: rule, on: graph, $0.0, $0.1) }.filter(\.isCheaper)
            }
            table += "\(rule.name)\n" + saves.map { $0.row + "\n" }.joined()
            let onlyPrepares = rule.saves.hasPrefix("Nothing")
            #expect(!saves.isEmpty || onlyPrepares, "\(rule.name) saves nothing on its example")
        }
        print(table)
    }

    private func graph(of example: Rule.Example) throws -> Graph {
        var graph = example.graph
        try graph.setDimensions(example.sizes[0])
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    /// What the rule alone makes of a graph when bytes count, or else when rounds do; nil if the search leaves the graph alone.
    private func gain(of rule: Rule, on graph: Graph, _ name: String, _ framework: any Framework) throws -> Gain? {
        for objective in [Objective.bytes, .rounds] {
            var options = Optimizer.Options(objective: objective)
            options.allowsApproximate = rule.exactness == .approximate
            options.allowsRounding = rule.exactness == .rounding
            // What is recognised without the rule says nothing of it.
            options.disabledSteps = Set(OperatorExpansion.steps)
            let result = try Optimizer(
                rules: [rule], framework: framework, evaluator: Interpreter(), options: options
            ).optimize(graph)
            guard result.rewrites.contains(where: { $0.rule == rule.name }) else { continue }
            return Gain(framework: name, before: result.before, after: result.after)
        }
        return nil
    }
}

extension Cost {
    fileprivate var bytes: Int { (online + offline).bytes }
    fileprivate var rounds: Int { (online + offline).rounds }
}
