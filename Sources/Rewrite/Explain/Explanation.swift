import Pricing

/// What each rule makes of one node.
public struct Explanation: Sendable {
    /// The graph that a node is in.
    public enum Place: String, Sendable {
        /// The model, tidied, before any rule was used.
        case model
        /// The result.
        case result
    }

    /// What came of a rule.
    public enum Outcome: String, CaseIterable, Sendable {
        /// It was used on the node.
        case fired
        /// It could be used and would make the graph better: the search ended before, or preferred another way.
        case possible
        /// It could be used, and would not make the graph better.
        case savesNothing = "saves nothing"
        /// The pattern matches, and a condition does not hold.
        case condition
        /// Part of the pattern matches.
        case nearMiss = "near miss"
    }

    /// One rule.
    public struct RuleOutcome: Sendable {
        /// The rule's name.
        public let rule: String
        /// What came of it.
        public let outcome: Outcome
        /// The first thing that failed, in words; of a rule that fired, where.
        public let why: String
        /// What the nodes that the rule would replace cost.
        public let before: Cost?
        /// What the new nodes would cost.
        public let after: Cost?
        /// Nodes of the pattern that match.
        public let matched: Int
        /// Nodes of the pattern.
        public let nodes: Int
    }

    /// The node's name.
    public let node: String
    /// Its operator.
    public let op: String
    /// The graph that it is in.
    public let place: Place
    /// The rules whose pattern contains the operator, those that came furthest first.
    public let rules: [RuleOutcome]
}
