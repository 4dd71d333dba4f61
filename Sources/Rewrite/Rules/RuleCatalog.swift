import Evaluate
import Foundation
import IR

/// A set of rules in a fixed order, by family and name.
public struct RuleCatalog: Sendable {
    /// The rules.
    public private(set) var rules: [Rule]

    /// The rules that are part of Harrier. Their files are read when somebody asks for more than names and kinds.
    ///
    /// - Throws: ``HarrierError`` if the copies in the program are not as they should be.
    public static func builtIn() throws -> RuleCatalog {
        let conditions = try builtInConditions()
        var rules: [(path: String, rule: Rule)] = []
        for file in EmbeddedPasses.files {
            let text = RuleText(
                file.head, examples: file.examples, name: file.name, family: file.family,
                file: "Passes/\(file.family)/\(file.name).yaml", conditions: conditions)
            let operators = Set(file.operators.split(separator: " ").map(String.init))
            for rule in file.rules {
                guard let signature = RuleSignature(rule) else {
                    throw HarrierError("the copy in the program is not as it should be", file: text.file)
                }
                // In the order that files of their own would have.
                let path = "\(rule.family)/\(rule.name).yaml"
                rules.append((path, Rule(signature, operators: operators, patternSize: file.patternSize, text: text)))
            }
        }
        return RuleCatalog(rules: rules.sorted { $0.path < $1.path }.map(\.rule))
    }

    private static func builtInConditions() throws -> NamedConditions {
        try NamedConditions(EmbeddedPasses.conditions, file: "Passes/\(NamedConditions.fileName).yaml")
    }

    /// No rules.
    public init() { rules = [] }

    private init(rules: [Rule]) { self.rules = rules }

    /// Adds the rules in a folder: `NAME.yaml` files, in folders named after their families or directly in it. A rule of
    /// a name that is there already takes its place.
    ///
    /// - Throws: ``HarrierError`` if the folder cannot be read, has no rules, or a rule has errors.
    public mutating func load(folder: String) throws {
        let root = URL(fileURLWithPath: folder)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue,
            let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        else { throw HarrierError("is no folder of rules", file: folder) }
        let files = found.compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
        guard !files.isEmpty else {
            throw HarrierError("has no rules", file: folder, hint: "a rule is a file NAME.yaml")
        }
        var conditions = try Self.builtInConditions()
        let own = files.filter { $0.deletingPathExtension().lastPathComponent == NamedConditions.fileName }
        for file in own { conditions = try NamedConditions(Self.text(of: file), file: file.path, after: conditions) }
        for file in files where !own.contains(file) {
            let parent = file.deletingLastPathComponent()
            let family = parent.standardizedFileURL == root.standardizedFileURL ? "user" : parent.lastPathComponent
            let text = RuleText(
                try Self.text(of: file), name: file.deletingPathExtension().lastPathComponent, family: family,
                file: file.path, conditions: conditions)
            try text.rules().forEach { add($0) }
        }
    }

    private static func text(of file: URL) throws -> String {
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw HarrierError("cannot be read", file: file.path)
        }
        return String(decoding: data, as: UTF8.self)
    }

    private mutating func add(_ rule: Rule) {
        if let index = rules.firstIndex(where: { $0.name == rule.name }) {
            rules[index] = rule
        } else {
            rules.append(rule)
        }
    }

    /// The catalogue with those rules only that are wanted.
    package func filter(_ isWanted: (Rule) -> Bool) -> RuleCatalog { RuleCatalog(rules: rules.filter(isWanted)) }

    /// The rule of that name.
    public subscript(name: String) -> Rule? { rules.first { $0.name == name } }

    /// The catalogue with only the named rules, or without the named ones; a family's name stands for all of its rules.
    ///
    /// - Throws: ``HarrierError`` if a name is neither a rule nor a family.
    public func selecting(only: [String] = [], disabling: [String] = []) throws -> RuleCatalog {
        for name in only + disabling
        where !rules.contains(where: { $0.name == name || $0.family == name })
            && !OperatorExpansion.steps.contains(name)
        {
            throw HarrierError("there is no rule or family '\(name)'", hint: "'harrier passes' lists them")
        }
        func isNamed(_ rule: Rule, in names: [String]) -> Bool {
            names.contains(rule.name) || names.contains(rule.family)
        }
        return RuleCatalog(
            rules: rules.filter { (only.isEmpty || isNamed($0, in: only)) && !isNamed($0, in: disabling) })
    }
}
