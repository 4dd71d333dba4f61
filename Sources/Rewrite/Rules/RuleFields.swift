import IR
import Yams

/// The keys and values of a rule, or of one of several results of a pattern, as a file has them.
struct RuleFields {
    private let fields: [String: Yams.Node]

    /// - Parameter allowed: the keys that there can be.
    /// - Throws: ``HarrierError`` with the line of another key.
    init(_ mapping: Yams.Node.Mapping, allowed: Set<String>) throws {
        var fields: [String: Yams.Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string, allowed.contains(name) else {
                throw HarrierError(
                    "there is no key '\(key.string ?? "?")' in a rule", line: key.mark?.line,
                    hint: "the keys are " + allowed.sorted().joined(separator: ", "))
            }
            fields[name] = value
        }
        self.fields = fields
    }

    private init(_ fields: [String: Yams.Node]) { self.fields = fields }

    subscript(key: String) -> Yams.Node? { fields[key] }

    /// These fields, and those of others that are not among them.
    func over(_ others: RuleFields) -> RuleFields { RuleFields(others.fields.merging(fields) { _, own in own }) }

    /// - Throws: ``HarrierError`` if one of the keys is missing.
    func require(_ keys: [String]) throws {
        for key in keys where fields[key] == nil { throw HarrierError("the rule lacks '\(key)'") }
    }

    /// A text without its line breaks.
    func text(_ key: String) throws -> String {
        guard let node = fields[key], let text = node.string, !text.isEmpty else {
            throw HarrierError("'\(key)' must be a text", line: fields[key]?.mark?.line)
        }
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    func optionalText(_ key: String) throws -> String? { fields[key] == nil ? nil : try text(key) }

    /// One of a few words; the usual one where the file says nothing.
    func choice<Choice>(
        _ key: String, usual: Choice, _ make: (String) -> Choice?, _ choices: String
    ) throws -> Choice {
        guard fields[key] != nil else { return usual }
        guard let choice = make(try text(key)) else {
            throw HarrierError("'\(key)' must be \(choices)", line: fields[key]?.mark?.line)
        }
        return choice
    }

    func number(_ key: String) throws -> Double? {
        guard let node = fields[key] else { return nil }
        guard let number = node.float, number >= 0, number.isFinite else {
            throw HarrierError("'\(key)' is a number", line: node.mark?.line)
        }
        return number
    }
}
