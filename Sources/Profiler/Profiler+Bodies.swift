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
        guard depth < Self.deepest else { throw Unpriced("bodies are nested more than \(Self.deepest) deep") }
        var inner = self
        inner.depth += 1
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
                return try inner.price(node, in: body, visibility: visibility).call
            } catch let error as Unpriced {
                throw Unpriced("in its body, \(body.label(ofNode: index)): \(error.reason)")
            }
        }
        return BodyPrice(calls: calls, outputs: body.outputs.map { visibility[$0.index] })
    }

    /// The price of the function that stands for an operator in the model; nil if there is none.
    func functionBody(_ site: OperatorSite, in graph: Graph) throws -> OperatorPrice? {
        let node = site.node
        guard let function = graph.functions.first(where: { $0.name == node.op && $0.overload == node.overload })
        else { return nil }
        // Without the function itself a function that calls itself comes to an end.
        return try price(site, by: function, functions: graph.functions.filter { $0.name != node.op })
    }

    /// The price of the function that stands for an operator.
    ///
    /// - Parameter functions: what the function can call.
    func price(_ site: OperatorSite, by function: Function, functions: [Function]) throws -> OperatorPrice {
        var call = Graph()
        var (node, function) = (site.node, function)
        var entering: [Entering] = []
        node.inputs = site.inputs.enumerated().map { index, operand in
            guard let operand else { return nil }
            entering.append(Entering(type: operand.type, visibility: operand.visibility, tensor: operand.tensor))
            return call.addInput("input\(index)", operand.type)
        }
        node.outputs = site.outputs.enumerated().map { index, operand in
            operand.map { call.add(Value(name: "output\(index)", type: $0.type)) }
        }
        call.outputs = node.outputs.compactMap { $0 }
        // Functions of Harrier's own domain are not written out; under another name this one is.
        function.name = OperatorName(node.op.type, domain: "ai.harrier.body")
        node.op = function.name
        node.overload = function.overload
        call.functions = functions + [function]
        call.nodes = [node]
        let body: Graph
        do {
            body = try call.inliningFunctions()
        } catch let error as HarrierError {
            throw Unpriced("its function body: \(error.message)")
        }
        let price = Call(site.node.op.type, try priceBody(body, entering: entering, outer: nil).calls)
        var bytes = [Int](repeating: 0, count: site.inputs.count)
        if let secret = site.inputs.firstIndex(where: { $0.map { $0.visibility != .public } ?? false }) {
            bytes[secret] = price.cost.online.bytes
        }
        return OperatorPrice(price, operandBytes: bytes, basis: .functionBody)
    }
}
