import IR

/// Pattern matching: finds the places where a pattern occurs, for the search and for explanations, which read the ``trace``.
///
/// Two nodes of a pattern may be one node of the graph: a pattern is an equation, which holds for equal operands, too, and so
/// `Exp(a) * Exp(b)` is found in `e * e` with `e = Exp(x)`. Nodes that compute outputs of the pattern are different ones: what a
/// rule joins must be two things.
struct Matcher {
    /// What has been matched so far.
    struct Partial {
        var values: [Binding]
        var nodes: [Int?]
        var attributes: [String: Attribute?] = [:]
        var wholes: [OperatorName: Whole] = [:]
    }

    enum Binding: Equatable {
        case unbound
        case absent
        case value(ValueID)
    }

    /// Places tried at most for one root: patterns with several consumers of one value could otherwise explode.
    private static let maximumMatches = 64
    /// How far from the root, in nodes, a part that shares no value with it, or only a constant, is looked for.
    static let farthestPart = 256

    let pattern: Pattern
    let facts: GraphFacts
    /// The node of the graph that each node of the pattern must be, where a certain match is wanted.
    var wanted: [Int: Int]?
    /// Told what stood in the way, if somebody wants to know.
    var trace: MatchTrace?

    /// All ways in which the pattern matches with its root at the given node, in a fixed order.
    func matches(root: Int) -> [Bindings] {
        guard pattern.accepts(pattern.root, facts.graph.nodes[root]), trace != nil || hasOperands(root) else {
            return []
        }
        return matches(along: pattern.steps, from: root)
    }

