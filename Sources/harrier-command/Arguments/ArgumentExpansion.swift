import Foundation

/// Options that take several values, made into one option a value.
///
/// `--config a=1 b=2` means `--config a=1 --config b=2`. The parser's own way to read several values would take the model in
/// `--config a=1 model.onnx`, too; here the model keeps its place wherever it stands. Which options there are, and which of
/// them can be repeated, is what the commands declare: nothing is said here a second time.
struct ArgumentExpansion {
    /// The arguments with every option that has several values written once for each.
    ///
    /// - Throws: `DecodingError` if the parser does not tell what the command declares.
    static func expand(_ arguments: [String]) throws -> [String] {
        // The declarations take a moment, which most command lines need not spend.
        guard hasSeveralValues(arguments) else { return arguments }
        let start = HarrierCommand.command(namedBy: arguments).start
        return try arguments[..<start] + pieces(of: arguments).flatMap { $0 }
    }

    /// What stands behind the command's name, piece by piece: an option with its value, a flag, or a positional argument.
    ///
    /// - Throws: `DecodingError` if the parser does not tell what the command declares.
    static func pieces(of arguments: [String]) throws -> [[String]] {
        let (command, start) = HarrierCommand.command(namedBy: arguments)
        var expansion = ArgumentExpansion(try ArgumentDeclaration.all(of: command))
        expansion.read(arguments[start...])
        return expansion.written()
    }

    /// Whether a word follows that may be a second value of an option.
    private static func hasSeveralValues(_ arguments: [String]) -> Bool {
        var words: Int?
        for argument in arguments {
            if argument == "--" { return false }
            if isName(argument) {
                words = argument.contains("=") ? 1 : 0
            } else if let before = words {
                if before == 1 { return true }
                words = before + 1
            }
        }
        return false
    }

    /// Whether an argument is the name of an option; a single dash is a value, and means standard output.
    private static func isName(_ argument: String) -> Bool { argument.hasPrefix("-") && argument != "-" }

    /// A piece of the command line.
    private enum Piece {
        /// What stays as it is: a name, and its value if it takes one.
        case fixed([String])
        /// A word after a value of an option that can be repeated: one more value, or a positional argument.
        case word(String, option: String, ArgumentDeclaration)
        /// A word that is a positional argument for certain.
        case positional(String)
    }

    private let named: [String: ArgumentDeclaration]
    private let positionals: [ArgumentDeclaration]
    private var pieces: [Piece] = []

    private init(_ declarations: [ArgumentDeclaration]) {
        positionals = declarations.filter { $0.kind == .positional }
        named = Dictionary(
            declarations.flatMap { declaration in declaration.spellings.map { ($0, declaration) } }
        ) { first, _ in first }
    }

    private mutating func read(_ arguments: ArraySlice<String>) {
        var rest = arguments
        var repeated: (option: String, declaration: ArgumentDeclaration)?
        while let argument = rest.popFirst() {
            if argument == "--" {
                pieces += [.fixed([argument])] + rest.map { .positional($0) }
                return
            }
            guard Self.isName(argument) else {
                pieces.append(repeated.map { .word(argument, option: $0, $1) } ?? .positional(argument))
                continue
            }
            let name = argument.prefix { $0 != "=" }
            let declaration = named[String(name)]
            var piece = [argument]
            if declaration?.kind == .option, name.count == argument.count, let value = rest.first, !Self.isName(value) {
                piece.append(value)
                rest.removeFirst()
            }
            pieces.append(.fixed(piece))
            repeated = declaration.flatMap { $0.kind == .option && $0.isRepeating ? (String(name), $0) : nil }
        }
    }

    private func written() -> [[String]] {
        let places = placesOfPositionals()
        return pieces.enumerated().map { place, piece in
            switch piece {
            case .fixed(let arguments): arguments
            case .positional(let word): [word]
            case .word(let word, let option, _): places.contains(place) ? [word] : [option, word]
            }
        }
    }

    /// Where words are positional arguments that could be values: as many as the command still lacks, and first those that
    /// look like one.
    private func placesOfPositionals() -> Set<Int> {
        let given = pieces.count { if case .positional = $0 { true } else { false } }
        let takesAnyNumber = positionals.contains(where: \.isRepeating)
        let most = takesAnyNumber ? Int.max : positionals.count - given
        let required = positionals.filter { !$0.isOptional }.count - given
        var chosen: Set<Int> = []
        func choose(upTo limit: Int, where isMeant: (Likeness) -> Bool) {
            for place in wordsByPreference where chosen.count < limit && !chosen.contains(place) {
                if case .word(let word, _, let declaration) = pieces[place],
                    isMeant(Likeness(of: word, toValueOf: declaration, orOneOf: positionals))
                {
                    chosen.insert(place)
                }
            }
        }
        choose(upTo: most) { $0 == .positional }
        choose(upTo: most) { $0 == .noValue }
        choose(upTo: takesAnyNumber ? most : required) { $0 == .either }
        return chosen
    }

    /// The places of the words that may be values: option by option, the last word of each first, because values stand
    /// behind their option.
    private var wordsByPreference: [Int] {
        var runs: [[Int]] = [[]]
        for place in pieces.indices {
            if case .word = pieces[place] { runs[runs.count - 1].append(place) } else { runs.append([]) }
        }
        return runs.flatMap { $0.reversed() }
    }
}

/// What a word behind a value of an option looks like.
private enum Likeness {
    /// One more value: nothing else looks so.
    case value
    /// A positional argument, by the extension of its file.
    case positional
    /// No value of the option.
    case noValue
    case either

    init(of word: String, toValueOf option: ArgumentDeclaration, orOneOf positionals: [ArgumentDeclaration]) {
        // A value's name shows the marks that are part of it: 'key=value', 'rule@node'.
        let marks = (option.valueName ?? "").filter { "=@".contains($0) }
        if !marks.isEmpty {
            self = marks.allSatisfy(word.contains) ? .value : .noValue
        } else if case .directory = option.values {
            self = Self.isFolder(word) ? .value : .noValue
        } else {
            self = .either
        }
        let isFile = positionals.contains { positional in
            guard case .file(let extensions) = positional.values else { return false }
            return extensions.contains { word.hasSuffix("." + $0) }
        }
        if isFile, self != .value { self = .positional }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
