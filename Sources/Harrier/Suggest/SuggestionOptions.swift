/// Which variants of a model are looked for.
public struct SuggestionOptions: Sendable {
    /// The rules to choose from; nil for those that are part of Harrier.
    public var catalog: RuleCatalog?
    /// Names of the rules, or families of rules, that are used; empty for all. They leave the exact rules alone if none of them is
    /// named, and the approximate ones if none of those is.
    public var only: [String] = []
    /// Names of the rules, or families of rules, that are not used.
    public var disabled: [String] = []
    /// Places, variants and times.
    public var suggester: Suggester.Options
    /// Inputs to measure divergences on; nil to draw some.
    public var samples: Samples?
    /// Whether other settings of the framework, and other frameworks, are priced, too.
    public var hasAlternatives = true
    /// Configuration keys of the framework that are set for good, which alternatives keep.
    public var configuration: [String: String] = [:]
    /// The network that times are told for.
    public var network: Network

    /// Variants that are quick on a network.
    public init(for network: Network = .wan) {
        self.network = network
        suggester = Suggester.Options(search: Optimizer.Options(objective: .time(network)))
    }

    /// The rules of the exact search, and the approximate ones, which are used at single places.
    ///
    /// - Throws: ``HarrierError`` if there is no rule of a name.
    package func selectedRules() throws -> (exact: [Rule], approximate: [Rule]) {
        let catalog = try catalog ?? .builtIn()
        let all = try catalog.selecting(disabling: disabled)
        let named = try catalog.selecting(only: only, disabling: disabled)
        func chosen(_ isMeant: (Rule) -> Bool) -> [Rule] {
            let some = named.rules.filter(isMeant)
            return some.isEmpty ? all.rules.filter(isMeant) : some
        }
        return (chosen { $0.exactness != .approximate }, chosen { $0.exactness == .approximate })
    }
}
