import Evaluate
import Foundation
import IR
import Frameworks
import Pricing
import Rewrite
@testable import Suggest
import TestSupport
import Testing

@Suite("suggestions")
struct SuggestionTests {
    @Test("with weights: cheapest first, none dominated, costs are profiles, divergences are runs, all deterministic")
    func front() throws {
        let model = try SuggestionModels.perceptron(["Relu", "Sigmoid", "Relu"])
        let framework = try FrameworkCatalog.make("semi2k")
        let found = try SuggestionModels.suggester(framework).suggest(for: model)
        let again = try SuggestionModels.suggester(framework).suggest(for: model)
        #expect(found.variants.map(\.graph) == again.variants.map(\.graph))
        #expect(found.variants.count >= 5)
        #expect(found.variants.last?.name == "exact")
        let samples = try #require(found.samples)
        #expect(samples.isSynthetic)
        let meter = try DivergenceMeter(model, samples: samples)
        let costs = found.variants.map { Objective.time(.wan).figure($0.totals) }
        let divergences = try found.variants.map { try #require($0.divergence).relativeL2 }
        #expect(costs == costs.sorted() && divergences == divergences.sorted(by: >))
        #expect(Set(costs).count == costs.count && Set(divergences).count == divergences.count)
        for variant in found.variants {
            let profile = try Profiler(framework, evaluator: Interpreter()).profile(variant.graph)
            #expect(profile.total == variant.totals)
            #expect(try meter.divergence(of: variant.graph) == variant.divergence)
        }
    }

    @Test("a perceptron's variants substitute what their changes say, and their coefficients can be trained")
    func changes() throws {
        let model = try SuggestionModels.perceptron(["Relu", "Sigmoid", "Relu"])
        let found = try SuggestionModels.suggester(try FrameworkCatalog.make("crypten"), rules: ["relu-quadratic"])
            .suggest(
                for: model)
        let both = try #require(found.variants.first { $0.places == 2 })
        #expect(both.changes.map { $0.rule?.name } == ["relu-quadratic", "relu-quadratic"])
        #expect(
            both.changes.flatMap(\.substitutions).map(\.description) == ["relu-quadratic@a0", "relu-quadratic@a2"])
        // The second one's operand is a product of known weights with sigmoids, which lie between 0 and 1.
        #expect(both.changes.map(\.warnings.count) == [1, 0])
        let trainable = both.graph.values.filter { value in
            value.constant?.form == .initializer && value.constant?.tensor.shape == []
        }
        #expect(trainable.count == 6)
        #expect(both.graph.nodes.allSatisfy { $0.op != "Relu" })
    }

    @Test("of a model without weights divergences are unknown, and more of a worse class is cheaper")
    func unknown() throws {
        let model = try SuggestionModels.fixture("minionn")
        let found = try SuggestionModels.suggester(
            try FrameworkCatalog.make("crypten"), rules: ["relu-identity", "maxpool-averagepool"]
        ).suggest(for: model)
        #expect(found.samples == nil)
        #expect(found.whyUnknown != nil)
        #expect(found.variants.count >= 4)
        #expect(found.variants.allSatisfy { $0.divergence == nil })
        let costs = found.variants.map { Objective.time(.wan).figure($0.totals) }
        #expect(costs == costs.sorted())
        for (one, two) in zip(found.variants, found.variants.dropFirst()) {
            #expect(one.effect > two.effect || one.places > two.places)
        }
    }

