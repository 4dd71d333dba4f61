import DataFiles
import Evaluate
import IR
import Yams

/// Reads a rule file: YAML whose graphs are ONNX text. `docs/RULES.md` describes the format.
struct RuleFile {
    private static let requiredKeys: Set<String> = [
        "summary", "exactness", "level", "saves", "source", "before", "after", "examples", "counterexamples",
    ]
    private static let optionalKeys: Set<String> = [
        "accuracy", "class", "error", "let", "needs", "optional", "ulps", "variants", "where",
    ]

    private let file: String
    private let fields: [String: Yams.Node]
    private let contentHash: UInt64

    /// The rule in a file's text.
    ///
    /// - Throws: ``HarrierError`` with file and line.
    static func parse(_ text: String, name: String, family: String, file: String) throws -> Rule {
        do {
            return try RuleFile(text, file: file).rule(name: name, family: family)
        } catch let error as HarrierError {
            throw error.inFile(file)
        } catch let error as YamlError {
            throw HarrierError(error, file: file)
        }
    }

    private init(_ text: String, file: String) throws {
        self.file = file
        var hasher = StableHasher("rule")
        hasher.combine(text)
        contentHash = hasher.value
        guard let root = try Yams.compose(yaml: text), let mapping = root.mapping else {
            throw HarrierError("a rule file is a list of 'key: value' lines", line: 1)
        }
        var fields: [String: Yams.Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string, Self.requiredKeys.union(Self.optionalKeys).contains(name) else {
                throw HarrierError(
                    "there is no key '\(key.string ?? "?")' in a rule", line: key.mark?.line,
                    hint: "the keys are " + Self.requiredKeys.union(Self.optionalKeys).sorted().joined(separator: ", "))
            }
            fields[name] = value
        }
        for key in Self.requiredKeys.sorted() where fields[key] == nil {
            throw HarrierError("the rule lacks '\(key)'")
        }
        self.fields = fields
    }

    private func rule(name: String, family: String) throws -> Rule {
        let variants = try variants()
        var forms: [Rule.Form] = []
        var examples: [Rule.Example] = []
        var counterexamples: [Rule.Example] = []
        for variant in variants {
            forms.append(try form(variant))
            examples += try self.examples("examples", variant)
            counterexamples += try self.examples("counterexamples", variant)
        }
        let exactness = try choice("exactness", Rule.Exactness.init(rawValue:), "exact, rounding or approximate")
        if exactness == .approximate, fields["accuracy"] == nil {
            throw HarrierError("an approximate rule says under 'accuracy' what is known of its effect")
        }
        let level = try choice("level", Rule.Level.init(rawValue:), "portable or protocol")
        return Rule(
            name: name, family: family, summary: try text("summary"), exactness: exactness,
            error: try error(of: exactness), level: level, saves: try text("saves"), source: try text("source"),
            accuracy: fields["accuracy"] == nil ? nil : try text("accuracy"), effect: try effect(of: exactness),
            needs: try needs(level),
            ulps: try ulps(level), forms: forms, examples: examples, counterexamples: counterexamples, file: file,
            contentHash: contentHash)
    }

    /// What a runtime has to do, which every protocol-level rule says and no portable one.
    private func needs(_ level: Rule.Level) throws -> String? {
        guard (fields["needs"] != nil) == (level == .protocol) else {
            throw HarrierError(
                "a protocol-level rule says under 'needs' what the runtime has to do, and no other rule has that key",
                line: fields["needs"]?.mark?.line)
        }
        return level == .protocol ? try text("needs") : nil
    }

    private func ulps(_ level: Rule.Level) throws -> Double? {
        guard let node = fields["ulps"] else { return nil }
        guard level == .protocol, let number = node.float, number >= 0 else {
            throw HarrierError(
                "'ulps' is a number of units in the last place, of a protocol-level rule", line: node.mark?.line)
        }
        return number
    }

    // MARK: Fields

