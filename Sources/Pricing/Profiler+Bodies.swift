import IR

/// Prices of nodes that stand for graphs.
extension Profiler {
    /// What is known of a value that enters a body.
    package struct Entering {
        package var type: TensorType?
        package var visibility: Visibility
        package var tensor: Tensor?
    }

    /// What a body costs, and who knows its outputs.
    package struct BodyPrice {
        package var calls: [Call]
        package var outputs: [Visibility]
    }

    /// A body with what is known of its values, and who knows them.
    ///
    /// - Parameters:
    ///   - entering: what is known of the body's inputs, in order.
    ///   - outer: what is known of the graph around it, for the values that the body captures from there.
    package func entered(
        _ body: Graph, entering: [Entering], outer: (graph: Graph, visibility: [Visibility])?
    ) throws -> (body: Graph, visibility: [Visibility]) {
        var body = body
        var initial = [Visibility](repeating: .public, count: body.values.count)
        func enter(_ id: ValueID, _ what: Entering) {
            if let type = what.type { body[id].type = type }
            if let tensor = what.tensor { body[id].known = tensor }
            initial[id.index] = what.visibility
        }
        for (id, what) in zip(body.inputs, entering) { enter(id, what) }
        // Weights can stand inside a loop, and in the attributes of a tree; other numbers in a function body are part of the operator.
        for (index, value) in body.values.enumerated() where value.constant?.isParameter == true {
            initial[index] = framework.defaultVisibility.parameters
        }
        if let outer {
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
        return (
            body,
            body.propagating(
                visibility: initial, testsFiniteness: framework.defaultVisibility.testsFiniteness)
        )
    }

    /// Prices the nodes of a body.
    ///
    /// - Parameters:
    ///   - entering: what is known of the body's inputs, in order.
    ///   - outer: what is known of the graph around it, for the values that the body captures from there.
    package func priceBody(
        _ body: Graph, entering: [Entering], outer: (graph: Graph, visibility: [Visibility])?
    ) throws -> BodyPrice {
        guard depth < Self.deepest else { throw Unpriced("bodies are nested more than \(Self.deepest) deep") }
        var inner = self
        inner.depth += 1
        let (body, visibility) = try entered(body, entering: entering, outer: outer)
        let prices = inner.prices(of: body, visibility: visibility, isBody: true)
        let calls = try prices.enumerated().map { index, price in
            do {
                return try price.get().call
            } catch let error as Unpriced {
                throw Unpriced("in its body, \(body.label(ofNode: index)): \(error.reason)")
            }
        }
        return BodyPrice(calls: calls, outputs: body.outputs.map { visibility[$0.index] })
    }

    /// The price of the function that stands for an operator: the model's own, else ONNX's; nil if there is none.
    package func functionBody(_ site: OperatorSite, in graph: Graph) throws -> OperatorPrice? {
        let node = site.node
        do {
            if let function = graph.functions.first(where: { $0.name == node.op && $0.overload == node.overload }) {
                // Without the function itself a function that calls itself comes to an end.
                let others = graph.functions.filter { $0.name != node.op }
                return try price(site, body: site.callWrittenOut(function, others), isComplete: false)
            }
            let body = try FunctionBodies.body(
                of: node, inputTypes: site.inputs.map { $0?.type }, inputTensors: site.inputs.map { $0?.tensor })
            return try body.map { try price(site, body: $0, isComplete: true) }
        } catch let error as HarrierError {
            throw Unpriced("its function body: \(error.message)")
        }
    }

    /// The price of a body that stands for an operator.
    ///
    /// - Parameter isComplete: whether the body has an input for each operand, also for those that are left out.
    private func price(_ site: OperatorSite, body: Graph, isComplete: Bool) throws -> OperatorPrice {
        let entering = site.inputs.filter { isComplete || $0 != nil }.map {
            Entering(type: $0?.type, visibility: $0?.visibility ?? .public, tensor: $0?.tensor)
        }
        let calls = try priceBody(body.withSquares(), entering: entering, outer: nil).calls
        let call = Call(site.node.op.type, calls)
        var bytes = [Int](repeating: 0, count: site.inputs.count)
        if let secret = site.inputs.firstIndex(where: { $0.map { $0.visibility != .public } ?? false }) {
            bytes[secret] = call.cost.online.bytes
        }
        return OperatorPrice(call, operandBytes: bytes, basis: .functionBody)
    }
}

extension OperatorSite {
    /// The body of a function of the model with this node's operands and attributes.
    ///
    /// - Parameter others: what the function can call.
    fileprivate func callWrittenOut(_ function: Function, _ others: [Function]) throws -> Graph {
        var graph = Graph()
        var (call, function) = (node, function)
        call.inputs = inputs.enumerated().map { index, operand in
            operand.map { graph.addInput("input\(index)", $0.type) }
        }
        call.outputs = outputs.enumerated().map { index, operand in
            operand.map { graph.add(Value(name: "output\(index)", type: $0.type)) }
        }
        graph.outputs = call.outputs.compactMap { $0 }
        // Functions of Harrier's own domain are not written out; under another name this one is.
        function.name = OperatorName(node.op.type, domain: "ai.harrier.body")
        call.op = function.name
        graph.functions = others + [function]
        graph.nodes = [call]
        return try graph.inliningFunctions()
    }
}

extension Graph {
    /// The graph with `x · x` written as `x²`, which opens one tensor instead of two: a body stands for what somebody
    /// would write by hand for the framework.
    fileprivate func withSquares() -> Graph {
        var result = self
        for (index, node) in nodes.enumerated() where node.has([.power, .product]) {
            guard let factor = node.input(0) else { continue }
            let two = result.addConstant("two\(index)", Tensor(float32: [2], shape: []), isLiteral: true)
            result.nodes[index].op = "Pow"
            result.nodes[index].inputs = [factor, two]
        }
        return result
    }
}
