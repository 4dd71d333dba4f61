import IR

/// What has to be known of a framework to simulate what it computes.
public struct SimulatedFramework: Sendable {
    /// How it writes numbers.
    public let format: FixedPointFormat
    /// How it computes what it approximates; nil if only the format is known, and results are real numbers brought to it.
    public let arithmetic: (any FrameworkArithmetic)?
    /// Who knows inputs and parameters: what everybody knows is computed in the clear.
    public let policy: VisibilityPolicy

    /// A framework of that format.
    public init(
        _ format: FixedPointFormat, arithmetic: (any FrameworkArithmetic)? = nil,
        policy: VisibilityPolicy = VisibilityPolicy()
    ) {
        self.format = format
        self.arithmetic = arithmetic
        self.policy = policy
    }
}
