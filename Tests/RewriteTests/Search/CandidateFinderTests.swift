import Evaluate
import IR
import Frameworks
import Pricing
import Testing

@testable import Rewrite

/// Rewrites that a step left as they were, against looking for all of them again.
@Suite struct CandidateFinderTests {
    /// A rewrite, apart from the names and numbers that its new values would get.
    private struct Place: Hashable {
        let form: PatternIndex.ID
        let anchor: Int
        let nodes: [Int: Int]
        let values: [String: ValueID?]
        let removed: [Int]
        let lost: Set<ValueID>
        let prices: [NodePrice]

        init(_ priced: PricedCandidate) {
            form = priced.match.form
            anchor = priced.candidate.anchor
            nodes = priced.match.bindings.nodes
            values = priced.match.bindings.values
            removed = priced.candidate.removed
            lost = priced.candidate.lost
            prices = priced.prices
        }
    }

    /// A step and the one after it: what touches either is the same, told from what was known or looked for anew.
    @Test func whatAStepLeavesIsNotLookedForAgain() throws {
        let rules = try RuleCatalog.builtIn().rules.filter { $0.exactness == .exact && $0.level == .portable }
        let pricer = NodePricer(
            profiler: try Profiler(CrypTen(), evaluator: Interpreter()), allowsRefusedOperators: false)
        let finder = CandidateFinder(rules: rules, evaluator: Interpreter(), pricer: pricer)
        let counts = try (0..<16).map { UInt64($0) }.parallelMap { seed in
            let graph = try SmallGraphs.graph(seed: seed, operators: 8)
            return try compare(PricedGraph(graph, policy: VisibilityPolicy(), pricer: pricer), finder)
        }
        let (pairs, found) = counts.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
        print("\(pairs) pairs of steps, \(found) rewrites after them")
        #expect(pairs >= 50)
        #expect(found > pairs)
    }

    private func compare(_ start: PricedGraph, _ finder: CandidateFinder) throws -> (pairs: Int, found: Int) {
        var pairs = 0
        var found = 0
        for first in try finder.candidates(in: start).prefix(4) {
            guard let middle = try? start.rewritten(by: [first], pricer: finder.pricer) else { continue }
            let before = StepSurroundings(first, in: start, placed: middle.placed[0])
            let known = try finder.candidates(in: middle.state, touching: before.touched)
            for second in known.prefix(6) {
                guard let end = try? middle.state.rewritten(by: [second], pricer: finder.pricer) else { continue }
                let after = StepSurroundings(second, in: middle.state, placed: end.placed[0])
                let anew = try finder.candidates(in: end.state, touching: before.touched.union(after.touched))
                let kept = try finder.candidates(
                    in: end.state, after: after, from: middle.state.graph, known: known)
                #expect(
                    Set(kept.map(Place.init)) == Set(anew.map(Place.init)),
                    "\(first.candidate.rule), then \(second.candidate.rule)")
                #expect(kept.count == anew.count)
                pairs += 1
                found += kept.count
            }
        }
        return (pairs, found)
    }
}
