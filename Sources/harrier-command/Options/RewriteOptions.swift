import ArgumentParser
import Harrier

extension SearchStrategy: ExpressibleByArgument {}

/// The rules that a command works with.
struct RuleOptions: ParsableArguments {
    @Option(
        name: .customLong("passes"),
        help: ArgumentHelp(
            "A folder with more rules; one of a built-in rule's name takes its place. Repeatable.", valueName: "dir"),
        completion: .directory)
    var folders: [String] = []

    /// The built-in rules and those of the folders.
    ///
    /// - Throws: `HarrierError` with file and line if a rule has errors.
    func catalog() throws -> RuleCatalog {
        var catalog = try RuleCatalog.builtIn()
        for folder in folders { try catalog.load(folder: folder) }
        return catalog
    }
}

/// What a search makes small, and by which rules.
struct RewriteOptions: ParsableArguments {
    /// The names of objectives.
    enum ObjectiveName: String, CaseIterable, ExpressibleByArgument {
        case time, bytes, rounds
    }

    @Option(help: "What to make small: time on the network, bytes, or rounds.")
    var objective = ObjectiveName.time

    @OptionGroup var rules: RuleOptions

    @Option(
        help: ArgumentHelp("Leave this rule, or family of rules, out. Repeatable.", valueName: "rule"),
        completion: .ruleOrFamily)
    var disable: [String] = []

    @Option(
        help: ArgumentHelp("Use only this rule, or family of rules. Repeatable.", valueName: "rule"),
        completion: .ruleOrFamily)
    var only: [String] = []

    @Flag(help: "Also use rules whose two sides differ by less than fixed-point numbers resolve.")
    var rounding = false

    @Flag(help: "Also use rules that change what the network computes.")
    var approximate = false

    @Flag(
        name: .customLong("any-operator"),
        help: "Let the result use operators that the framework's own importer refuses.")
    var allowsAnyOperator = false

    @Option(
        help: ArgumentHelp(
            "What the result may use: what any runtime can have, or also operators that need a runtime's help "
                + "(docs/PROTOCOL-LEVEL.md).", valueName: "portable|protocol"))
    var level = Rule.Level.portable

    @Option(
        name: .customLong("search"),
        help: "How to search: also through dearer graphs, or greedily, which is quicker and there to be compared with.")
    var strategy = SearchStrategy.global

    @OptionGroup var ranges: RangeOptions

    @Option(
        help: ArgumentHelp(
            "How long to search at most: \(Int(SearchLimits().seconds)) seconds unless said otherwise, for 'suggest' 300.",
            valueName: "seconds"))
    var budget: Double?

    func validate() throws {
        guard budget.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ValidationError("'--budget' must be a positive number of seconds")
        }
    }

    /// The names under '--only' that mean exact or rounding rules: what 'optimize' takes to search as 'suggest' did.
    func searchedOnly() throws -> [String] {
        let rules = try rules.catalog().rules.filter { $0.exactness != .approximate }
        return only.filter { name in rules.contains { $0.name == name || $0.family == name } }
    }

    /// The search's options, for that network and a model.
    ///
    /// - Throws: `HarrierError` if what is said of the model's ranges does not fit it.
    func optimizerOptions(_ network: Network, for graph: Graph) throws -> Optimizer.Options {
        let goal: Objective =
            switch objective {
            case .time: .time(network)
            case .bytes: .bytes
            case .rounds: .rounds
            }
        var options = Optimizer.Options(objective: goal)
        options.level = level
        options.allowsApproximate = approximate
        options.allowsRounding = rounding
        options.allowsRefusedOperators = allowsAnyOperator
        options.strategy = strategy
        if let budget { options.limits.seconds = budget }
        options.ranges = try ranges.assumptions(about: graph)
        return options
    }
}

extension Rule.Level: ExpressibleByArgument {}
