import DataFiles
import IR
import Pricing
import Yams

extension FrameworkFile {
    /// Keys of a file with a text as value.
    static let textKeys = ["title", "version", "threat_model", "private_by_default", "offline", "source"]

    /// All keys of a file.
    static let keys = textKeys + ["parties", "inherits", "configuration", "parameters", "let", "primitives"]

    /// The framework that a file's text describes.
    ///
    /// - Throws: ``HarrierError`` with file and line.
    init(_ text: String, name: String, file: String) throws {
        self.init(file: file, reference: file, name: name, origin: name)
        do {
            guard let root = try Yams.compose(yaml: text) else { throw HarrierError("an empty file", line: 1) }
            for (key, value) in try fields(root, "a framework file", known: Self.keys) { try read(key, value) }
        } catch let error as YamlError {
            throw HarrierError(error, file: file)
        } catch let error as HarrierError {
            throw error.inFile(file)
        }
    }

    private mutating func read(_ key: String, _ value: Yams.Node) throws {
        switch key {
        case "parties": parties = try readParties(value)
        case "inherits": base = (try string(value, key), place(value))
        case "configuration":
            for (name, setting) in try fields(value, key) { configuration[name] = try string(setting, name) }
        case "parameters":
            for (name, parameter) in try fields(value, key) { try readParameter(name, parameter) }
        case "let":
            definitions = try fields(value, key).map { ($0, try expression($1)) }
        case "primitives":
            primitivesLine = value.mark?.line
            for (name, primitive) in try fields(value, key) { primitives[name] = try readPrimitive(primitive, name) }
        default: texts[key] = try string(value, key).split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    // MARK: Parts

    private func readParties(_ node: Yams.Node) throws -> Parties {
        if let count = node.int, count > 0 { return Parties(usual: count, supported: count...count) }
        guard node.mapping != nil else {
            throw HarrierError("'parties' is a number, or {default: 3, from: 3, to: 16}", line: node.mark?.line)
        }
        var numbers: [String: Int] = [:]
        for (key, value) in try fields(node, "'parties'", known: ["default", "from", "to"]) {
            guard let number = value.int, number > 0 else {
                throw HarrierError("'\(key)' must be a number of parties", line: value.mark?.line)
            }
            numbers[key] = number
        }
        guard let usual = numbers["default"] ?? numbers["from"] else {
            throw HarrierError("'parties' says how many there are by default", line: node.mark?.line)
        }
        let (first, last) = (numbers["from"] ?? usual, numbers["to"] ?? usual)
        guard first <= usual, usual <= last else {
            throw HarrierError("\(usual) parties are not between \(first) and \(last)", line: node.mark?.line)
        }
        return Parties(usual: usual, supported: first...last)
    }

    private mutating func readParameter(_ name: String, _ node: Yams.Node) throws {
        guard PriceExpression.sizes[name] == nil, name != "N" else {
            throw HarrierError("'\(name)' already has a meaning in prices", line: node.mark?.line)
        }
        if node.scalar != nil {
            newDefaults.append((name, try number(node, name), place(node)))
            return
        }
        let parts = Dictionary(
            try fields(node, "a parameter", known: ["default", "from", "to", "summary"])
        ) { first, _ in first }
        guard let value = parts["default"] else {
            throw HarrierError("the parameter '\(name)' needs a default", line: node.mark?.line)
        }
        let usual = try number(value, name)
        let low = try parts["from"].map { try number($0, "from") } ?? 0
        let high = try parts["to"].map { try number($0, "to") } ?? 1e9
        guard low <= usual, usual <= high else {
            throw HarrierError("'\(name)' is not between \(low) and \(high) by default", line: value.mark?.line)
        }
        parameters.append(
            Parameter(
                name: name, defaultValue: usual, range: low...high,
                summary: try parts["summary"].map { try string($0, "summary") } ?? "", place: place(node)))
    }

    private func readPrimitive(_ node: Yams.Node, _ name: String) throws -> Primitive {
        var primitive = Primitive(place: place(node))
        if let word = node.string {
            guard word == "free" else {
                throw HarrierError("'\(name)' has a price, or is free, or unsupported", line: node.mark?.line)
            }
            primitive.price = Price()
            return primitive
        }
        let known = ["online", "offline", "hawkeye", "unsupported"]
        let parts = Dictionary(try fields(node, "'\(name)'", known: known)) { first, _ in first }
        primitive.price = try readPrice(parts, name)
        primitive.unsupported = try parts["unsupported"].map { try string($0, "unsupported") }
        if let other = parts["hawkeye"] {
            if other.string == "free" {
                primitive.hawkEye = Price()
            } else {
                let otherParts = try fields(other, "'hawkeye'", known: ["online", "offline"])
                primitive.hawkEye = try readPrice(Dictionary(otherParts) { first, _ in first }, "hawkeye")
            }
        }
        guard (primitive.price == nil) == (primitive.unsupported != nil) || parts["hawkeye"] != nil else {
            throw HarrierError("'\(name)' needs either 'online' or 'unsupported'", line: node.mark?.line)
        }
        return primitive
    }

    private func readPrice(_ parts: [String: Yams.Node], _ name: String) throws -> Price? {
        guard let online = parts["online"] else {
            guard let offline = parts["offline"] else { return nil }
            throw HarrierError(
                "'\(name)' has an offline price only; say online: {bytes: 0, rounds: 0}",
                line: offline.mark?.line)
        }
        return Price(online: try readPhase(online), offline: try parts["offline"].map(readPhase) ?? Phase())
    }

    private func readPhase(_ node: Yams.Node) throws -> Phase {
        var phase = Phase()
        for (key, value) in try fields(node, "a price", known: ["bits", "bytes", "rounds"]) {
            if key == "rounds" {
                phase.rounds = try expression(value)
                continue
            }
            guard phase.size == nil else {
                throw HarrierError("a price is in bits or in bytes, not both", line: value.mark?.line)
            }
            phase.size = try expression(value)
            phase.bitsPerUnit = key == "bits" ? 1 : 8
        }
        guard phase.size != nil, phase.rounds != nil else {
            throw HarrierError("a price has bits (or bytes) and rounds", line: node.mark?.line)
        }
        return phase
    }

    // MARK: Values

    /// The entries of a mapping in the order of the file.
    private func fields(_ node: Yams.Node, _ what: String, known: [String]? = nil) throws -> [(String, Yams.Node)] {
        guard let mapping = node.mapping else {
            throw HarrierError("\(what) is a list of 'key: value' lines", line: node.mark?.line)
        }
        return try mapping.map { key, value in
            guard let name = key.string, known?.contains(name) ?? true else {
                throw HarrierError(
                    "there is no key '\(key.string ?? "?")' in \(what)", line: key.mark?.line,
                    hint: known.map { "the keys are " + $0.joined(separator: ", ") + commaHint(what) })
            }
            return (name, value)
        }
    }

    /// Between braces YAML takes the comma between two arguments for one between two keys.
    private func commaHint(_ what: String) -> String {
        what == "a price" ? "; between braces an expression with a comma stands in quotes" : ""
    }

    private func string(_ node: Yams.Node, _ key: String) throws -> String {
        guard let text = node.string, !text.isEmpty else {
            throw HarrierError("'\(key)' must be a text", line: node.mark?.line)
        }
        return text
    }

    private func number(_ node: Yams.Node, _ key: String) throws -> Double {
        guard let number = node.float, number.isFinite else {
            throw HarrierError("'\(key)' must be a number", line: node.mark?.line)
        }
        return number
    }

    private func expression(_ node: Yams.Node) throws -> Located {
        guard let text = node.string else {
            throw HarrierError("a price must be an arithmetic expression", line: node.mark?.line)
        }
        do {
            return Located(text: text, expression: try ExpressionParser.parse(text), place: place(node))
        } catch let error as HarrierError {
            throw HarrierError(error.message, line: node.mark?.line, hint: error.hint)
        }
    }

    private func place(_ node: Yams.Node) -> Place { Place(file: file, line: node.mark?.line) }
}
