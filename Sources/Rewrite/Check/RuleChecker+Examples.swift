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
