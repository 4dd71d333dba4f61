import Evaluate
import IR
import Frameworks
import Pricing
import Testing

@testable import Rewrite

/// The search against an enumeration of everything that the rules reach.
@Suite struct SearchOptimumTests {
    /// Graphs that are made; those from which the rules reach too many others to enumerate are left out.
    private static let graphs = 450
    /// Graphs that an enumeration may reach.
    private static let most = 40

    private static let objectives: [Objective] = [.bytes, .rounds, .time(.wan)]

    /// What all graphs are searched with: the whole catalogue of exact rules, and prices remembered over all graphs.
    private struct Setting: Sendable {
        let finder: CandidateFinder

        init(_ framework: any Framework) throws {
            let rules = try RuleCatalog.builtIn().rules.filter { $0.exactness == .exact }
            let pricer = NodePricer(
                profiler: Profiler(framework, evaluator: Interpreter()), allowsRefusedOperators: false)
            finder = CandidateFinder(rules: rules, evaluator: Interpreter(), pricer: pricer)
        }
    }

    /// What came of one graph.
    private struct Outcome: Sendable {
        var reached = 0
        var isComplete = true
        var missed: [String] = []
        var improved = 0
    }

    @Test func theSearchFindsTheOptimumOfSmallGraphs() throws {
        let setting = try Setting(CrypTen())
        let outcomes = try (0..<Self.graphs).map { UInt64($0) }.parallelMap { try outcome(seed: $0, setting) }
        let complete = outcomes.filter(\.isComplete)
        let reached = complete.map(\.reached).sorted()
        let improved = complete.map(\.improved).reduce(0, +)
        print(
            "\(complete.count) of \(Self.graphs) graphs enumerated (\(reached.reduce(0, +)) graphs reached, median",
            "\(reached[reached.count / 2]), most \(reached.last ?? 0)),",
            "\(improved) of \(complete.count * Self.objectives.count) searches improve something")
        #expect(outcomes.flatMap(\.missed).isEmpty, "\(outcomes.flatMap(\.missed).joined(separator: "\n"))")
        #expect(complete.count >= 200)
        #expect(improved > complete.count)
    }

    private func outcome(seed: UInt64, _ setting: Setting) throws -> Outcome {
        let graph = try SmallGraphs.graph(seed: seed, operators: 3 + Int(seed % 6))
        #expect(graph.nodes.count <= 8)
        let start = try PricedGraph(graph, policy: VisibilityPolicy(), pricer: setting.finder.pricer)
        let reached = try enumerate(from: start, setting.finder)
        var outcome = Outcome(reached: reached.states.count, isComplete: reached.isComplete)
        guard reached.isComplete else { return outcome }
        for objective in Self.objectives {
            var search = Search(finder: setting.finder, objective: objective, limits: SearchLimits(seconds: .infinity))
            let found = try search.run(start).state.score(objective)
            let scores = reached.states.map { $0.score(objective) }.filter { $0.refused <= start.refused }
            let best = try #require(scores.min())
            if found > best {
                outcome.missed.append(
                    "seed \(seed), \(objective.name): found \(found), the best of \(reached.states.count) is \(best)\n"
                        + ONNXText.print(graph))
            }
            if found < start.score(objective) { outcome.improved += 1 }
        }
        return outcome
    }

    /// Every graph that the rules reach, by breadth, up to a number.
    private func enumerate(
        from start: PricedGraph, _ finder: CandidateFinder, limit: Int = most
    ) throws -> (states: [PricedGraph], isComplete: Bool) {
        var states = [start]
        var seen: Set<UInt64> = [start.graph.structuralHash]
        var next = 0
        while next < states.count {
            let state = states[next]
            next += 1
            for candidate in try finder.candidates(in: state) {
                guard let child = try? state.applying([candidate]), seen.insert(child.graph.structuralHash).inserted
                else { continue }
                guard states.count < limit else { return (states, false) }
                states.append(child)
            }
        }
        return (states, true)
    }
}
