import Testing

@testable import harrier_command

@Suite("Every option that can be repeated takes several values")
struct RepeatableOptionTests {
    @Test("wherever it stands, and other arguments keep their place", arguments: try RepeatableOption.all())
    func severalValues(option: RepeatableOption) throws {
        for positionals in option.positionals {
            let expected = try option.parsed(option.plain(positionals, values: option.values))
            #expect(try option.parsed(option.plain(positionals, values: option.values.dropLast())) != expected)
            for words in orders(of: option, positionals) {
                let expanded = try ArgumentExpansion.expand(option.command + words)
                #expect(try option.parsed(expanded.dropFirst(option.command.count)) == expected, "\(expanded)")
            }
        }
    }

    @Test("all of the declarations are seen: the number of options is not small")
    func isNotEmpty() throws {
        let all = try RepeatableOption.all()
        #expect(Set(all.map(\.command)).count >= 13)
        #expect(Set(all.map(\.name)).isSuperset(of: ["--dim", "--config", "--range", "--framework", "--measured"]))
    }

    /// The option in front, between and behind, together and apart.
    private func orders(of option: RepeatableOption, _ positionals: [String]) -> [[String]] {
        let several = [option.name] + option.values
        let joined = ["\(option.name)=\(option.values[0])"] + option.values.dropFirst()
        let apart = ([option.name] + option.values.prefix(1), [option.name] + option.values.dropFirst())
        return [
            positionals + option.required + several,
            positionals + several + option.required,
            several + positionals + option.required,
            option.required + several + positionals,
            option.required + positionals + several,
            positionals.prefix(1) + several + positionals.dropFirst() + option.required,
            several + option.required + positionals,
            joined + positionals + option.required,
            positionals + option.required + joined,
            apart.0 + positionals + apart.1 + option.required,
            several + option.required + (positionals.isEmpty ? [] : ["--"]) + positionals,
        ]
    }
}
