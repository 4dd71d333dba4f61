import Evaluate
import Graph
import Profiler

@testable import Rewrite

/// Equality saturation over the rules, for comparison with the search: classes of equal values, each with all the nodes that
/// compute it.
struct EGraph {
    private struct Key: Hashable {
        let op: OperatorName
        let attributes: [String: Attribute]
        let inputs: [Int]
    }

    private(set) var graph: Graph
    private(set) var visibility: [Visibility]
    private var parents: [Int]
    private var nodesByKey: [Key: Int] = [:]
    private(set) var producers: [Int: [Int]] = [:]
    private var consumers: [Int: [Int]] = [:]
    private let rules: [Rule]
    private(set) var iterations = 0
    private(set) var isSaturated = false

    init(_ start: PricedGraph, rules: [Rule]) {
        graph = start.graph
        visibility = start.visibility
        parents = Array(graph.values.indices)
        self.rules = rules
        rebuild()
    }

    func find(_ id: Int) -> Int {
        var id = id
        while parents[id] != id { id = parents[id] }
        return id
    }

    private mutating func union(_ one: Int, _ two: Int) -> Bool {
        let (a, b) = (find(one), find(two))
        guard a != b else { return false }
        // Constants and early values represent their class.
        let first = graph.values[b].constant != nil && graph.values[a].constant == nil ? b : min(a, b)
        let second = first == a ? b : a
        parents[second] = first
        return true
    }

    private func key(_ node: Node) -> Key {
        var inputs = node.inputs.map { $0.map { find($0.index) } ?? -1 }
        if OperatorTable[node.op]?.traits.contains(.commutative) == true { inputs.sort() }
        return Key(op: node.op, attributes: node.attributes, inputs: inputs)
    }

    /// Closes the classes under congruence and indexes them.
    private mutating func rebuild() {
        var isChanged = true
        while isChanged {
            isChanged = false
            nodesByKey = [:]
            for (index, node) in graph.nodes.enumerated() {
                let key = key(node)
                if let equal = nodesByKey[key] {
                    for case (let one?, let two?) in zip(graph.nodes[equal].outputs, node.outputs)
                    where union(one.index, two.index) { isChanged = true }
                } else {
                    nodesByKey[key] = index
                }
            }
        }
        producers = [:]
        consumers = [:]
        for index in nodesByKey.values.sorted() {
            for case let output? in graph.nodes[index].outputs {
                producers[find(output.index), default: []].append(index)
            }
            for case let input? in graph.nodes[index].inputs { consumers[find(input.index), default: []].append(index) }
        }
    }

    /// Adds everything that the rules allow, until there is nothing new or too much.
    mutating func saturate(nodes limit: Int, iterations most: Int) throws {
        while iterations < most, graph.nodes.count < limit {
            iterations += 1
            let facts = GraphFacts(graph, visibility: visibility)
            var found: [Candidate] = []
            for index in nodesByKey.values.sorted() {
                for rule in rules {
                    for form in rule.forms where form.pattern.rootOperator == graph.nodes[index].op {
                        for bindings in matches(form.pattern, root: index) {
                            if let candidate = try? Instantiation.candidate(
                                rule, form, bindings, facts: facts, anchor: index, evaluator: Interpreter())
                            {
                                found.append(candidate)
                            }
                        }
                    }
                }
            }
            let before = (graph.nodes.count, parents.indices.filter { parents[$0] != $0 }.count)
            for candidate in found where graph.nodes.count < limit { add(candidate) }
            rebuild()
            let after = (graph.nodes.count, parents.indices.filter { parents[$0] != $0 }.count)
            if before == after {
                isSaturated = true
                return
            }
        }
    }

