import IR

/// Prices of If, Loop and Scan. Loops are counted, not unrolled.
extension Profiler {
    /// The price of a node with graphs in its attributes.
    package func controlFlow(_ node: Node, in graph: Graph, visibility: [Visibility]) throws -> OperatorPrice {
        let operands = node.inputs.map { entering($0, graph, visibility) }
        let outer = (graph, visibility)
        switch node.op {
        case "If": return try branches(node, operands, outer)
        case "Loop": return try loop(node, operands, outer)
        case "Scan":
            let loop = try scanned(node, in: graph, visibility: visibility)
            return try iterated(
                node, count: loop.count, fixed: [], carried: loop.carried, varying: loop.varying,
                firstCarriedOutput: 0, outer)
        default: throw Unpriced("no price is known for \(node.op)")
        }
    }

    private func entering(_ id: ValueID?, _ graph: Graph, _ visibility: [Visibility]) -> Entering? {
        guard let id else { return nil }
        let seen = graph[id].known != nil ? .public : visibility[id.index]
        return Entering(
            type: graph[id].type, visibility: seen, tensor: seen == .public ? graph[id].knownTensor : nil)
    }

    private func graph(_ node: Node, _ attribute: String) throws -> Graph {
        guard case .graph(let body)? = node.attributes[attribute] else {
            throw Unpriced("it lacks its attribute '\(attribute)'")
        }
        return body
    }

    /// A condition that is known decides; one that everybody will know makes the dearer branch the price.
    private func branches(
        _ node: Node, _ operands: [Entering?], _ outer: (Graph, [Visibility])
    ) throws -> OperatorPrice {
        guard let condition = operands.first ?? nil, condition.visibility == .public else {
            throw Unpriced("its condition is secret, and no framework branches on a secret")
        }
        func call(_ name: String) throws -> Call {
            Call(name, try priceBody(try graph(node, name), entering: [], outer: outer).calls)
        }
        if let known = condition.tensor, let value = try? known.doubles().first {
            return OperatorPrice(Call("If", [try call(value != 0 ? "then_branch" : "else_branch")]))
        }
        // A branch that does not fit the shapes that it is given is not the one that is taken.
        let names = try ["then_branch", "else_branch"].filter { name in
            let body = try graph(node, name)
            return (try? entered(body, entering: [], outer: outer)) != nil
        }
        let calls = try (names.isEmpty ? ["then_branch"] : names).map(call)
        func traffic(_ call: Call) -> (Int, Int) { (call.cost.online.bytes, call.cost.online.rounds) }
        return OperatorPrice(Call("If", [calls.dropFirst().reduce(calls[0]) { traffic($0) >= traffic($1) ? $0 : $1 }]))
    }

    private func loop(_ node: Node, _ operands: [Entering?], _ outer: (Graph, [Visibility])) throws -> OperatorPrice {
        guard let limit = operands.first.flatMap({ $0?.tensor }), let count = try? limit.integers().first, count >= 0
        else { throw Unpriced("the number of its iterations is not known") }
        if operands.count > 1, let condition = operands[1], condition.visibility != .public {
            throw Unpriced("its condition is secret, and no framework branches on a secret")
        }
        let scalar = { (type: ElementType) in Entering(type: TensorType(type, []), visibility: .public, tensor: nil) }
        let carried = operands.dropFirst(2).map { $0 ?? scalar(.float32) }.map(withoutValue)
        return try iterated(
            node, count: count, fixed: [scalar(.int64), scalar(.bool)], carried: carried, varying: [],
            firstCarriedOutput: 1, outer)
    }

    /// What a Scan runs how often: what is carried from step to step, and a step's slices of what is scanned.
    package func scanned(
        _ node: Node, in graph: Graph, visibility: [Visibility]
    ) throws -> (body: Graph, count: Int, carried: [Entering], varying: [Entering]) {
        let operands = node.inputs.map { entering($0, graph, visibility) }
        guard let scanned = try? node.int("num_scan_inputs"), scanned > 0, scanned <= operands.count else {
            throw Unpriced("it lacks its attribute 'num_scan_inputs'")
        }
        let axes = try node.ints("scan_input_axes", count: scanned)
        let carried = operands.dropLast(scanned).compactMap { $0 }.map(withoutValue)
        var count: Int?
        let varying = try operands.suffix(scanned).enumerated().map { index, operand in
            guard var slice = operand, var shape = slice.type?.shape, let type = slice.type, !shape.isEmpty else {
                throw Unpriced("the shapes it scans are not known: set --dim")
            }
            let place = axes[index] < 0 ? axes[index] + shape.count : axes[index]
            guard shape.indices.contains(place) else { throw Unpriced("it scans an axis that is not there") }
            count = count ?? shape[place].value
            shape.remove(at: place)
            slice.type = TensorType(type.elementType, shape)
            return withoutValue(slice)
        }
        guard let count else { throw Unpriced("the number of its iterations is not known: set --dim") }
        return (try self.graph(node, "body"), count, carried, varying)
    }

    /// A value that changes from one iteration to the next.
    private func withoutValue(_ entering: Entering) -> Entering {
        Entering(type: entering.type, visibility: entering.visibility, tensor: nil)
    }

    /// Body price times count. What is carried from one iteration to the next is as secret as it gets in any of them.
    private func iterated(
        _ node: Node, count: Int, fixed: [Entering], carried: [Entering], varying: [Entering], firstCarriedOutput: Int,
        _ outer: (Graph, [Visibility])
    ) throws -> OperatorPrice {
        let body = try graph(node, "body")
        var carried = carried
        while true {
            let price = try priceBody(body, entering: fixed + carried + varying, outer: outer)
            var isStable = true
            for index in carried.indices where firstCarriedOutput + index < price.outputs.count {
                let joined = carried[index].visibility.joined(with: price.outputs[firstCarriedOutput + index])
                if joined != carried[index].visibility { isStable = false }
                carried[index].visibility = joined
            }
            if isStable {
                return OperatorPrice(Call(node.op.type, [Call("iteration", count: count, price.calls)]))
            }
        }
    }
}
