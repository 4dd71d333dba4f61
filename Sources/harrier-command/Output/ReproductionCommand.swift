import ArgumentParser
import Harrier

/// The command line of `optimize` that makes a variant again.
struct ReproductionCommand: Sendable {
    private let words: [String]

    /// The groups of options that both commands have.
    private static let shared: [any ParsableArguments.Type] = [
        ReadingOptions.self, FrameworkOptions.self, NetworkOptions.self, RewriteOptions.self,
    ]
    /// Options of those groups that say something else to `suggest`: how long to look for variants, and which rules to use at
    /// single places.
    private static let different: Set = ["--budget", "--only", "--rounding", "--approximate"]

    /// The command for the command line of `suggest`.
    ///
    /// - Throws: `HarrierError` if a rule has errors.
    init(arguments: [String], model: ModelOptions, rewriting: RewriteOptions) throws {
        let taken = Set(try Self.shared.flatMap { try ArgumentDeclaration.all(of: $0).flatMap(\.spellings) })
            .subtracting(Self.different)
        let kept = try ArgumentExpansion.pieces(of: arguments).filter { piece in
            piece.first.map { taken.contains(String($0.prefix { $0 != "=" })) } ?? false
        }
        let rules = try rewriting.searchedOnly().flatMap { ["--only", $0] }
        words = ["harrier", "optimize", model.model] + kept.flatMap { $0 } + rules
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
