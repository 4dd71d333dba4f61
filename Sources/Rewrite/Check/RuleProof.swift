import Evaluate

extension RuleChecker {
    /// What exact computation says of a rule, over all graphs that it was tried on.
    public struct Proof: Hashable, Sendable {
        /// On what the equality of the two sides rests.
        public enum Method: String, Hashable, Sendable {
            /// Both sides were equal in a finite field.
            case field
            /// Both sides were equal in a finite field, where they had to say which of two numbers is larger.
            case orderedField = "ordered field"
            /// Some graph could not be computed exactly: both sides were equal in 64 bits up to rounding.
            case float64
        }

        /// Rewritten graphs that were exactly equal to the originals.
        public private(set) var equal = 0
        /// Rewritten graphs that could not be compared exactly.
        public private(set) var undecided = 0
        /// Why not, each reason once.
        public private(set) var reasons: [String] = []
        /// Functions of which only was used that equal arguments give equal values.
        public private(set) var uninterpreted: [String] = []
        /// Numbers that were read as what their writer must have meant.
        public private(set) var readings: [String] = []
        private var usesOrder = false

        init() {}

        /// On what the equality of the two sides rests.
        public var method: Method { undecided > 0 || equal == 0 ? .float64 : usesOrder ? .orderedField : .field }

        /// The method, and how many of the graphs it holds for if not for all.
        public var summary: String {
            undecided == 0 || equal == 0 ? method.rawValue : "\(equal) of \(equal + undecided), else float64"
        }

        mutating func add(_ check: ExactCheck) {
            switch check.status {
            case .equal: equal += 1
            case .undecided:
                undecided += 1
                if let why = check.why, !reasons.contains(why) { reasons.append(why) }
            case .different: break
            }
            usesOrder = usesOrder || check.usesOrder
            uninterpreted = Set(uninterpreted).union(check.uninterpreted).sorted()
            readings = Set(readings).union(check.readings).sorted()
        }
    }
}
