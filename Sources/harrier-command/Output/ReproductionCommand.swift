import Harrier

/// The command line of `optimize` that makes a variant again.
struct ReproductionCommand: Sendable {
    private let words: [String]

    /// The command for what the options of `suggest` say.
    ///
    /// - Throws: `HarrierError` if a rule has errors.
    init(model: ModelOptions, framework: FrameworkOptions, network: NetworkOptions, rewriting: RewriteOptions) throws {
        let setting = framework.setting
        var words = ["harrier", "optimize", model.model]
        func add(_ option: String, _ values: [String]) { words += values.flatMap { [option, $0] } }
        add("--framework", [framework.framework].compactMap { $0 })
        add("--parties", setting.parties.map { ["\($0)"] } ?? [])
        add("--config", setting.config.map { "\($0.name)=\($0.value)" })
        add("--private", setting.privateNames.map { $0.names.joined(separator: ",") })
        add("--public", setting.publicNames.map { $0.names.joined(separator: ",") })
        add("--owner", setting.owners.map { "\($0.name)=\($0.value)" })
        add("--dim", model.reading.dimensions.map { "\($0.name)=\($0.value)" })
        if network.network != .wan { add("--network", [network.network.name]) }
        if rewriting.objective != .time { add("--objective", [rewriting.objective.rawValue]) }
        add("--passes", rewriting.rules.folders)
        add("--disable", rewriting.disable)
        add("--only", try rewriting.searchedOnly())
        add("--range", rewriting.ranges.ranges.map { "\($0.name)=\($0.range.low),\($0.range.high)" })
        if rewriting.allowsAnyOperator { words.append("--any-operator") }
        self.words = words
    }

    /// The command that writes a variant to a file, as a shell reads it.
    func text(for variant: Suggestion, file: String) -> String {
        var line = words
        if variant.usesRounding { line.append("--rounding") }
        line += variant.changes.flatMap(\.substitutions).flatMap { ["--at", $0.description] }
        line += ["--output", file]
        return line.map(quoted).joined(separator: " ")
    }

    private func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(Character(scalar)))
                || "@%+=:,./-_".unicodeScalars.contains(scalar)
        }
        return isPlain && !word.isEmpty
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
