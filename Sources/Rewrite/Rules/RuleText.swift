import IR
import Synchronization

/// The text of a rule file, of which no more is read than somebody asks for.
final class RuleText: Sendable {
    /// The file's path.
    let file: String
    private let name: String
    private let family: String
    /// Everything that a search needs.
    private let head: String
    /// The examples; nil if they are in the head.
    private let examples: String?
    private let conditions: NamedConditions
    private let forms = Mutex<[String: [Rule.Form]]?>(nil)

    /// - Parameters:
    ///   - examples: the end of the text, from its examples on, if it has been cut there.
    ///   - conditions: the named conditions that it can use.
    init(
        _ head: String, examples: String? = nil, name: String, family: String, file: String, conditions: NamedConditions
    ) {
        self.file = file
        self.name = name
        self.family = family
        self.head = head
        self.examples = examples
        self.conditions = conditions
    }

    /// A hash of the text and the named conditions.
    var hash: UInt64 {
        var hasher = StableHasher("rule")
        hasher.combine(head + (examples ?? ""))
        hasher.combine(conditions.text)
        return hasher.value
    }

    /// The rules that the file holds, in its order, all read.
    ///
    /// - Throws: ``HarrierError`` with file and line.
    func rules() throws -> [Rule] {
        let parsed = try RuleFile(head, file: file, conditions: conditions).rules(name: name, family: family)
        forms.withLock { $0 = Dictionary(parsed.map { ($0.0.name, $0.1) }) { first, _ in first } }
        return parsed.map { signature, forms in
            let operators = forms.map(\.operators)
            return Rule(
                signature, operators: operators.dropFirst().reduce(operators.first ?? []) { $0.intersection($1) },
                patternSize: forms.map(\.pattern.graph.nodes.count).max() ?? 0, text: self)
        }
    }

    /// The patterns and replacements of a rule of the file.
    ///
    /// - Throws: ``HarrierError`` with file and line if the file has errors.
    func forms(of rule: String) throws -> [Rule.Form] {
        if let known = forms.withLock({ $0?[rule] }) { return known }
        _ = try rules()
        guard let found = forms.withLock({ $0?[rule] }) else { throw HarrierError("has no rule '\(rule)'", file: file) }
        return found
    }

    /// The graphs that a rule of the file is tried on.
    ///
    /// - Throws: ``HarrierError`` with file and line if they have errors.
    func examples(of rule: String) throws -> Rule.Examples {
        // Empty lines keep the numbers of the lines right.
        let lines = head.utf8.count { $0 == UInt8(ascii: "\n") }
        let whole = try RuleFile(head, file: file, conditions: conditions)
        let end = try examples.map {
            try RuleFile(
                String(repeating: "\n", count: lines) + $0, file: file, conditions: conditions)
        }
        return try (end ?? whole).examples(of: rule, with: whole)
    }
}

extension Rule.Form {
    /// The operators that the pattern names.
    var operators: Set<String> {
        Set(pattern.graph.nodes.map(\.op).filter { pattern.quantified[$0] == nil }.map(\.description))
    }
}
