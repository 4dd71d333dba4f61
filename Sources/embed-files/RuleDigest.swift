import Foundation

/// What a rule file says of its rules, read by lines: enough to choose rules without reading the file as YAML when Harrier starts. The
/// tests compare it with what the reader of rule files finds.
struct RuleDigest {
    /// The text without the examples, which are its end.
    let head: String
    /// The examples.
    let examples: String
    /// The rules: what each says of itself, by key, beside `name` and `family`.
    private(set) var rules: [[String: String]] = []
    /// The operators that the pattern names.
    private(set) var operators: Set<String> = []
    /// The nodes of the pattern.
    private(set) var patternSize = 0

    init(_ text: String, name: String, family: String) throws {
        guard let cut = text.firstRange(of: "\nexamples:") else {
            throw CocoaError(.fileReadCorruptFile, userInfo: [NSLocalizedDescriptionKey: "\(name): no 'examples'"])
        }
        head = String(text[..<cut.lowerBound]) + "\n"
        examples = String(text[cut.lowerBound...].dropFirst())
        var results: [[String: String]] = []
        var shared = ["name": name, "family": family, "exactness": "exact", "level": "portable"]
        var words: Set<String> = []
        var (section, last) = ("", "")
        for line in head.split(separator: "\n") {
            let indent = line.prefix { $0 == " " }.count
            let (key, value) = Self.pair(line)
            if indent == 0, !key.isEmpty {
                (section, last) = (key, key)
                shared[key] = value
                if key == "before" { note(line) }
                if key == "operator" { words.formUnion(Self.keys(value)) }
            } else if section == "results", indent == 2, value.isEmpty, !key.isEmpty {
                results.append(["name": key])
            } else if section == "results", indent == 4, !key.isEmpty, let index = results.indices.last {
                last = key
                results[index][key] = value
            } else if section == "results", let index = results.indices.last {
                results[index][last]?.append(" " + line.trimmingCharacters(in: .whitespaces))
            } else if section == "variants" || section == "operator" {
                words.insert(key)
            } else if section == "before" {
                note(line)
            } else {
                shared[section]?.append(" " + line.trimmingCharacters(in: .whitespaces))
            }
        }
        operators.subtract(words)
        rules = (results.isEmpty ? [[:]] : results).map { shared.merging($0) { _, own in own } }.map { rule in
            var rule = rule
            if rule["exactness"] == "approximate" { rule["class"] = rule["class"] ?? "fine-tuning" }
            return rule.mapValues(Self.folded)
        }
    }

    /// A text whose lines have been joined, without the sign that says so.
    private static func folded(_ text: String) -> String {
        text.hasPrefix(">") ? String(text.dropFirst()).trimmingCharacters(in: .whitespaces) : text
    }

    /// Key and value of a line; empty ones if it is none.
    private static func pair(_ line: Substring) -> (key: String, value: String) {
        let content = line.drop { $0 == " " }
        let key = content.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        guard content.dropFirst(key.count).first == ":" else { return ("", "") }
        return (String(key), content.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces))
    }

    /// The keys of a mapping such as `{F: increasing}`.
    private static func keys(_ value: String) -> [String] {
        value.split { "{}, ".contains($0) }.filter { $0.hasSuffix(":") }.map { String($0.dropLast()) }
    }

    /// Notes the operators that a line of a pattern names: what stands after an equals sign and before attributes or operands.
    private mutating func note(_ line: Substring) {
        for part in line.split(separator: "=").dropFirst() {
            let word = part.drop { $0 == " " }.prefix { $0.isLetter || $0.isNumber || "._".contains($0) }
            let next = part.drop { $0 == " " }.dropFirst(word.count).drop { $0 == " " }.first
            guard let first = word.first, first.isLetter, next == "(" || next == "<", word != "Constant" else {
                continue
            }
            patternSize += 1
            guard let dot = word.lastIndex(of: ".") else {
                operators.insert(String(word))
                continue
            }
            operators.insert("\(word[..<dot])::\(word[word.index(after: dot)...])")
        }
    }
}

/// A Swift file with the rules' texts and what is known of them beforehand.
func embeddedPasses(_ paths: [String]) throws -> String {
    var conditions = ""
    var source = """
        /// The files of `Passes/`, as they were when the program was built.
        enum EmbeddedPasses {
            /// A file of one pattern: its text before and from its examples on, and what can be known without reading it.
            struct File {
                let family: String
                let name: String
                let operators: String
                let patternSize: Int
                let rules: [Rule]
                let head: String
                let examples: String
            }

            /// What a rule says of itself; empty where it says nothing.
            struct Rule {
                let name: String
                let family: String
                let exactness: String
                let effect: String
                let level: String
                let error: String
                let ulps: String
                let summary: String
                let saves: String
                let source: String
                let accuracy: String
                let needs: String
            }

            static let files: [File] = [

        """
    for path in paths {
        let file = URL(fileURLWithPath: path)
        let text = try String(contentsOf: file, encoding: .utf8)
        let family = file.deletingLastPathComponent().lastPathComponent
        let name = file.deletingPathExtension().lastPathComponent
        guard family != "Passes" else {
            conditions += text
            continue
        }
        let digest = try RuleDigest(text, name: name, family: family)
        let rules = digest.rules.map { rule in
            let fields =
                ["name", "family", "exactness", "class", "level", "error", "ulps", "summary", "saves", "source"]
                + ["accuracy", "needs"]
            let arguments = fields.map { "\($0 == "class" ? "effect" : $0): \(shortLiteral(rule[$0] ?? ""))" }
            return "Rule(" + arguments.joined(separator: ", ") + ")"
        }
        source += """
            File(
                family: "\(family)", name: "\(name)", operators: "\(digest.operators.sorted().joined(separator: " "))",
                patternSize: \(digest.patternSize), rules: [\(rules.joined(separator: ", "))],
                head: \(literal(digest.head)),
                examples: \(literal(digest.examples))),

            """
    }
    return source + "]\nstatic let conditions = \(literal(conditions))\n}\n"
}

/// A Swift literal of a text.
func literal(_ text: String) -> String { "####\"\"\"\n\(text)\n\"\"\"####" }

/// A Swift literal of a text of one line.
func shortLiteral(_ text: String) -> String { "####\"\(text)\"####" }
