import ArgumentParser
import TestSupport
import Testing

@testable import harrier_command

/// An option of one command that can be repeated. Both are found in the declarations, so that a new one is tested without a
/// word here.
struct RepeatableOption: CustomTestStringConvertible, Sendable {
    /// The command.
    let type: any ParsableCommand.Type
    /// The words that name it.
    let command: [String]
    /// One of the option's names.
    let name: String
    /// Three values that the command takes.
    let values: [String]
    /// Arguments without a name that the command takes together; the last of these lists is the longest.
    let positionals: [[String]]
    /// The options that the command asks for.
    let required: [String]

    var testDescription: String { (command + [name]).joined(separator: " ") }

    /// The command's arguments with everything written out, one value an option.
    func plain(_ positionals: [String], values: some Sequence<String>) -> [String] {
        positionals + required + values.flatMap { [name, $0] }
    }

    /// Everything that the parser reads in the command's arguments.
    func parsed(_ arguments: some Sequence<String>) throws -> String {
        var text = ""
        dump(try type.parseAsRoot(Array(arguments)), to: &text)
        return text
    }

    /// What commands ask for besides what they are tested for.
    private static let required = [
        "profile": [["--framework", "crypten"]],
        "calibrate": [["--framework", "crypten"], ["--measured", "first.json"]],
        "optimize": [["--framework", "crypten"]],
        "suggest": [["--framework", "crypten"]],
        "train": [["--loss", "mse"], ["--optimizer", "sgd"], ["--framework", "crypten"]],
        "render": [["--framework", "crypten"], ["--output", "x.svg"]],
    ]

    private static func required(by command: [String], besides spellings: [String]) -> [String] {
        (required[command.first ?? ""] ?? []).filter { !spellings.contains($0[0]) }.flatMap { $0 }
    }

    /// Values of every form that an option can have; folders must be there, and options of sgd be known.
    private static let forms = [
        ["Sources", "Tests", "docs"].map { Fixtures.packageRoot.appendingPathComponent($0).path },
        ["a=1", "b=2", "c=3"], ["momentum=0.9", "dampening=0", "weight_decay=0.1"], ["a=0,1", "b=-1,1", "*=2,3"],
        ["r@n", "r@m", "s@n"],
    ]

    /// All such options of all commands.
    ///
    /// - Throws: ``TestSupportError`` if a command takes none of the forms: then it asks for more, or the option has a new form.
    static func all(
        of type: any ParsableCommand.Type = HarrierCommand.self, named command: [String] = []
    ) throws -> [RepeatableOption] {
        let inner = try type.configuration.subcommands.flatMap { try all(of: $0, named: command + [$0._commandName]) }
        let declared = try ArgumentDeclaration.all(of: type)
        return try inner
            + declared.filter { $0.kind == .option && $0.isRepeating }.map { option in
                let found = forms.lazy.map { values in
                    RepeatableOption(
                        type: type, command: command, name: option.spellings.last ?? "", values: values,
                        positionals: positionals(of: declared),
                        required: required(by: command, besides: option.spellings))
                }.first { option in
                    option.positionals.allSatisfy {
                        (try? option.parsed(option.plain($0, values: option.values))) != nil
                    }
                }
                guard let found else {
                    throw TestSupportError("\(command) takes no values for \(option.spellings): say which in this file")
                }
                return found
            }
    }

    private static func positionals(of declared: [ArgumentDeclaration]) -> [[String]] {
        let declared = declared.filter { $0.kind == .positional }
        let words = declared.enumerated().map { place, positional in
            guard case .file(let extensions) = positional.values else { return "word\(place)" }
            return "file\(place).\(extensions.first ?? "bin")"
        }
        let fewest = words.indices.filter { !declared[$0].isOptional }.map { words[$0] }
        let more = declared.contains(where: \.isRepeating) ? [words + ["another"]] : []
        return (fewest == words ? [words] : [fewest, words]) + more
    }
}
