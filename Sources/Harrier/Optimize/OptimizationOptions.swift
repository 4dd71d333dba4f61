/// How a model is optimized.
public struct OptimizationOptions: Sendable {
    /// The rules to choose from; nil for those that are part of Harrier.
    public var catalog: RuleCatalog?
    /// Names of the rules, or families of rules, that are used; empty for all.
    public var only: [String] = []
    /// Names of the rules, or families of rules, that are not used.
    public var disabled: [String] = []
    /// What to make small, what is allowed, and how to search.
    public var search: Optimizer.Options
    /// The network that times are told for.
    public var network: Network
    /// Approximate rules that are used at single nodes, before the search.
    public var substitutions: [Substitution] = []
    /// Names of nodes of which is told what each rule makes of them.
    public var explained: [String] = []
    /// Whether dimensions that the model leaves open stay open in the result, which then holds for every length; else it is one for the
    /// lengths that were set.
    public var keepsOpenDimensions = true
    /// Whether the result is run against the original.
    public var checks = true
    /// How much the framework's arithmetic may be off after it.
    public var errorLimit = ErrorLimit.usual

    /// Exact rules only, and a model that is quick on a network.
    public init(for network: Network = .wan) {
        self.network = network
        search = Optimizer.Options(objective: .time(network))
    }
}