    private func text(_ key: String) throws -> String {
        guard let node = fields[key], let text = node.string, !text.isEmpty else {
            throw HarrierError("'\(key)' must be a text", line: fields[key]?.mark?.line)
        }
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private func choice<Choice>(_ key: String, _ make: (String) -> Choice?, _ choices: String) throws -> Choice {
        guard let choice = make(try text(key)) else {
            throw HarrierError("'\(key)' must be \(choices)", line: fields[key]?.mark?.line)
        }
        return choice
    }

    /// How far the two sides may be apart, which a rounding rule must say and no other can.
    private func error(of exactness: Rule.Exactness) throws -> Double? {
        guard let node = fields["error"] else {
            guard exactness != .rounding else {
                throw HarrierError("a rounding rule says under 'error' how far its sides are apart at most")
            }
            return nil
        }
        guard exactness == .rounding, let error = node.float, error > 0, error.isFinite else {
            throw HarrierError(
                "'error' is a positive number, and for rounding rules only", line: node.mark?.line)
        }
        return error
    }

    /// What it takes to win the accuracy back, which only an approximate rule can say; further training if it does not.
    private func effect(of exactness: Rule.Exactness) throws -> Rule.Effect? {
        guard let node = fields["class"] else { return exactness == .approximate ? .fineTuning : nil }
        guard exactness == .approximate else {
            throw HarrierError("'class' is for approximate rules only", line: node.mark?.line)
        }
        return try choice("class", Rule.Effect.init(rawValue:), "bounded, fine-tuning or distillation")
    }

    /// Sets of replacements for words in the rule's graphs: one set, empty, without 'variants'.
    private func variants() throws -> [[String: String]] {
        guard let node = fields["variants"] else { return [[:]] }
        guard let mapping = node.mapping, mapping.count == 1,
            let (word, list) = mapping.first.map({ ($0.key, $0.value) }),
            let name = word.string, let items = list.sequence, !items.isEmpty
        else {
            throw HarrierError("'variants' gives one word and the list of what it stands for", line: node.mark?.line)
        }
        return try items.map { item in
            guard let value = item.string else {
                throw HarrierError("a variant must be a word", line: item.mark?.line)
            }
            return [name: value]
        }
    }

    private func graphText(_ node: Yams.Node, _ variant: [String: String]) throws -> (text: String, firstLine: Int) {
        guard let scalar = node.scalar, let line = node.mark?.line else {
            throw HarrierError("a graph must be a block of ONNX text (key: |)", line: node.mark?.line)
        }
        // A block's text begins on the line after its '|'.
        let firstLine = scalar.style == .literal ? line + 1 : line
        return (variant.reduce(scalar.string) { replaceWord($1.key, with: $1.value, in: $0) }, firstLine)
    }

    private func replaceWord(_ word: String, with replacement: String, in text: String) -> String {
        var result = ""
        var current = ""
        func isWordCharacter(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || character == "_"
        }
        func flush() {
            result += current == word ? replacement : current
            current = ""
        }
        for character in text {
            if isWordCharacter(character) {
                current.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }

    // MARK: Forms

    private func form(_ variant: [String: String]) throws -> Rule.Form {
        guard let beforeNode = fields["before"], let afterNode = fields["after"] else {
            throw HarrierError("a rule has 'before' and 'after'")
        }
        let before = try function(beforeNode, variant)
        let after = try function(afterNode, variant)
        let pattern: Pattern
        do {
            pattern = try Pattern(before, optionalInputs: try optionalInputs())
        } catch let error as HarrierError {
            throw HarrierError(error.message, line: beforeNode.mark?.line, place: error.place ?? "'before'")
        }
        let form = Rule.Form(
            variant: variant, pattern: pattern, replacement: after, definitions: try definitions(variant),
            conditions: try conditions(variant))
        do {
            try RuleFileChecks.check(form)
        } catch let error as HarrierError {
            throw HarrierError(
                error.message, line: error.line ?? afterNode.mark?.line, place: error.place, hint: error.hint)
        }
        return form
    }

    private func function(_ node: Yams.Node, _ variant: [String: String]) throws -> Function {
        let (text, firstLine) = try graphText(node, variant)
        return try ONNXText.parseFunction(text, file: file, firstLine: firstLine)
    }

    private func optionalInputs() throws -> [String: Double] {
        guard let node = fields["optional"] else { return [:] }
        guard let mapping = node.mapping else {
            throw HarrierError(
                "'optional' gives for inputs that may be left out the number that stands for them",
                line: node.mark?.line)
        }
        var result: [String: Double] = [:]
        for (key, value) in mapping {
            guard let name = key.string, let number = value.float else {
                throw HarrierError("'optional' needs 'input: number'", line: key.mark?.line)
            }
            result[name] = number
        }
        return result
    }

    private func definitions(_ variant: [String: String]) throws -> [(name: String, expression: Expression)] {
        guard let node = fields["let"] else { return [] }
        guard let mapping = node.mapping else {
            throw HarrierError("'let' gives names to expressions", line: node.mark?.line)
        }
        return try mapping.map { key, value in
            guard let name = key.string, let text = value.string else {
                throw HarrierError("'let' needs 'name: expression'", line: key.mark?.line)
            }
            return (name, try expression(text, variant, line: value.mark?.line))
        }
    }

    private func conditions(
        _ variant: [String: String]
    ) throws -> [(text: String, expression: Expression, line: Int?)] {
        guard let node = fields["where"] else { return [] }
        guard let items = node.sequence else {
            throw HarrierError("'where' is a list of conditions", line: node.mark?.line)
        }
        return try items.map { item in
            guard let text = item.string else {
                throw HarrierError("a condition must be an expression", line: item.mark?.line)
            }
            return (text, try expression(text, variant, line: item.mark?.line), item.mark?.line)
        }
    }

    private func expression(_ text: String, _ variant: [String: String], line: Int?) throws -> Expression {
        do {
            return try ExpressionParser.parse(variant.reduce(text) { replaceWord($1.key, with: $1.value, in: $0) })
        } catch let error as HarrierError {
            throw HarrierError(error.message, line: line, hint: error.hint)
        }
    }

    // MARK: Examples

    private func examples(_ key: String, _ variant: [String: String]) throws -> [Rule.Example] {
        guard let node = fields[key], let items = node.sequence, !items.isEmpty else {
            throw HarrierError("'\(key)' is a list with at least one graph", line: fields[key]?.mark?.line)
        }
        return try items.map { try example($0, key, variant) }
    }

    private func example(_ node: Yams.Node, _ key: String, _ variant: [String: String]) throws -> Rule.Example {
        guard let mapping = node.mapping, let graphNode = mapping["graph"] else {
            throw HarrierError("each of '\(key)' has a 'graph'", line: node.mark?.line)
        }
        for (name, _) in mapping where !["graph", "sizes", "positive", "ranges"].contains(name.string) {
            throw HarrierError("an example has 'graph', 'sizes', 'positive' and 'ranges' only", line: name.mark?.line)
        }
        let (text, firstLine) = try graphText(graphNode, variant)
        let header = "<ir_version: 10, opset_import: [\"\" : \(Graph.opsetVersion)]>\n"
        let graph: Graph
        do {
            graph = try ONNXText.parseModel(header + text, file: file)
        } catch let error as HarrierError {
            throw HarrierError(
                error.message, line: error.line.map { $0 - 1 + firstLine - 1 } ?? firstLine, place: error.place,
                hint: error.hint)
        }
        let sizes = try (mapping["sizes"]?.sequence.map(Array.init) ?? []).map { try self.sizes($0) }
        let positive = (mapping["positive"]?.sequence.map(Array.init) ?? []).compactMap(\.string)
        return Rule.Example(
            graph: graph, sizes: sizes.isEmpty ? [[:]] : sizes, positive: Set(positive),
            ranges: try mapping["ranges"].map { try ranges($0, graph) } ?? RangeAssumptions(), line: firstLine)
    }

    private func ranges(_ node: Yams.Node, _ graph: Graph) throws -> RangeAssumptions {
        guard let mapping = node.mapping else {
            throw HarrierError("'ranges' is a set such as {x: [-1, 1]}", line: node.mark?.line)
        }
        var result = RangeAssumptions()
        for (key, value) in mapping {
            let bounds = (value.sequence.map(Array.init) ?? []).compactMap(\.float)
            guard let name = key.string, bounds.count == 2, bounds[0] <= bounds[1] else {
                throw HarrierError("a range needs 'name: [low, high]'", line: key.mark?.line)
            }
            result.named[name] = Interval(bounds[0], bounds[1])
        }
        do { try result.check(against: graph) } catch let error as HarrierError {
            throw HarrierError(error.message, line: node.mark?.line, place: error.place, hint: error.hint)
        }
        return result
    }

    private func sizes(_ node: Yams.Node) throws -> [String: Int] {
        guard let mapping = node.mapping else {
            throw HarrierError("'sizes' is a list of sets such as {N: 2, C: 3}", line: node.mark?.line)
        }
        var result: [String: Int] = [:]
        for (key, value) in mapping {
            guard let name = key.string, let length = value.int else {
                throw HarrierError("a size needs 'name: length'", line: key.mark?.line)
            }
            result[name] = length
        }
        return result
    }
}
