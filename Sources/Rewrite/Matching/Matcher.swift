import IR

/// Pattern matching: finds the places where a pattern occurs.
struct Matcher {
    /// What has been matched so far.
    private struct Partial {
        var values: [Binding]
        var nodes: [Int?]
        var attributes: [String: Attribute?] = [:]
    }

    private enum Binding: Equatable {
        case unbound
        case absent
        case value(ValueID)
    }

    /// Places tried at most for one root: patterns with several consumers of one value could otherwise explode.
    private static let maximumMatches = 64
    /// How far from the root, in nodes, a part that shares no value with it, or only a constant, is looked for.
    private static let farthestPart = 256

    let pattern: Pattern
    let facts: GraphFacts
    /// The node of the graph that each node of the pattern must be, where a certain match is wanted.
    var wanted: [Int: Int]?

    /// All ways in which the pattern matches with its root at the given node, in a fixed order.
    func matches(root: Int) -> [Bindings] {
        guard facts.graph.nodes[root].op == pattern.rootOperator, hasOperands(root) else { return [] }
        var partials = [
            Partial(
                values: Array(repeating: .unbound, count: pattern.graph.values.count),
                nodes: Array(repeating: nil, count: pattern.graph.nodes.count))
        ]
        for step in pattern.steps {
            var extended: [Partial] = []
            for partial in partials where extended.count < Self.maximumMatches {
                for (node, candidate) in candidates(for: step, root: root, in: partial) {
                    extended += extend(partial, node: node, with: candidate)
                }
            }
            partials = extended
            if partials.isEmpty { return [] }
        }
        return partials.map(bindings)
    }

    /// Whether the root's operands are computed by what the pattern wants: a quick look that spares most attempts.
    private func hasOperands(_ root: Int) -> Bool {
        let inputs = facts.graph.nodes[root].inputs
        func isComputed(_ input: ValueID?, by op: OperatorName) -> Bool {
            input.flatMap { facts.producers[$0.index] }.map { facts.graph.nodes[$0].op == op } ?? false
        }
        return pattern.rootOperands.allSatisfy { position, op in
            guard let position else { return inputs.contains { isComputed($0, by: op) } }
            return position < inputs.count && isComputed(inputs[position], by: op)
        }
    }

    /// Pairs of a node of the pattern and a node of the graph that could be it.
    private func candidates(for step: Pattern.Step, root: Int, in partial: Partial) -> [(Int, Int)] {
        switch step {
        case .root(let node): return [(node, root)]
        case .producer(let node, let value):
            guard case .value(let id) = partial.values[value.index], let producer = facts.producers[id.index] else {
                return []
            }
            return [(node, producer)]
        case .consumer(let node, let value):
            guard case .value(let id) = partial.values[value.index] else { return [] }
            var seen: Set<Int> = []
            // A constant can be read anywhere: what shares nothing else is as good as unconnected.
            let isConstant = facts.graph[id].constant != nil
            return facts.uses[id.index].filter {
                (!isConstant || abs($0 - root) <= Self.farthestPart) && seen.insert($0).inserted
            }.map { (node, $0) }
        case .anywhere(let node):
            let op = pattern.graph.nodes[node].op
            return (max(0, root - Self.farthestPart)..<root).filter { facts.graph.nodes[$0].op == op }.map {
                (node, $0)
            }
        }
    }

    /// The partial match with one more node; two if the operator's operands can be exchanged and both ways fit.
    private func extend(_ partial: Partial, node patternNode: Int, with hostNode: Int) -> [Partial] {
        let wanted = pattern.graph.nodes[patternNode]
        let found = facts.graph.nodes[hostNode]
        if let only = self.wanted, only[patternNode] != hostNode { return [] }
        guard wanted.op == found.op, !partial.nodes.contains(hostNode), found.subgraphs.isEmpty,
            !found.isPrecomputed
        else { return [] }
        var result = partial
        result.nodes[patternNode] = hostNode
        guard bindAttributes(wanted, found, &result), bindOutputs(wanted, found, &result) else { return [] }
        var orders = [found.inputs]
        let isCommutative = OperatorTable[found.op]?.traits.contains(.commutative) == true
        if isCommutative, found.inputs.count == 2, found.inputs[0] != found.inputs[1] {
            orders.append([found.inputs[1], found.inputs[0]])
        }
        return orders.compactMap { order in
            var bound = result
            return bindInputs(wanted.inputs, order, &bound) ? bound : nil
        }
    }

