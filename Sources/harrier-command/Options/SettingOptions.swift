import ArgumentParser
import Harrier

/// How a framework is set: parties, configuration, and who knows what.
struct SettingOptions: ParsableArguments {
    @Option(help: "How many parties compute.")
    var parties: Int?

    @Option(
        help: ArgumentHelp(
            "Set a configuration key of the framework. Repeatable; 'harrier frameworks NAME' lists the keys.",
            valueName: "key=value"),
        completion: .configuration)
    var config: [Assignment] = []

    @Option(
        name: .customLong("private"),
        help: ArgumentHelp(
            "Inputs and initializers that are secret-shared; 'inputs' and 'weights' mean all of them.",
            valueName: "names"))
    var privateNames: [NameList] = []

    @Option(
        name: .customLong("public"),
        help: ArgumentHelp("Inputs and initializers that everybody knows.", valueName: "names"))
    var publicNames: [NameList] = []

    @Option(
        name: .customLong("owner"),
        help: ArgumentHelp(
            "An input or initializer that one party knows in plaintext. Repeatable.", valueName: "name=party"))
    var owners: [Assignment] = []

    func validate() throws {
        if let parties, parties < 1 { throw ValidationError("'--parties' must be at least 1") }
        for owner in owners where Int(owner.value).map({ $0 >= 0 }) != true {
            throw ValidationError(
                "'--owner \(owner.name)=\(owner.value)': a party is a whole number, the first one being 0")
        }
        _ = try Assignment.dictionary(config, option: "--config")
        var seen: Set<String> = []
        for (name, _) in statements where !seen.insert(name).inserted {
            throw ValidationError("'\(name)' is given more than one visibility")
        }
    }

    /// Whether something is set that only one framework, or none, can understand.
    var isEmpty: Bool { parties == nil && config.isEmpty && statements.isEmpty }

    /// The framework of that name, set so.
    ///
    /// - Throws: `HarrierError` if there is no such framework, or it does not take the configuration.
    func make(_ framework: String) throws -> any Framework {
        let configuration = try Assignment.dictionary(config, option: "--config")
        return try FrameworkCatalog.make(framework, parties: parties, configuration: configuration)
    }

    /// Who knows inputs and initializers, by name.
    var visibility: [String: Visibility] {
        Dictionary(statements.map { ($0.name, $0.visibility) }) { first, _ in first }
    }

    /// What the options say about single names, in the order of the options.
    private var statements: [(name: String, visibility: Visibility)] {
        privateNames.flatMap(\.names).map { ($0, .private) } + publicNames.flatMap(\.names).map { ($0, .public) }
            + owners.map { ($0.name, .owned(party: Int($0.value) ?? 0)) }
    }
}
