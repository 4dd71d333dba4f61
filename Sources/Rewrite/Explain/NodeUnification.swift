import IR

/// Whether a node of a pattern can be a node of the graph, and if not, why.
struct NodeUnification {
    /// The first thing that failed.
    struct Failure {
        /// How far it came: attributes are looked at first, then outputs, then operands.
        var progress: Int
        /// What failed, in words.
        var reason: String
    }

    let pattern: Pattern
    let facts: GraphFacts

    private typealias State = PartialMatcher.State

    /// The states in which the node has matched, too: none, or several where operands can be exchanged.
    ///
    /// - Parameter failure: if it does not match, why; of several ways the one that led further.
    func extensions(
        of state: PartialMatcher.State, _ node: Int, with host: Int, failure: inout Failure
    ) -> [PartialMatcher.State] {
        let wanted = pattern.graph.nodes[node]
        let found = facts.graph.nodes[host]
        var next = state
        next.nodes[node] = host
        if found.isPrecomputed {
            failure = Failure(progress: 1, reason: "\(facts.title(host)) runs beforehand, on constants only")
            return []
        }
        if let reason = attributeReason(wanted, found, host, &next) {
            failure = Failure(progress: 2, reason: reason)
            return []
        }
        if let reason = outputReason(wanted, found, host, &next) {
            failure = Failure(progress: 3, reason: reason)
            return []
        }
        var orders = [found.inputs]
        if OperatorTable[found.op]?.traits.contains(.commutative) == true, found.inputs.count == 2,
            found.inputs[0] != found.inputs[1]
        {
            orders.append([found.inputs[1], found.inputs[0]])
        }
        var result: [PartialMatcher.State] = []
        var reasons: [Failure] = []
        for order in orders {
            var copy = next
            if let reason = operandReason(wanted, order, host, &copy) {
                reasons.append(reason)
            } else {
                result.append(copy)
            }
        }
        if result.isEmpty, let reason = reasons.max(by: { $0.progress < $1.progress }) { failure = reason }
        return result
    }

    private func attributeReason(_ wanted: Node, _ found: Node, _ host: Int, _ state: inout State) -> String? {
        let definition = OperatorTable[found.op]
        for (name, attribute) in wanted.attributes.sorted(by: { $0.key < $1.key }) {
            let value = found.attributes[name] ?? definition?.attribute(name)?.defaultValue
            if case .reference(let variable, _) = attribute {
                if let bound = state.attributes[variable] {
                    guard bound == value else {
                        return "'\(name)' of \(facts.title(host)) is \(value.shortDescription), and "
                            + "\(bound.shortDescription) in another node of the pattern"
                    }
                } else {
                    state.attributes[variable] = .some(value)
                }
            } else if value != attribute {
                return
                    "expects '\(name)' of \(facts.title(host)) to be \(Optional(attribute).shortDescription), here it is "
                    + value.shortDescription
            }
        }
        for (name, value) in found.attributes.sorted(by: { $0.key < $1.key }) where wanted.attributes[name] == nil {
            let usual = definition?.attribute(name)?.defaultValue
            if usual != value {
                return "expects '\(name)' of \(facts.title(host)) to be \(usual.shortDescription), here it is "
                    + Optional(value).shortDescription
            }
        }
        return nil
    }

    private func outputReason(_ wanted: Node, _ found: Node, _ host: Int, _ state: inout State) -> String? {
        for (index, output) in found.outputs.enumerated() {
            guard let output else { continue }
            guard let name = wanted.output(index) else {
                if facts.uses[output.index].isEmpty && !facts.isOutput(output) { continue }
                return "output \(index) of \(facts.title(host)) is used, and the rule would lose it"
            }
            if case .some(let bound) = state.values[name], bound != output {
                return
                    "\(facts.title(host)) computes '\(facts.graph[output].name)', which is not what is read elsewhere"
            }
            state.values[name] = .some(output)
        }
        return wanted.outputs.count > found.outputs.count ? "\(facts.title(host)) has too few outputs" : nil
    }

    private func operandReason(_ wanted: Node, _ operands: [ValueID?], _ host: Int, _ state: inout State) -> Failure? {
        for index in 0..<max(wanted.inputs.count, operands.count) {
            let operand = index < operands.count ? operands[index] : nil
            func failure(_ reason: String) -> Failure { Failure(progress: 4 + index, reason: reason) }
            guard let name = index < wanted.inputs.count ? wanted.inputs[index] : nil else {
                if operand != nil {
                    return failure("expects \(facts.title(host)) to have no operand \(index), here it has one")
                }
                continue
            }
            if let reason = bindingReason(name, operand, host, index, &state) { return failure(reason) }
        }
        return nil
    }

    /// Why an operand cannot be a value of the pattern; nil if it is, now.
    private func bindingReason(
        _ name: ValueID, _ operand: ValueID?, _ host: Int, _ index: Int, _ state: inout State
    ) -> String? {
        let subject = "operand \(index) of \(facts.title(host))"
        if case .some(let bound) = state.values[name] {
            if bound == operand { return nil }
            let other = bound.map(facts.origin) ?? "left out"
            return "expects \(subject) to be the same value as elsewhere (\(other)), here it is "
                + (operand.map(facts.origin) ?? "left out")
        }
        guard let operand else {
            guard pattern.optionalInputs[pattern.graph[name].name] != nil else { return "\(subject) is left out" }
            state.values[name] = .some(nil)
            return nil
        }
        if let wanted = pattern.graph[name].constant?.tensor, let reason = constantReason(wanted, operand) {
            return "expects \(subject) to be \(reason)"
        }
        if pattern.isComputed[name.index], facts.producers[operand.index] == nil {
            let op = pattern.graph.producers()[name.index].map { pattern.graph.nodes[$0].op.description } ?? "a node"
            return "expects \(facts.title(host)) to read \(op), here it reads \(facts.origin(of: operand))"
        }
        state.values[name] = .some(operand)
        return nil
    }

    /// What constant is demanded and what is there instead; nil if they are equal, as ``Matcher`` has it.
    private func constantReason(_ wanted: Tensor, _ id: ValueID) -> String? {
        let demanded = wanted.scalar.map { "the public constant \($0)" } ?? "a public constant of type \(wanted.type)"
        guard let found = facts.graph.publicTensor(id) else {
            return "\(demanded), here it is \(facts.origin(of: id))"
        }
        let here = found.scalar.map { "\($0)" } ?? "of type \(found.type)"
        guard found.elementCount == wanted.elementCount,
            found.elementType.isFloatingPoint == wanted.elementType.isFloatingPoint,
            wanted.elementCount == 1 || wanted.shape == found.shape, let ours = try? wanted.doubles(),
            let theirs = try? found.doubles(), zip(ours, theirs).allSatisfy({ Float($0) == Float($1) })
        else { return "\(demanded), here it is \(here)" }
        return nil
    }
}