    private mutating func add(_ candidate: Candidate) {
        let fragment = candidate.fragment
        var hosts = candidate.hostValues.map { $0.map { find($0.index) } }
        var known = candidate.hostValues.map { $0.map { visibility[$0.index] } ?? .public }
        func place(_ index: Int) -> Int {
            let id = graph.add(fragment.values[index])
            graph[id].name += "_\(id.index)"
            visibility.append(known[index])
            parents.append(id.index)
            return id.index
        }
        for index in fragment.values.indices where hosts[index] == nil && fragment.values[index].constant != nil {
            let constant = fragment.values[index].constant
            // Equal literals are one value.
            let equal = graph.values.firstIndex {
                $0.constant?.tensor == constant?.tensor && $0.constant?.isParameter == false
            }
            hosts[index] = equal.map(find) ?? place(index)
        }
        for node in fragment.nodes {
            var copy = node
            copy.inputs = node.inputs.map { $0.flatMap { hosts[$0.index].map { ValueID(find($0)) } } }
            var seen = Visibility.public
            for case let input? in node.inputs { seen = seen.joined(with: known[input.index]) }
            if let equal = nodesByKey[key(copy)] {
                for case (let output?, let id?) in zip(node.outputs, graph.nodes[equal].outputs) {
                    hosts[output.index] = id.index
                }
                for case let output? in node.outputs { known[output.index] = seen }
                continue
            }
            for case let output? in node.outputs {
                known[output.index] = seen
                hosts[output.index] = place(output.index)
            }
            copy.outputs = node.outputs.map { $0.flatMap { hosts[$0.index].map { ValueID($0) } } }
            nodesByKey[key(copy)] = graph.nodes.count
            graph.nodes.append(copy)
        }
        for (host, value) in candidate.replaced {
            if let id = hosts[value.index] { _ = union(host.index, id) }
        }
    }

    // MARK: - Matching

    /// Stands for an operand that is left out.
    private static let absent = -2

    private struct Partial {
        var values: [Int?]
        var nodes: [Int: Int] = [:]
        var attributes: [String: Attribute?] = [:]
    }

    private func matches(_ pattern: Pattern, root: Int) -> [Bindings] {
        var partials = [Partial(values: Array(repeating: nil, count: pattern.graph.values.count))]
        for step in pattern.steps {
            var extended: [Partial] = []
            for partial in partials where extended.count < 64 {
                let choices: [(Int, Int)] =
                    switch step {
                    case .root(let node): [(node, root)]
                    case .producer(let node, let value):
                        partial.values[value.index].map { (producers[$0] ?? []).map { (node, $0) } } ?? []
                    case .consumer(let node, let value):
                        partial.values[value.index].map { Set(consumers[$0] ?? []).sorted().map { (node, $0) } } ?? []
                    case .anywhere(let node):
                        graph.nodes.indices.filter { graph.nodes[$0].op == pattern.graph.nodes[node].op }.map {
                            (node, $0)
                        }
                    }
                for (node, host) in choices { extended += extend(partial, pattern, node, host) }
            }
            partials = extended
        }
        return partials.map { bindings($0, pattern) }
    }

    private func extend(_ partial: Partial, _ pattern: Pattern, _ patternNode: Int, _ hostNode: Int) -> [Partial] {
        let (wanted, found) = (pattern.graph.nodes[patternNode], graph.nodes[hostNode])
        guard wanted.op == found.op, !partial.nodes.values.contains(hostNode), !found.isPrecomputed else { return [] }
        var result = partial
        result.nodes[patternNode] = hostNode
        let definition = OperatorTable[found.op]
        for (name, attribute) in wanted.attributes {
            let value = found.attributes[name] ?? definition?.attribute(name)?.defaultValue
            if case .reference(let variable, _) = attribute {
                if let bound = result.attributes[variable], bound != value { return [] }
                result.attributes[variable] = .some(value)
            } else if value != attribute {
                return []
            }
        }
        for (name, value) in found.attributes where wanted.attributes[name] == nil {
            guard definition?.attribute(name)?.defaultValue == value else { return [] }
        }
        guard wanted.outputs.count <= found.outputs.count else { return [] }
        for (one, two) in zip(wanted.outputs, found.outputs) {
            if let one, let two, !bind(one, two, pattern, &result) { return [] }
        }
        var orders = [found.inputs]
        if definition?.traits.contains(.commutative) == true, found.inputs.count == 2,
            found.inputs[0] != found.inputs[1]
        {
            orders.append([found.inputs[1], found.inputs[0]])
        }
        return orders.compactMap { order in
            var bound = result
            for index in 0..<max(order.count, wanted.inputs.count) {
                let operand = index < order.count ? order[index] : nil
                guard let name = wanted.input(index) else {
                    if operand != nil { return nil }
                    continue
                }
                if let operand {
                    guard bind(name, operand, pattern, &bound) else { return nil }
                } else {
                    guard pattern.optionalInputs[pattern.graph[name].name] != nil else { return nil }
                    bound.values[name.index] = Self.absent
                }
            }
            return bound
        }
    }