    @Test("inputs of which a model takes roots are drawn without negative numbers, and what is never finite is unknown")
    func finiteInputs() throws {
        func found(_ operators: [String]) throws -> Suggestions {
            try SuggestionModels.suggester(try FrameworkCatalog.make("semi2k"), rules: ["relu-identity"]).suggest(
                for: try SuggestionModels.graph(
                    """
                    <ir_version: 8, opset_import: ["" : 17]>
                    roots (float[1,4] x) => (float[1,4] y) {
                      r = \(operators[0]) (x)
                      s = \(operators[1]) (r)
                      y = Relu (s)
                    }
                    """))
        }
        let rooted = try found(["Sqrt", "Neg"])
        #expect(rooted.samples?.origin.contains("without their signs") == true)
        #expect(rooted.variants.last?.divergence?.relativeL2 == 0)
        let never = try found(["Neg", "Sqrt"])
        #expect(never.samples == nil && never.whyUnknown?.contains("finite") == true)
        // A Relu behind a root is nothing: the exact variant is the cheapest.
        #expect(never.variants.map(\.name) == ["exact"] && never.variants.allSatisfy { $0.divergence == nil })
    }

    @Test("no variant is further from the model than allowed")
    func limit() throws {
        let model = try SuggestionModels.perceptron(["Relu", "Sigmoid", "Relu"])
        let framework = try FrameworkCatalog.make("crypten")
        let all = try SuggestionModels.suggester(framework).suggest(for: model)
        let limited = try SuggestionModels.suggester(framework) { $0.maxDivergence = 0.3 }.suggest(for: model)
        #expect(all.variants.contains { ($0.divergence?.relativeL2 ?? 0) > 0.3 })
        #expect(limited.variants.allSatisfy { ($0.divergence?.relativeL2 ?? 1) <= 0.3 })
        #expect(limited.variants.count > 1)
    }

    @Test("an activation can be substituted on some of its channels, the ones that change least first")
    func channels() throws {
        let model = try SuggestionModels.perceptron(["Relu", "Relu"])
        let found = try SuggestionModels.suggester(
            try FrameworkCatalog.make("crypten"), objective: .bytes, rules: ["relu-identity"]
        ) {
            $0.dividesChannels = true
            $0.points = 100
        }.suggest(for: model)
        #expect(found.isExhaustive && found.measured == 25)
        let parts = found.variants.flatMap(\.changes).flatMap(\.substitutions).filter { !$0.channels.isEmpty }
        #expect(!parts.isEmpty)
        for part in parts { #expect(Substitution(part.description) == part) }
        let half = try #require(
            found.ranking.first { $0.change.substitutions.first?.channels.count == 2 && $0.change.place == "a0" })
        let quarter = try #require(
            found.ranking.first { $0.change.substitutions.first?.channels.count == 1 && $0.change.place == "a0" })
        #expect(half.change.saving == 2 * quarter.change.saving)
    }

    @Test("when the time is up there is still the exact variant, and a word about it")
    func noTime() throws {
        let model = try SuggestionModels.perceptron(["Relu", "Sigmoid", "Relu"])
        let found = try SuggestionModels.suggester(try FrameworkCatalog.make("crypten")) { $0.seconds = 1e-9 }.suggest(
            for: model)
        #expect(found.variants.map(\.name) == ["exact"])
        #expect(found.notes.contains { $0.contains("--budget") })
    }

    @Test("equal layers are one choice, or as many as there are")
    func grouping() throws {
        let framework = try FrameworkCatalog.make("semi2k")
        let optimizer = Optimizer(
            rules: [], framework: framework, evaluator: Interpreter(), options: .init(objective: .bytes))
        let rules = try RuleCatalog.builtIn().selecting(only: ["softmax-scaled", "gelu-relu", "gelu-tanh"])
            .rules
        let sites = try SubstitutionSites(
            in: try SuggestionModels.fixture("bert_tiny"), rules: rules, optimizer: optimizer
        ).sites
        let each = ChoiceFinder.choices(sites, .each)
        #expect(each.map(\.options.count) == [1, 2, 1, 2])
        let blocks = ChoiceFinder.choices(sites, .block)
        #expect(blocks.map { $0.options.map(\.parts.count) } == [[2], [2, 2]])
        #expect(
            blocks.map(\.name) == [
                "/model/encoder/layer.*/attention/self/Softmax × 2",
                "/model/encoder/layer.*/intermediate/intermediate_act_fn/Mul × 2",
            ])
    }
}
