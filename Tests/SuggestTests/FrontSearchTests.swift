import Foundation
import IR
import Frameworks
import Pricing
import TestSupport
import Testing

@testable import Suggest

@Suite("the search for a front")
struct FrontSearchTests {
    /// Ten decisions whose savings and squared divergences nearly add up, as those of a network do: neighbours disturb each other.
    private struct Problem {
        let savings: [Double]
        let penalties: [Double]
        let disturbances: [Double]

        init(seed: UInt64) {
            var source = NumberSource(name: "problem", seed: seed)
            savings = (0..<10).map { _ in 1 + source.unit() }
            penalties = (0..<10).map { _ in exp(6 * source.unit()) }
            disturbances = (0..<10).map { _ in 0.6 * (source.unit() - 0.5) }
        }

        func point(_ selection: Selection) -> FrontSearch.Point {
            var (cost, penalty) = (100.0, 0.0)
            for (choice, decision) in selection.enumerated() where decision > 0 {
                let isBesideAnother = choice > 0 && selection[choice - 1] > 0
                let factor = isBesideAnother ? 1 + disturbances[choice] : 1
                cost -= savings[choice] * (isBesideAnother ? 1.05 : 1)
                penalty += penalties[choice] * factor
            }
            return .init(cost: cost, penalty: penalty)
        }
    }

    private func search(_ problem: Problem, exhaustive: Int) throws -> (front: [Selection], measured: Int) {
        var limits = FrontSearch.Limits()
        limits.exhaustive = exhaustive
        var search = FrontSearch(
            optionCounts: Array(repeating: 1, count: 10), limits: limits, hasTime: { true },
            measure: { $0.map(problem.point) })
        return (try search.run(), search.measured.count)
    }

    @Test("ten decisions: nearly the front of all 1,024 sets, from a part of them")
    func tenDecisions() throws {
        var (missing, total, measured) = (0, 0, 0)
        let problems = 10
        for seed in 0..<UInt64(problems) {
            let problem = Problem(seed: seed)
            let all = try search(problem, exhaustive: 1024)
            let found = try search(problem, exhaustive: 0)
            #expect(all.measured == 1024)
            missing += Set(all.front).subtracting(found.front).count
            total += all.front.count
            measured += found.measured
        }
        print("\(problems) problems of 10 decisions: \(total - missing) of \(total) points of the fronts found,")
        print("  from \(measured / problems) of 1,024 sets on average")
        #expect(missing * 100 <= total)
        #expect(measured < problems * 600)
    }

    @Test("of sums the dynamic program finds the whole front")
    func sums() throws {
        let effects = (0..<6).map { choice in
            (0..<2).map { option -> Surrogate.Effect? in
                var source = NumberSource(name: "\(choice) \(option)", seed: 5)
                return .init(saving: source.unit(), penalty: source.unit())
            }
        }
        let surrogate = Surrogate(effects: effects)
        var all: [Selection] = [[]]
        for _ in effects { all = all.flatMap { start in (0...2).map { start + [$0] } } }
        let figures = all.map { selection in
            surrogate.sum(selection).map { [-$0.saving, $0.penalty] } ?? []
        }
        let front = Set(ParetoFront.positions(of: figures).map { all[$0] })
        #expect(Set(surrogate.front(width: 10_000)) == front)
        #expect(surrogate.front(width: 5).count <= 5)
    }

    @Test("what saves less for the same penalty is not on the front")
    func dominated() {
        let options: [Surrogate.Effect?] = [.init(saving: 1, penalty: 1), .init(saving: 2, penalty: 1), nil]
        #expect(Surrogate(effects: [options]).front(width: 10) == [[0], [2]])
    }

    @Test("a network's front is that of all sets of decisions, and fewer are measured")
    func network() throws {
        let model = try SuggestionModels.perceptron(Array(repeating: "Relu", count: 7))
        let framework = try FrameworkCatalog.make("crypten")
        func found(exhaustive: Int) throws -> Suggestions {
            try SuggestionModels.suggester(framework, objective: .bytes, rules: ["relu-identity"]) {
                $0.exhaustive = exhaustive
                $0.draws = 2
                $0.points = 100
            }.suggest(for: model)
        }
        let all = try found(exhaustive: 128)
        let searched = try found(exhaustive: 0)
        print("seven Relus: all \(all.measured) sets of decisions have a front of \(all.frontSize);")
        print("  the search measured \(searched.measured) and found a front of \(searched.frontSize)")
        #expect(all.isExhaustive && !searched.isExhaustive)
        #expect(all.measured == 128 && searched.measured <= 128)
        #expect(searched.variants.map(\.graph) == all.variants.map(\.graph))
    }
}
