import Evaluate
import IR

extension RuleChecker {
    /// An example of a rule before and after the rule is applied, with random weights in it: a pair of whole models.
    public struct RewrittenExample: Sendable {
        /// Where the rule's file has the example, and in which sizes.
        public let place: String
        /// The example.
        public let before: Graph
        /// What the rule makes of it.
        public let after: Graph
        /// Inputs whose values must be positive.
        public let positive: Set<String>
        /// Ranges that inputs keep to.
        public let ranges: RangeAssumptions
    }

    /// A graph that a rule's file has, with random weights in it: a whole model.
    public struct ExampleGraph: Sendable {
        /// Whether the rule must fire on it; else it must leave it alone.
        public let fires: Bool
        /// The graph.
        public let graph: Graph
        /// Inputs whose values must be positive.
        public let positive: Set<String>
        /// Ranges that inputs keep to.
        public let ranges: RangeAssumptions
    }

    /// The graphs of a rule's file, counter-examples, too, for hunts outside of Harrier that begin from what its author thought of.
    ///
    /// - Throws: ``HarrierError`` if one does not type.
    public func exampleGraphs(of rule: Rule) throws -> [ExampleGraph] {
        let cases = RuleCases(rule, drawnShapes: 0, evaluator: evaluator)
        if let problem = cases.problems.first { throw HarrierError(problem, file: rule.file) }
        return try [(true, cases.examples), (false, cases.counterexamples)].flatMap { fires, cases in
            try cases.map {
                ExampleGraph(fires: fires, graph: try $0.withWeights().graph, positive: $0.positive, ranges: $0.ranges)
            }
        }
    }

    /// The examples of a rule in the sizes that its file gives, for checks outside of Harrier.
    ///
    /// - Throws: ``HarrierError`` if an example does not type, or the rule makes no sense where it matched.
    public func rewrittenExamples(of rule: Rule) throws -> [RewrittenExample] {
        let cases = RuleCases(rule, drawnShapes: 0, evaluator: evaluator)
        if let problem = cases.problems.first { throw HarrierError(problem, file: rule.file) }
        return try cases.examples.filter(\.isWritten).flatMap { example in
            let filled = try example.withWeights()
            return try filled.rewrites(rule, evaluator: evaluator).map {
                RewrittenExample(
                    place: example.place, before: filled.graph, after: $0, positive: example.positive,
                    ranges: example.ranges)
            }
        }
    }
}
