import DataFiles
import Evaluate
import IR
import Yams

/// Reads a rule file: YAML whose graphs are ONNX text. `docs/RULES.md` describes the format.
struct RuleFile {
    /// What each of several results of a pattern says for itself, or the file for all of them.
    private static let keysOfResult: Set<String> = [
        "accuracy", "after", "class", "error", "exactness", "level", "let", "needs", "saves", "source", "summary",
        "ulps",
        "where",
    ]
    private static let keysOfFile: Set<String> = keysOfResult.union([
        "before", "counterexamples", "examples", "operator", "optional", "results", "variants",
    ])
    private static let required = ["after", "before", "saves", "source", "summary"]

    let file: String
    let fields: RuleFields
    private let conditions: NamedConditions

    /// - Parameter conditions: the named conditions that the rule can use.
    /// - Throws: ``HarrierError`` with file and line.
    init(_ text: String, file: String, conditions: NamedConditions) throws {
        self.file = file
        self.conditions = conditions
        fields = try Self.located(in: file) {
            guard let root = try Yams.compose(yaml: text), let mapping = root.mapping else {
                throw HarrierError("a rule file is a list of 'key: value' lines", line: 1)
            }
            return try RuleFields(mapping, allowed: Self.keysOfFile)
        }
    }

    static func located<Result>(in file: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as HarrierError {
            throw error.inFile(file)
        } catch let error as YamlError {
            throw HarrierError(error, file: file)
        }
    }

    /// The rules of the file: one of the file's name, or one for each of its results.
    ///
    /// - Throws: ``HarrierError`` with file and line.
    func rules(name: String, family: String) throws -> [(RuleSignature, [Rule.Form])] {
        try Self.located(in: file) {
            guard let results = fields["results"] else { return [try rule(name, family, fields, own: fields)] }
            guard let mapping = results.mapping, !mapping.isEmpty else {
                throw HarrierError("'results' gives for each rule's name what is its own", line: results.mark?.line)
            }
            return try mapping.map { key, value in
                guard let name = key.string, let mapping = value.mapping else {
                    throw HarrierError("a result needs 'name:' and keys below it", line: key.mark?.line)
                }
                let own = try RuleFields(mapping, allowed: Self.keysOfResult.union(["family"]))
                let family = try own.optionalText("family") ?? family
                return try rule(name, family, own.over(fields), own: own)
            }
        }
    }

    private func rule(
        _ name: String, _ family: String, _ all: RuleFields, own: RuleFields
    ) throws -> (RuleSignature, [Rule.Form]) {
        try all.require(Self.required)
        let signature = try RuleSignature(name: name, family: family, all)
        return (signature, try RuleVariants(fields["variants"]).sets.map { try form($0, all, own: own) })
    }

    // MARK: Forms

    private func form(_ variant: [String: String], _ all: RuleFields, own: RuleFields) throws -> Rule.Form {
        let before = try function("before", all, variant)
        let after = try function("after", all, variant)
        let pattern: Pattern
        do {
            pattern = try Pattern(before, optionalInputs: try optionalInputs(), quantified: try quantified())
        } catch let error as HarrierError {
            throw HarrierError(
                error.message, line: error.line ?? all["before"]?.mark?.line, place: error.place ?? "'before'",
                hint: error.hint)
        }
        // What the pattern's own keys say comes first: a result's definitions can use the file's.
        let parts = fields["results"] == nil ? [fields] : [fields, own]
        let form = Rule.Form(
            variant: variant, pattern: pattern, replacement: after,
            definitions: try parts.flatMap { try definitions($0, variant) },
            conditions: try parts.flatMap { try conditions($0, variant) })
        do {
            try RuleFileChecks.check(form)
        } catch let error as HarrierError {
            throw HarrierError(
                error.message, line: error.line ?? all["after"]?.mark?.line, place: error.place, hint: error.hint)
        }
        return form
    }

    private func function(_ key: String, _ fields: RuleFields, _ variant: [String: String]) throws -> Function {
        guard let node = fields[key] else { throw HarrierError("the rule lacks '\(key)'") }
        let (text, firstLine) = try node.graphText()
        return try ONNXText.parseFunction(
            RuleVariants.put(variant, into: text), file: file, firstLine: firstLine)
    }

    /// The words that stand for any operator of which a fact holds.
    func quantified() throws -> [OperatorName: OperatorFact] {
        guard let node = fields["operator"] else { return [:] }
        guard let mapping = node.mapping else {
            throw HarrierError(
                "'operator' gives words and the fact that holds of what they stand for", line: node.mark?.line)
        }
        var result: [OperatorName: OperatorFact] = [:]
        for (key, value) in mapping {
            guard let word = key.string, let fact = value.string.flatMap(OperatorFact.init(named:)) else {
                throw HarrierError(
                    "there is no fact '\(value.string ?? "?")'", line: value.mark?.line,
                    hint: "the facts are " + OperatorDefinition.Traits.named.keys.sorted().joined(separator: ", "))
            }
            result[OperatorName(word)] = fact
        }
        return result
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

    private func definitions(
        _ fields: RuleFields, _ variant: [String: String]
    ) throws -> [(name: String, expression: Expression)] {
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
        _ fields: RuleFields, _ variant: [String: String]
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
            return try conditions.expanding(ExpressionParser.parse(RuleVariants.put(variant, into: text)))
        } catch let error as HarrierError {
            throw HarrierError(error.message, line: line, hint: error.hint)
        }
    }
}
