/// How far constant folding may make a model grow.
package struct FoldingLimits: Hashable, Sendable {
    /// The most bytes of a result, as a multiple of the bytes of the operands.
    package var growth = 4
    /// Bytes of a result that are always fine.
    package var smallResult = 4096
    /// The most bytes of a result.
    package var largestResult = 64 << 20

    /// The usual limits: four times the operands, 64 MiB.
    package init() {}

    /// Whether a result of that many bytes may be made of operands of that many.
    func allow(_ result: Int, from operands: Int) -> Bool {
        result <= smallResult || (result <= largestResult && result / max(growth, 1) <= operands)
    }
}

extension Graph {
    /// The graph with all values that type inference found out as literals instead of the nodes that compute them
    /// (``Value/known``): chains of Shape, Gather, Concat, ... disappear. Values are renumbered.
    ///
    /// An output of the graph that is known is computed by an Identity of a literal, so that it keeps its name.
    ///
    /// - Complexity: O(nodes + edges + values).
    package func foldingKnownValues() -> Graph {
        var result = self
        result.mapBodies { $0 = $0.foldingKnownValues() }
        var folding = Folding(result)
        for index in result.nodes.indices {
            let tensors = result.nodes[index].outputs.map { $0.flatMap { result[$0].known } }
            folding.fold(index, to: tensors, isLiteral: true)
        }
        return folding.finished()
    }

    /// The graph with all nodes computed that have only constants as operands, weights included; nodes with bodies, random ones
    /// and those whose operands' data is missing stay. Values are renumbered.
    ///
    /// A result is a literal if all operands are public (``Constant/isParameter``), else an initializer. An output of
    /// the graph is computed by an Identity of the result, so that it keeps its name.
    ///
    /// - Throws: ``HarrierError`` with the place of a node that cannot run on its operands, or of a weight that
    ///   cannot be read.
    package func foldingConstants(
        with evaluator: any ConstantEvaluator, limits: FoldingLimits = FoldingLimits()
    ) throws -> Graph {
        var result = self
        try result.mapBodies { $0 = try $0.foldingConstants(with: evaluator, limits: limits) }
        var folding = Folding(result)
        for index in result.nodes.indices {
            do {
                guard let (tensors, isLiteral) = try folding.evaluate(index, evaluator, limits) else { continue }
                folding.fold(index, to: tensors, isLiteral: isLiteral)
            } catch let error as HarrierError {
                throw error.at(result.label(ofNode: index))
            }
        }
        return folding.finished()
    }
}

/// A graph some of whose nodes become constants.
private struct Folding {
    private var graph: Graph
    private var isFolded: [Bool]
    private let outputs: Set<ValueID>

    init(_ graph: Graph) {
        self.graph = graph
        isFolded = Array(repeating: false, count: graph.nodes.count)
        outputs = Set(graph.outputs)
    }

    /// What a node computes, if its operands are constants and the limits allow it.
    func evaluate(
        _ index: Int, _ evaluator: any ConstantEvaluator, _ limits: FoldingLimits
    ) throws -> (tensors: [Tensor?], isLiteral: Bool)? {
        let node = graph.nodes[index]
        guard node.inputs.contains(where: { $0 != nil }), node.subgraphs.isEmpty, !isIdentityOfConstant(node),
            OperatorTable[node.op]?.traits(of: node).contains(.random) == false
        else { return nil }
        var operands: [Tensor?] = []
        var operandBytes = 0
        var isLiteral = true
        for input in node.inputs {
            guard let input else {
                operands.append(nil)
                continue
            }
            guard let constant = graph[input].constant, constant.tensor.isAvailable else { return nil }
            operands.append(constant.tensor)
            operandBytes += min(constant.tensor.byteCount ?? 0, limits.largestResult)
            if constant.isParameter { isLiteral = false }
        }
        for case let output? in node.outputs {
            if let type = graph[output].type, let lengths = type.lengths {
                let bytes = Tensor(type.elementType, shape: lengths, payload: .bytes([])).byteCount ?? 0
                guard limits.allow(bytes, from: operandBytes) else { return nil }
            } else if operandBytes > limits.smallResult {
                // Nobody knows how large the result is before it is there.
                return nil
            }
        }
        guard let tensors = try evaluator.evaluate(node, inputs: operands), tensors.count >= node.outputs.count,
            tensors.allSatisfy({ limits.allow($0?.byteCount ?? 0, from: operandBytes) })
        else { return nil }
        return (tensors, isLiteral)
    }

    /// The output of the graph that folding leaves as an Identity.
    private func isIdentityOfConstant(_ node: Node) -> Bool {
        guard node.op == "Identity", let input = node.input(0), let output = node.output(0) else { return false }
        return graph[input].constant != nil && outputs.contains(output)
    }

    /// Makes the outputs of a node constants, if there is a tensor for each.
    mutating func fold(_ index: Int, to tensors: [Tensor?], isLiteral: Bool) {
        let node = graph.nodes[index]
        guard !isIdentityOfConstant(node), !node.outputs.isEmpty else { return }
        for (position, output) in node.outputs.enumerated() where output != nil {
            guard position < tensors.count, tensors[position] != nil else { return }
        }
        let hasGraphOutput = node.outputs.contains { $0.map(outputs.contains) ?? false }
        // An Identity has one output; a node of several keeps computing them.
        if hasGraphOutput && node.outputs.compactMap({ $0 }).count > 1 { return }
        for (output, tensor) in zip(node.outputs, tensors) {
            guard let output, let tensor else { continue }
            let name = node.name.isEmpty ? graph[output].name : node.name
            let constant = Constant(tensor, form: isLiteral ? .literal(nodeName: name) : .initializer)
            if hasGraphOutput {
                let value = graph.add(
                    Value(name: graph.freeName(like: graph[output].name + "_value"), constant: constant))
                graph.nodes[index].op = "Identity"
                graph.nodes[index].inputs = [value]
                graph.nodes[index].outputs = [output]
                graph.nodes[index].attributes = [:]
            } else {
                graph[output].constant = constant
                graph[output].type = tensor.type
                graph[output].known = nil
                isFolded[index] = true
            }
        }
    }

    /// The graph without the nodes that became constants and what only they needed.
    func finished() -> Graph {
        var result = graph
        result.nodes = zip(graph.nodes, isFolded).filter { !$0.1 }.map(\.0)
        return result.removingDeadCode()
    }
}
