import IR
import Synchronization

/// The patterns of rules by the operators of their roots. A rule's file is read when a graph has all operators that its pattern
/// names, which most graphs never have of most rules.
final class PatternIndex: Sendable {
    /// Which pattern of which rule.
    struct ID: Hashable, Comparable, Sendable {
        let rule: Int
        let form: Int

        static func < (left: Self, right: Self) -> Bool { (left.rule, left.form) < (right.rule, right.form) }
    }

    /// A pattern and what belongs to it.
    struct Entry: Sendable {
        let id: ID
        let rule: Rule
        let form: Rule.Form
        /// Whether all that the rule asks for is seen at the matched nodes.
        let isLocal: Bool
    }

    /// The patterns that graphs of certain operators can have.
    struct Known: Sendable {
        fileprivate var operators: Set<OperatorName> = []
        /// The patterns of each rule; nil for rules that have not been read.
        fileprivate var byRule: [[Entry]?]
        fileprivate var byRoot: [OperatorName: [Entry]] = [:]
        /// Those whose root is chosen by a fact.
        fileprivate var quantified: [Entry] = []

        /// The patterns whose root a node can be, in the order of the rules.
        func entries(at node: Node) -> [Entry] {
            let named = byRoot[node.op] ?? []
            let chosen = quantified.filter { $0.form.pattern.accepts($0.form.pattern.root, node) }
            return chosen.isEmpty ? named : (named + chosen).sorted { $0.id < $1.id }
        }
    }

    private let rules: [Rule]
    /// Nodes in the largest pattern.
    let largestPattern: Int
    private let known: Mutex<Known>

    init(_ rules: [Rule]) {
        self.rules = rules
        largestPattern = rules.map(\.patternSize).max() ?? 0
        known = Mutex(Known(byRule: Array(repeating: nil, count: rules.count)))
    }

    /// The patterns that can be in a graph, and perhaps others.
    ///
    /// - Throws: ``HarrierError`` with file and line if a rule's file has errors.
    func patterns(for graph: Graph) throws -> Known {
        try known.withLock { known in
            let found = Set(graph.nodes.map(\.op))
            guard !found.isSubset(of: known.operators) else { return known }
            known.operators.formUnion(found)
            let names = Set(known.operators.map(\.description))
            for index in rules.indices where rules[index].operators.isSubset(of: names) {
                try read(index, &known)
            }
            for root in known.byRoot.keys { known.byRoot[root]?.sort { $0.id < $1.id } }
            known.quantified.sort { $0.id < $1.id }
            return known
        }
    }

    private func read(_ index: Int, _ known: inout Known) throws {
        guard known.byRule[index] == nil else { return }
        let rule = rules[index]
        let isLocal = try !rule.asksForSurroundings
        let entries = try rule.forms.enumerated().map {
            Entry(id: ID(rule: index, form: $0.offset), rule: rule, form: $0.element, isLocal: isLocal)
        }
        known.byRule[index] = entries
        for entry in entries {
            if let root = entry.form.pattern.rootOperator {
                known.byRoot[root, default: []].append(entry)
            } else {
                known.quantified.append(entry)
            }
        }
    }

    /// How many rules have been read.
    var readCount: Int { known.withLock { known in known.byRule.count { $0 != nil } } }

    /// One pattern; nil if there is none.
    ///
    /// - Throws: ``HarrierError`` with file and line if the rule's file has errors.
    func entry(_ id: ID) throws -> Entry? {
        try known.withLock { known in
            guard rules.indices.contains(id.rule) else { return nil }
            try read(id.rule, &known)
            guard let entries = known.byRule[id.rule], entries.indices.contains(id.form) else { return nil }
            return entries[id.form]
        }
    }
}
