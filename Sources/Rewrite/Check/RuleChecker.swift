import Evaluate
import Graph

/// Tries rules on their own examples: each must fire on its examples and leave its counter-examples alone, and both sides
/// of an exact rule must compute the same.
public struct RuleChecker: Sendable {
    /// What came of checking one rule.
    public struct Report: Sendable {
        /// The rule's name.
        public let rule: String
        /// Whether both sides must agree.
        public let exactness: Rule.Exactness
        /// Rewritten graphs that were run, over all examples and sizes.
        public let runs: Int
        /// Counter-examples that were left alone.
        public let leftAlone: Int
        /// The largest relative difference of the two sides, computed in 64 bits.
        public let maxError: Double
        /// What is wrong; empty if nothing.
        public let problems: [String]
    }

    /// The largest relative difference that counts as agreement of an exact rule in 64-bit arithmetic.
    public static let tolerance = 1e-9

    private let evaluator: any ConstantEvaluator
    private let samples: Int

    /// A checker that runs both sides on that many random inputs for each shape.
    public init(evaluator: any ConstantEvaluator = Interpreter(), samples: Int = 3) {
        self.evaluator = evaluator
        self.samples = samples
    }

    /// Checks one rule.
    public func check(_ rule: Rule) -> Report {
        var runs = 0
        var leftAlone = 0
        var maxError = 0.0
        var problems: [String] = []
        for example in rule.examples {
            for sizes in example.sizes {
                do {
                    let checks = try rewrite(example, sizes, rule)
                    if checks.isEmpty { problems.append("line \(example.line)\(display(sizes)): does not fire") }
                    for check in checks {
                        runs += 1
                        maxError = max(maxError, check.maxRelativeError)
                        if check.status != .passed, rule.exactness == .exact || check.status == .skipped {
                            problems.append("line \(example.line)\(display(sizes)): \(check.why ?? "the sides differ")")
                        }
                    }
                } catch {
                    problems.append("line \(example.line)\(display(sizes)): \(error)")
                }
            }
        }
        for example in rule.counterexamples {
            for sizes in example.sizes {
                do {
                    if try candidates(prepared(example, sizes), rule).isEmpty {
                        leftAlone += 1
                    } else {
                        problems.append("line \(example.line)\(display(sizes)): fires, and must not")
                    }
                } catch {
                    problems.append("line \(example.line)\(display(sizes)): \(error)")
                }
            }
        }
        return Report(
            rule: rule.name, exactness: rule.exactness, runs: runs, leftAlone: leftAlone, maxError: maxError,
            problems: problems)
    }

    private func display(_ sizes: [String: Int]) -> String {
        sizes.isEmpty
            ? "" : " with " + sizes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    private func prepared(_ example: Rule.Example, _ sizes: [String: Int]) throws -> PricedGraph {
        var graph = example.graph
        try graph.setDimensions(sizes)
        try graph.inferTypes(evaluator: evaluator)
        try graph.verify()
        for id in graph.inputs where graph[id].type?.lengths == nil {
            throw HarrierError("'sizes' leaves a dimension of '\(graph[id].name)' open")
        }
        return try PricedGraph(graph, policy: VisibilityPolicy(), pricer: pricer)
    }

    private var pricer: NodePricer { NodePricer(profiler: nil, allowsRefusedOperators: true) }

    private func candidates(_ state: PricedGraph, _ rule: Rule) throws -> [PricedCandidate] {
        try CandidateFinder(rules: [rule], evaluator: evaluator, pricer: pricer).candidates(in: state)
    }

    /// The comparison of an example with each graph that the rule makes of it.
    private func rewrite(_ example: Rule.Example, _ sizes: [String: Int], _ rule: Rule) throws -> [NumericCheck] {
        let state = try prepared(example, sizes)
        return try candidates(state, rule).map { candidate in
            let rewritten = try state.applying([candidate]).graph
            try rewritten.verify()
            let settings = ComparisonSettings(
                samples: samples, tolerance: Self.tolerance, positive: example.positive, includesTies: true)
            let check = NumericCheck.compare(state.graph, rewritten, settings)
            guard rule.level == .protocol, check.status == .passed,
                let problem = RingCheck(samples: samples).problem(
                    rule, state.graph, rewritten, positive: example.positive)
            else { return check }
            return NumericCheck(status: .skipped, why: problem)
        }
    }
}