    /// All ways in which the pattern matches when its nodes are looked for in the given order.
    ///
    /// - Parameter start: the node of the graph that the first step stands for.
    func matches(along steps: [Pattern.Step], from start: Int) -> [Bindings] {
        var partials = [
            Partial(
                values: Array(repeating: .unbound, count: pattern.graph.values.count),
                nodes: Array(repeating: nil, count: pattern.graph.nodes.count))
        ]
        for (count, step) in steps.enumerated() {
            var extended: [Partial] = []
            for partial in partials where extended.count < Self.maximumMatches {
                for candidate in candidates(for: step, start: start, in: partial, count) {
                    extended += extend(partial, node: step.node, with: candidate, count)
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

    /// Nodes of the graph that could be the node of the pattern that comes next: those of its operator.
    private func candidates(for step: Pattern.Step, start: Int, in partial: Partial, _ count: Int) -> [Int] {
        func accepted(_ node: Int) -> Bool { pattern.accepts(step.node, facts.graph.nodes[node]) }
        let found: [Int]
        let missing: Mismatch
        switch step {
        case .root: return [start]
        case .producer(_, let value):
            missing = .producer(of: value)
            if case .value(let id) = partial.values[value.index], let producer = facts.producers[id.index],
                accepted(producer)
            {
                found = [producer]
            } else {
                found = []
            }
        case .consumer(_, let value):
            missing = .consumer(of: value)
            guard case .value(let id) = partial.values[value.index] else { return [] }
            var seen: Set<Int> = []
            // A constant can be read anywhere: what shares nothing else is as good as unconnected.
            let isConstant = facts.graph[id].constant != nil
            found = facts.uses[id.index].filter {
                (!isConstant || abs($0 - start) <= Self.farthestPart) && accepted($0) && seen.insert($0).inserted
            }
        case .anywhere:
            missing = .nowhere
            found = (max(0, start - Self.farthestPart)..<start).filter(accepted)
        }
        if found.isEmpty { note(missing, step.node, nil, [], in: partial, count) }
        return found
    }

    private func note(
        _ mismatch: Mismatch, _ node: Int, _ host: Int?, _ operands: [ValueID?], in partial: Partial, _ count: Int
    ) {
        trace?.note(after: count, mismatch) { words(mismatch, node, host, operands, in: partial) }
    }

    /// The partial match with one more node; two if the operator's operands can be exchanged and both ways fit.
    private func extend(_ partial: Partial, node patternNode: Int, with hostNode: Int, _ count: Int) -> [Partial] {
        let found = facts.graph.nodes[hostNode]
        var result = partial
        if let mismatch = bindNode(patternNode, hostNode, &result) {
            note(mismatch, patternNode, hostNode, found.inputs, in: partial, count)
            return []
        }
        var orders = [found.inputs]
        let isCommutative = OperatorTable[found.op]?.traits.contains(.commutative) == true
        if isCommutative, found.inputs.count == 2, found.inputs[0] != found.inputs[1] {
            orders.append([found.inputs[1], found.inputs[0]])
        }
        return orders.compactMap { order in
            var bound = result
            if let mismatch = bindInputs(patternNode, order, &bound) ?? bindWhole(patternNode, found, order, &bound) {
                note(mismatch, patternNode, hostNode, order, in: partial, count)
                return nil
            }
            return bound
        }
    }

    /// Binds all of a node but its operands.
    private func bindNode(_ patternNode: Int, _ hostNode: Int, _ partial: inout Partial) -> Mismatch? {
        let found = facts.graph.nodes[hostNode]
        if let only = wanted, only[patternNode] != hostNode { return .notMeant }
        guard found.subgraphs.isEmpty else { return .notMeant }
        if found.isPrecomputed { return .runsBeforehand }
        if pattern.computesOutput[patternNode],
            partial.nodes.indices.contains(where: { pattern.computesOutput[$0] && partial.nodes[$0] == hostNode })
        {
            return .isAnotherOutput
        }
        partial.nodes[patternNode] = hostNode
        let wanted = pattern.graph.nodes[patternNode]
        return bindAttributes(patternNode, found, &partial) ?? bindOutputs(wanted, found, &partial)
    }

    private func bindInputs(_ node: Int, _ found: [ValueID?], _ partial: inout Partial) -> Mismatch? {
        let wanted = pattern.graph.nodes[node]
        for index in 0..<max(wanted.inputs.count, found.count) {
            let operand = index < found.count ? found[index] : nil
            guard let name = wanted.input(index) else {
                guard let operand else { continue }
                guard pattern.chosenBy[node] != nil else { return .operandTooMany(index) }
                // What goes along with an operator that a fact chose must go with every shape.
                guard facts.graph[operand].type?.elementCount == 1 else { return .notOneNumber(index) }
                continue
            }
            if let mismatch = bind(name, to: operand, index, &partial) { return mismatch }
        }
        return nil
    }

    private func bindOutputs(_ wanted: Node, _ found: Node, _ partial: inout Partial) -> Mismatch? {
        for (index, output) in found.outputs.enumerated() {
            guard let output else { continue }
            guard let name = wanted.output(index) else {
                if !facts.uses[output.index].isEmpty || facts.isOutput(output) { return .outputInUse(index) }
                continue
            }
            switch partial.values[name.index] {
            case .unbound: partial.values[name.index] = .value(output)
            case let bound: if bound != .value(output) { return .otherOutput(output) }
            }
        }
        return wanted.outputs.count <= found.outputs.count ? nil : .tooFewOutputs
    }

    private func bind(_ name: ValueID, to operand: ValueID?, _ index: Int, _ partial: inout Partial) -> Mismatch? {
        switch partial.values[name.index] {
        case .unbound: break
        case .absent: return operand == nil ? nil : .otherOperand(index, elsewhere: nil)
        case .value(let bound): return bound == operand ? nil : .otherOperand(index, elsewhere: bound)
        }
        guard let operand else {
            guard pattern.optionalInputs[pattern.graph[name].name] != nil else { return .operandMissing(index) }
            partial.values[name.index] = .absent
            return nil
        }
        if pattern.isLiteral[name.index], let wanted = pattern.graph[name].constant?.tensor,
            !equals(operand, literal: wanted)
        {
            return .literal(index, wanted)
        }
        if let producer = pattern.producers[name.index], facts.producers[operand.index] == nil {
            return .notComputed(index, by: producer)
        }
        partial.values[name.index] = .value(operand)
        return nil
    }

    /// Whether a value is the public constant that the pattern demands: equal elements, and the same shape unless it is
    /// a single number.
    private func equals(_ id: ValueID, literal wanted: Tensor) -> Bool {
        guard let found = facts.graph.publicTensor(id), found.elementCount == wanted.elementCount,
            found.elementType.isFloatingPoint == wanted.elementType.isFloatingPoint
        else { return false }
        if wanted.elementCount != 1 && wanted.shape != found.shape { return false }
        guard let ours = try? wanted.doubles(), let theirs = try? found.doubles() else { return false }
        // A pattern's number is written in decimal; the model's has been rounded to its own type.
        return zip(ours, theirs).allSatisfy { Float($0) == Float($1) }
    }

    private func bindAttributes(_ node: Int, _ found: Node, _ partial: inout Partial) -> Mismatch? {
        let definition = OperatorTable[found.op]
        for (name, attribute) in pattern.namedAttributes[node] {
            let value = found.attributes[name] ?? definition?.attribute(name)?.defaultValue
            if case .reference(let variable, _) = attribute {
                if let bound = partial.attributes[variable] {
                    guard bound == value else { return .attribute(name: name, expected: bound, found: value) }
                } else {
                    partial.attributes[variable] = .some(value)
                }
            } else if value != attribute {
                return .attribute(name: name, expected: attribute, found: value)
            }
        }
        let wanted = pattern.graph.nodes[node].attributes
        guard wanted[Attribute.allOthers] == nil else { return nil }
        func usual(_ name: String) -> Attribute? { definition?.attribute(name)?.defaultValue }
        let strange = found.attributes.lazy.filter { wanted[$0.key] == nil && usual($0.key) != $0.value }
        return strange.min { $0.key < $1.key }.map {
            .attribute(name: $0.key, expected: usual($0.key), found: $0.value)
        }
    }

    /// Binds what a node hands on as a whole: its operator where a fact chose it, and with that further operands; all
    /// attributes where the pattern says so.
    private func bindWhole(_ node: Int, _ found: Node, _ operands: [ValueID?], _ partial: inout Partial) -> Mismatch? {
        guard pattern.handsOn[node] else { return nil }
        let wanted = pattern.graph.nodes[node]
        let isChosen = pattern.chosenBy[node] != nil
        let others = found.attributes.filter { wanted.attributes[$0.key] == nil }
        let whole = Whole(
            op: found.op, attributes: others,
            operands: isChosen ? Array(operands.dropFirst(wanted.inputs.count)) : [])
        guard let bound = partial.wholes[wanted.op] else {
            partial.wholes[wanted.op] = whole
            return nil
        }
        return whole.isSame(as: bound, in: facts.graph) ? nil : .whole
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
        result.wholes = partial.wholes
        for (index, node) in partial.nodes.enumerated() { result.nodes[index] = node }
        return result
    }
}

/// What a node of the graph hands on as a whole to the nodes of the right side that bear the same word.
struct Whole: Hashable, Sendable {
    /// The operator.
    let op: OperatorName
    /// The attributes that the pattern does not mention.
    let attributes: [String: Attribute]
    /// The operands behind those that the pattern mentions, such as a Clip's bounds.
    let operands: [ValueID?]

    /// Whether it is the same function: constants of equal content are equal.
    fileprivate func isSame(as other: Whole, in graph: Graph) -> Bool {
        op == other.op && attributesWithDefaults == other.attributesWithDefaults
            && operands.count == other.operands.count
            && zip(operands, other.operands).allSatisfy { one, two in
                if one == two { return true }
                guard let one, let two, let tensor = graph.publicTensor(one) else { return false }
                return tensor == graph.publicTensor(two)
            }
    }

    private var attributesWithDefaults: [String: Attribute] {
        var result = attributes
        for definition in OperatorTable[op]?.attributes ?? [] where result[definition.name] == nil {
            if let value = definition.defaultValue { result[definition.name] = value }
        }
        return result
    }
}
