import Rewrite

/// How much a substitution changes a model, by what is known of it; from least to most.
public enum EffectClass: String, CaseIterable, Comparable, Sendable {
    /// Equal over the real numbers.
    case exact
    /// Equal up to a bound that fixed-point numbers do not resolve.
    case rounding
    /// Another function, whose distance from the old one is bounded and small enough that models use one for the other.
    case bounded = "bounded-error"
    /// Published uses train the model further with the substitution.
    case fineTuning = "needs-fine-tuning"
    /// Published uses need the original as a teacher.
    case distillation = "needs-distillation"

    /// The class of a rule: what its file says, else by its exactness, and fine-tuning for an approximate rule.
    public init(_ rule: Rule) {
        switch (rule.exactness, rule.effect) {
        case (.exact, _): self = .exact
        case (.rounding, _): self = .rounding
        case (.approximate, .bounded): self = .bounded
        case (.approximate, .distillation): self = .distillation
        case (.approximate, _): self = .fineTuning
        }
    }

    /// Position from least to most.
    public var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// By rank.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    /// In words.
    public var phrase: String {
        switch self {
        case .exact: "exact"
        case .rounding: "rounding"
        case .bounded: "bounded error"
        case .fineTuning: "needs fine-tuning"
        case .distillation: "needs distillation"
        }
    }
}
