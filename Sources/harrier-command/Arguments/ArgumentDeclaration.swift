import ArgumentParser
import Foundation

/// What a command declares of one of its arguments, as the parser itself tells it (`--experimental-dump-help`).
struct ArgumentDeclaration: Decodable {
    enum Kind: String, Decodable {
        /// A word without a name before it.
        case positional
        /// A name followed by a value.
        case option
        /// A name alone.
        case flag
    }

    /// What a shell offers for the argument's values; what is of no use here is left out.
    enum Values: Decodable {
        /// Names of files with one of these extensions, or of any files if there are none.
        case file(extensions: [String])
        case directory
        case other

        private enum CodingKeys: String, CodingKey {
            case file, directory
        }

        private struct File: Decodable {
            let extensions: [String]
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let file = try container.decodeIfPresent(File.self, forKey: .file) {
                self = .file(extensions: file.extensions)
            } else {
                self = container.contains(.directory) ? .directory : .other
            }
        }
    }

    private struct Name: Decodable {
        let kind: String
        let name: String
    }

    let kind: Kind
    let isOptional: Bool
    let isRepeating: Bool
    private let names: [Name]?
    let valueName: String?
    private let completionKind: Values?

    /// The names with their dashes.
    var spellings: [String] { (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name } }

    /// What a shell offers for the values.
    var values: Values { completionKind ?? .other }
}

extension ArgumentDeclaration {
    /// What a command's, or a group of options', Swift type declares.
    ///
    /// - Throws: `DecodingError` if the parser tells it in a way of its own one day.
    static func all(of type: any ParsableArguments.Type) throws -> [ArgumentDeclaration] {
        struct Document: Decodable {
            struct Command: Decodable {
                let arguments: [ArgumentDeclaration]?
            }

            let command: Command
        }
        let text = type._dumpHelp()
        return try JSONDecoder().decode(Document.self, from: Data(text.utf8)).command.arguments ?? []
    }
}

extension ParsableCommand {
    /// The command that the arguments name, and where its own arguments begin: as the parser finds it.
    static func command(
        namedBy arguments: [String], from start: Int = 0
    ) -> (type: any ParsableCommand.Type, start: Int) {
        if arguments.indices.contains(start),
            let named = configuration.subcommands.first(where: { $0._commandName == arguments[start] })
        {
            return named.command(namedBy: arguments, from: start + 1)
        }
        return (configuration.defaultSubcommand ?? self, start)
    }
}
