import Graph

/// Prices of nodes that stand for graphs.
extension Profiler {
    /// What is known of a value that enters a body.
    struct Entering {
        var type: TensorType?
        var visibility: Visibility
        var tensor: Tensor?
    }

    /// What a body costs, and who knows its outputs.
    struct BodyPrice {
        var calls: [Call]
        var outputs: [Visibility]
    }

    /// Prices the nodes of a body.
    ///
    /// - Parameters:
    ///   - entering: what is known of the body's inputs, in order.
    ///   - outer: what is known of the graph around it, for the values that the body captures from there.
    func priceBody(
        _ body: Graph, entering: [Entering], outer: (graph: Graph, visibility: [Visibility])?
    ) throws -> BodyPrice {
        var body = body
        var initial = [Visibility](repeating: .public, count: body.values.count)
        func enter(_ id: ValueID, _ what: Entering) {
            if let type = what.type { body[id].type = type }
            if let tensor = what.tensor { body[id].known = tensor }
            initial[id.index] = what.visibility
        }
        for (id, what) in zip(body.inputs, entering) { enter(id, what) }
        if let outer {
            // Weights can stand inside a loop; the numbers in a function body are part of the operator.
            for (index, value) in body.values.enumerated() where value.constant?.isParameter == true {
                initial[index] = framework.defaultVisibility.parameters
            }
            let names = body.captures.isEmpty ? [:] : outer.graph.valuesByName()
            for capture in body.captures {
                guard let id = names[body[capture].name] else { continue }
                let seen = outer.visibility[id.index]
                let tensor = outer.graph[id].known ?? (seen == .public ? outer.graph[id].constant?.tensor : nil)
                enter(capture, Entering(type: outer.graph[id].type, visibility: seen, tensor: tensor))
            }
        }
        do {
            try body.inferTypes(evaluator: evaluator)
        } catch let error as HarrierError {
            throw Unpriced("the shapes in its body are not known: \(error.message)")
        }
        let visibility = body.propagating(visibility: initial)
        let calls = try body.nodes.enumerated().map { index, node in
            do {
                return try price(node, in: body, visibility: visibility).call
            } catch let error as Unpriced {
                throw Unpriced("in its body, \(body.label(ofNode: index)): \(error.reason)")
            }
        }
        return BodyPrice(calls: calls, outputs: body.outputs.map { visibility[$0.index] })
    }

    /// The price of a function of the model, or of the function body that ONNX gives an operator; nil if it has none.
    func functionBody(_ site: OperatorSite, in graph: Graph) throws -> OperatorPrice? {
        let node = site.node
        guard let function = graph.functions.first(where: { $0.name == node.op && $0.overload == node.overload })
        else { return nil }
        var body = function.body
        body.functions = graph.functions.filter { $0.name != node.op }
        for index in body.nodes.indices {
            body.nodes[index].attributes = body.nodes[index].attributes.compactMapValues {
                guard case .reference(let name, _) = $0 else { return $0 }
                return node.attributes[name] ?? function.defaults[name]
            }
        }
        return try price(site, body: body)
    }

    /// The price of a body that stands for an operator.
    func price(_ site: OperatorSite, body: Graph) throws -> OperatorPrice {
        let entering = site.inputs.map {
            Entering(type: $0?.type, visibility: $0?.visibility ?? .public, tensor: $0?.tensor)
        }
        let calls = try priceBody(body, entering: entering, outer: nil).calls
        let call = Call(site.node.op.type, calls)
        var bytes = [Int](repeating: 0, count: site.inputs.count)
        if let secret = site.inputs.firstIndex(where: { $0.map { $0.visibility != .public } ?? false }) {
            bytes[secret] = call.cost.online.bytes
        }
        return OperatorPrice(call, operandBytes: bytes, basis: .functionBody)
    }
}
