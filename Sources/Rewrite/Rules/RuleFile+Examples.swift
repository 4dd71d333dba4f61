import Evaluate
import IR
import Yams

extension RuleFile {
    private static let keysOfExample: Set<String> = [
        "for", "graph", "like", "name", "outputs", "positive", "ranges", "replace", "sizes",
    ]

    /// An entry of `examples` or `counterexamples`: a graph, or what is different in another one.
    private struct Entry {
        let text: String
        /// Values that are outputs beside those of the text.
        let outputs: [String]
        let line: Int
        let mapping: [Yams.Node.Mapping]
        let rules: Set<String>?

        /// The first of the entry and what it is like that says something under a key.
        func node(_ key: String) -> Yams.Node? { mapping.lazy.compactMap { $0[key] }.first }
    }

    /// The graphs that a rule of the file is tried on.
    ///
    /// - Parameter whole: the file with the rule's pattern, if this is only its end.
    /// - Throws: ``HarrierError`` with file and line.
    func examples(of rule: String, with whole: RuleFile) throws -> Rule.Examples {
        try Self.located(in: file) {
            let variants = try RuleVariants(whole.fields["variants"]).sets
            let facts = try whole.quantified()
            var named: [String: Entry] = [:]
            let firing = try entries("examples", &named)
            let leftAlone = try entries("counterexamples", &named)
            func graphs(_ entries: [Entry], _ key: String) throws -> [Rule.Example] {
                let own = entries.filter { $0.rules?.contains(rule) ?? true }
                guard !own.isEmpty else {
                    throw HarrierError(
                        "'\(key)' has no graph for '\(rule)'", line: fields[key]?.mark?.line)
                }
                return try variants.enumerated().flatMap { index, variant in
                    // A graph without the word is the same for all variants.
                    try own.filter { index == 0 || RuleVariants.put(variant, into: $0.text) != $0.text }.flatMap {
                        try OperatorSamples.examples(of: example($0, variant), facts)
                    }
                }
            }
            return Rule.Examples(
                firing: try graphs(firing, "examples"), leftAlone: try graphs(leftAlone, "counterexamples"))
        }
    }

    private func entries(_ key: String, _ named: inout [String: Entry]) throws -> [Entry] {
        guard let node = fields[key], let items = node.sequence, !items.isEmpty else {
            throw HarrierError("'\(key)' is a list with at least one graph", line: fields[key]?.mark?.line)
        }
        return try items.map { item in
            guard let mapping = item.mapping, mapping["graph"] != nil || mapping["name"] != nil else {
                throw HarrierError(
                    "each of '\(key)' has a 'graph', or a 'name' and what it is 'like'", line: item.mark?.line)
            }
            for (name, _) in mapping where !Self.keysOfExample.contains(name.string ?? "") {
                throw HarrierError(
                    "there is no key '\(name.string ?? "?")' in an example", line: name.mark?.line,
                    hint: "the keys are " + Self.keysOfExample.sorted().joined(separator: ", "))
            }
            let rules = mapping["for"].map { $0.string.map { [$0] } ?? $0.array().compactMap(\.string) }
            let entry: Entry
            if let graph = mapping["graph"] {
                let (text, line) = try graph.graphText()
                entry = Entry(text: text, outputs: [], line: line, mapping: [mapping], rules: rules.map(Set.init))
            } else {
                entry = try self.entry(like: mapping, rules.map(Set.init), line: item.mark?.line ?? 1, named)
            }
            if named.isEmpty { named[""] = entry }
            named[Self.name(of: entry.text)] = entry
            return entry
        }
    }

    /// The graph's name: the text up to its operands.
    private static func name(of text: String) -> String {
        String(text.prefix { $0 != "(" }).filter { !$0.isWhitespace }
    }

    /// An entry that says what is different in another one, or in the first one of the file.
    private func entry(
        like mapping: Yams.Node.Mapping, _ rules: Set<String>?, line: Int, _ named: [String: Entry]
    ) throws -> Entry {
        let other = mapping["like"]?.string ?? ""
        guard let base = named[other] else {
            throw HarrierError("there is no graph '\(other)' before this one", line: line)
        }
        var text = base.text
        if let name = mapping["name"]?.string, let head = text.firstIndex(of: "(") {
            text = name + " " + text[head...]
        }
        for (old, new) in mapping["replace"]?.mapping.map(Array.init) ?? [] {
            guard let old = old.string, let new = new.scalar?.string, text.contains(old) else {
                throw HarrierError("'\(old.string ?? "?")' is nowhere in '\(Self.name(of: base.text))'", line: line)
            }
            text = text.replacing(old, with: new)
        }
        return Entry(
            text: text, outputs: base.outputs + (mapping["outputs"]?.array().compactMap(\.string) ?? []), line: line,
            mapping: [mapping] + base.mapping, rules: rules)
    }

    private func example(_ entry: Entry, _ variant: [String: String]) throws -> Rule.Example {
        let header = "<ir_version: 10, opset_import: [\"\" : \(Graph.opsetVersion)]>\n"
        var graph: Graph
        do {
            graph = try ONNXText.parseModel(header + RuleVariants.put(variant, into: entry.text), file: file)
        } catch let error as HarrierError {
            let line = entry.mapping.count == 1 ? error.line.map { $0 - 1 + entry.line - 1 } : nil
            throw HarrierError(error.message, line: line ?? entry.line, place: error.place, hint: error.hint)
        }
        for name in entry.outputs {
            guard let id = graph.values.firstIndex(where: { $0.name == name }) else {
                throw HarrierError("the graph has no value '\(name)'", line: entry.line)
            }
            graph.outputs.append(ValueID(id))
        }
        // Where only a difference is told, one set of lengths shows it.
        let written = try (entry.node("sizes")?.array() ?? []).map { try self.sizes($0) }
        let sizes = entry.mapping.count == 1 || entry.mapping[0]["sizes"] != nil ? written : Array(written.prefix(1))
        return Rule.Example(
            graph: graph, sizes: sizes.isEmpty ? [[:]] : sizes,
            positive: Set((entry.node("positive")?.array() ?? []).compactMap(\.string)),
            ranges: try entry.node("ranges").map { try ranges($0, graph) } ?? RangeAssumptions(), line: entry.line)
    }

    private func ranges(_ node: Yams.Node, _ graph: Graph) throws -> RangeAssumptions {
        guard let mapping = node.mapping else {
            throw HarrierError("'ranges' is a set such as {x: [-1, 1]}", line: node.mark?.line)
        }
        var result = RangeAssumptions()
        for (key, value) in mapping {
            let bounds = value.array().compactMap(\.float)
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