    private func bind(_ name: ValueID, _ id: ValueID, _ pattern: Pattern, _ partial: inout Partial) -> Bool {
        let representative = find(id.index)
        if let bound = partial.values[name.index] { return bound == representative }
        if pattern.isLiteral[name.index] {
            guard let wanted = pattern.graph[name].constant?.tensor,
                let found = graph.publicConstant(ValueID(representative)), found.elementCount == wanted.elementCount,
                let ours = try? wanted.doubles(), let theirs = try? found.doubles(),
                zip(ours, theirs).allSatisfy({ Float($0) == Float($1) })
            else { return false }
        }
        if pattern.isComputed[name.index], producers[representative] == nil { return false }
        partial.values[name.index] = representative
        return true
    }

    private func bindings(_ partial: Partial, _ pattern: Pattern) -> Bindings {
        var result = Bindings()
        for (index, value) in partial.values.enumerated() {
            guard let value else { continue }
            result.values[pattern.graph.values[index].name] = .some(value == Self.absent ? nil : ValueID(value))
        }
        result.attributes = partial.attributes
        result.nodes = partial.nodes
        return result
    }
}

extension EGraph {
    /// The cheapest choice of one node a class, shared nodes counted once, by cost sets from below.
    func extract(cost: (Int) -> Double) -> Double? {
        let costs = graph.nodes.indices.map(cost)
        var best: [Int: (total: Double, nodes: Set<Int>)] = [:]
        let nodes = Set(producers.values.joined()).sorted()
        var isChanged = true
        while isChanged {
            isChanged = false
            for index in nodes {
                var set: Set<Int> = [index]
                var isKnown = true
                for case let input? in graph.nodes[index].inputs {
                    let id = find(input.index)
                    if isLeaf(id) { continue }
                    guard let operand = best[id] else {
                        isKnown = false
                        break
                    }
                    set.formUnion(operand.nodes)
                }
                guard isKnown else { continue }
                let total = set.reduce(0) { $0 + costs[$1] }
                for case let output? in graph.nodes[index].outputs {
                    let id = find(output.index)
                    let operands = graph.nodes[index].inputs.compactMap { $0.map { find($0.index) } }
                    if operands.contains(id) { continue }
                    if total < (best[id]?.total ?? .infinity) {
                        best[id] = (total, set)
                        isChanged = true
                    }
                }
            }
        }
        var chosen: Set<Int> = []
        for output in graph.outputs where !isLeaf(find(output.index)) {
            guard let nodes = best[find(output.index)]?.nodes else { return nil }
            chosen.formUnion(nodes)
        }
        return chosen.reduce(0) { $0 + costs[$1] }
    }

    /// Whether a class needs no node.
    func isLeaf(_ id: Int) -> Bool {
        graph.values[id].constant != nil || graph.inputs.contains { find($0.index) == id }
    }

    /// The problem of the exact extraction, for a program that solves integer programs: classes as numbers.
    func problem(cost: (Int) -> Double) -> [String: Any] {
        let nodes = Set(producers.values.joined()).sorted()
        return [
            "outputs": graph.outputs.map { find($0.index) }.filter { !isLeaf($0) },
            "nodes": nodes.map { index -> [String: Any] in
                [
                    "cost": cost(index),
                    "inputs": Set(
                        graph.nodes[index].inputs.compactMap { $0.map { find($0.index) } }.filter { !isLeaf($0) }
                    ).sorted(),
                    "outputs": graph.nodes[index].outputs.compactMap { $0.map { find($0.index) } },
                ]
            },
        ]
    }
}