    private func bindInputs(_ wanted: [ValueID?], _ found: [ValueID?], _ partial: inout Partial) -> Bool {
        for index in 0..<max(wanted.count, found.count) {
            let operand = index < found.count ? found[index] : nil
            guard let name = index < wanted.count ? wanted[index] : nil else {
                if operand != nil { return false }
                continue
            }
            guard bind(name, to: operand, &partial) else { return false }
        }
        return true
    }

    private func bindOutputs(_ wanted: Node, _ found: Node, _ partial: inout Partial) -> Bool {
        for (index, output) in found.outputs.enumerated() {
            guard let output else { continue }
            guard let name = wanted.output(index) else {
                if !facts.uses[output.index].isEmpty || facts.isOutput(output) { return false }
                continue
            }
            guard bind(name, to: output, &partial) else { return false }
        }
        return wanted.outputs.count <= found.outputs.count
    }

    private func bind(_ name: ValueID, to operand: ValueID?, _ partial: inout Partial) -> Bool {
        let binding = operand.map(Binding.value) ?? .absent
        switch partial.values[name.index] {
        case .unbound: break
        case let bound: return bound == binding
        }
        if let operand {
            if pattern.isLiteral[name.index], !equalsLiteral(operand, name) { return false }
            if pattern.isComputed[name.index], facts.producers[operand.index] == nil { return false }
        } else if pattern.optionalInputs[pattern.graph[name].name] == nil {
            return false
        }
        partial.values[name.index] = binding
        return true
    }

    /// Whether a value is the public constant that the pattern demands: equal elements, and the same shape unless it is
    /// a single number.
    private func equalsLiteral(_ id: ValueID, _ name: ValueID) -> Bool {
        guard let wanted = pattern.graph[name].constant?.tensor, let found = facts.graph.publicTensor(id),
            found.elementCount == wanted.elementCount,
            found.elementType.isFloatingPoint == wanted.elementType.isFloatingPoint
        else { return false }
        if wanted.elementCount != 1 && wanted.shape != found.shape { return false }
        guard let ours = try? wanted.doubles(), let theirs = try? found.doubles() else { return false }
        // A pattern's number is written in decimal; the model's has been rounded to its own type.
        return zip(ours, theirs).allSatisfy { Float($0) == Float($1) }
    }

    private func bindAttributes(_ wanted: Node, _ found: Node, _ partial: inout Partial) -> Bool {
        let definition = OperatorTable[found.op]
        for (name, attribute) in wanted.attributes {
            let value = found.attributes[name] ?? definition?.attribute(name)?.defaultValue
            if case .reference(let variable, _) = attribute {
                if let bound = partial.attributes[variable] {
                    guard bound == value else { return false }
                } else {
                    partial.attributes[variable] = .some(value)
                }
            } else if value != attribute {
                return false
            }
        }
        return found.attributes.allSatisfy { name, value in
            wanted.attributes[name] != nil || definition?.attribute(name)?.defaultValue == value
        }
    }

    private func bindings(_ partial: Partial) -> Bindings {
        var result = Bindings()
        for (index, binding) in partial.values.enumerated() {
            let name = pattern.graph.values[index].name
            switch binding {
            case .value(let id): result.values[name] = .some(id)
            case .absent: result.values[name] = .some(nil)
            case .unbound: break
            }
        }
        result.attributes = partial.attributes
        for (index, node) in partial.nodes.enumerated() { result.nodes[index] = node }
        return result
    }
}
