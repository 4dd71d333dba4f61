extension RuleChecker {
    /// What came of checking one rule.
    public struct Report: Sendable {
        /// The rule's name.
        public let rule: String
        /// The rule's family.
        public let family: String
        /// Whether both sides must agree.
        public let exactness: Rule.Exactness
        /// Graphs that were rewritten: examples in the sizes that the file gives, and in drawn shapes.
        public internal(set) var shapes = 0
        /// Rewritten graphs that were run: an example can be rewritten in several places.
        public internal(set) var runs = 0
        /// Counter-examples that were left alone.
        public internal(set) var leftAlone = 0
        /// The largest difference of the two sides in relation to the largest magnitude, computed in 64 bits.
        public internal(set) var maxRelativeError = 0.0
        /// The largest difference of the two sides, computed in 64 bits.
        public internal(set) var maxAbsError = 0.0
        /// What exact computation says of an exact rule.
        public internal(set) var proof = Proof()
        /// What a simulation in fixed-point numbers says of an exact rule.
        public internal(set) var fixedPoint = FixedPoint()
        /// What is wrong; empty if nothing.
        public internal(set) var problems: [String] = []

        init(_ rule: Rule) {
            self.rule = rule.name
            family = rule.family
            exactness = rule.exactness
        }
    }

    /// What came of dropping the conditions of one rule.
    public struct MutationReport: Sendable {
        /// A condition whose absence nothing in the rule's file shows.
        public struct Survivor: Hashable, Sendable {
            /// The line of the file that the condition begins on.
            public let line: Int?
            /// The condition, or the part of it that was dropped.
            public let condition: String
        }

        /// The rule's name.
        public let rule: String
        /// Conditions, and parts of conditions, that were dropped.
        public let mutations: Int
        /// Those whose absence was not noticed.
        public let survivors: [Survivor]
    }
}
