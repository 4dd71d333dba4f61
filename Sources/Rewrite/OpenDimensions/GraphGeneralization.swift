import IR

/// Makes one graph for all lengths of open dimensions of graphs for some lengths (anti-unification): where these differ in lengths only, the
/// lengths are computed from the shapes of the inputs.
///
/// Reshapes copy lengths with 0 and have one computed with -1 where that is enough; other lists of lengths become shape arithmetic; what
/// else was computed from shapes, such as a causal mask, is computed by the nodes of the model.
package struct GraphGeneralization {
    private let instances: [OpenModelInstance]
    private let open: Graph
    /// The values of the first result in each of the others.
    private var partners: [[ValueID: ValueID]]
    /// The constants of the first result that differ, as they are in each.
    private var varying: [ValueID: [Tensor]] = [:]

    /// The graph for all lengths.
    ///
    /// - Parameters:
    ///   - instances: at least three, with lengths that have no small factors in common.
    ///   - open: the model with open dimensions, all of whose types are known that can be.
    /// - Throws: ``LengthDependence`` if the graphs differ in more than lengths, ``HarrierError`` if types do not work out.
    /// - Complexity: O(nodes · instances)
    package static func graph(
        of instances: [OpenModelInstance], model open: Graph, evaluator: any ConstantEvaluator
    ) throws -> Graph {
        var generalization = GraphGeneralization(instances: instances, open: open)
        try generalization.align()
        return try generalization.written(evaluator)
    }

    private init(instances: [OpenModelInstance], open: Graph) {
        self.instances = instances
        self.open = open
        partners = Array(repeating: [:], count: instances.count)
    }

    private var first: Graph { instances[0].result }

    // MARK: Alignment

    /// Finds for each value of the first graph what it is in the others.
    private mutating func align() throws {
        for other in instances.indices.dropFirst() {
            let graph = instances[other].result
            guard graph.inputs.count == first.inputs.count, graph.outputs.count == first.outputs.count else {
                throw LengthDependence(rule: nil, why: "the result has other inputs")
            }
            for (one, two) in zip(first.inputs, graph.inputs) { partners[other][one] = two }
            for (index, (one, two)) in zip(first.nodes, graph.nodes).enumerated() {
                guard one.op == two.op, one.inputs.count == two.inputs.count, one.outputs.count == two.outputs.count
                else { throw differs(index, two, "is a \(two.op)") }
                guard one.attributesForAllLengths == two.attributesForAllLengths else {
                    throw differs(index, two, "has other attributes")
                }
                try matchCaptures(of: one, other, index)
                for (operand, partner) in zip(one.inputs, two.inputs) { try match(operand, partner, other, index) }
                for case (let result?, let partner?) in zip(one.outputs, two.outputs) {
                    partners[other][result] = partner
                }
            }
            guard graph.nodes.count == first.nodes.count else {
                throw LengthDependence(rule: nil, why: "the result has \(graph.nodes.count) nodes at other lengths")
            }
            for (one, two) in zip(first.outputs, graph.outputs) { try match(one, two, other, first.nodes.count - 1) }
        }
    }

    /// What bodies of a node read of the graph around them goes by its name, and is to be the same at other lengths, as bodies are written as
    /// they are.
    private mutating func matchCaptures(of node: Node, _ other: Int, _ index: Int) throws {
        if node.subgraphs.isEmpty { return }
        let (names, otherNames) = (first.valuesByName(), instances[other].result.valuesByName())
        for body in node.subgraphs {
            for captured in body.captures.map({ body[$0].name }) {
                try match(names[captured], otherNames[captured], other, index)
                if let value = names[captured], varying[value] != nil {
                    throw differs(index, nil, "reads a constant that differs")
                }
            }
        }
    }

    private mutating func match(_ one: ValueID?, _ two: ValueID?, _ other: Int, _ node: Int) throws {
        let graph = instances[other].result
        guard let one, let two else {
            if one == nil && two == nil { return }
            throw differs(node, nil, "has other operands")
        }
        if let partner = partners[other][one] {
            if partner == two { return }
            throw differs(node, nil, "reads another value")
        }
        guard let constant = first[one].constant?.tensor, let partner = graph[two].constant?.tensor else {
            throw differs(node, nil, "reads a value that is computed")
        }
        partners[other][one] = two
        guard constant.shape != partner.shape || constant.payload != partner.payload else { return }
        var tensors = varying[one] ?? Array(repeating: constant, count: instances.count)
        tensors[other] = partner
        varying[one] = tensors
    }

    private func differs(_ index: Int, _ partner: Node?, _ how: String) -> LengthDependence {
        let node = first.nodes[index]
        return LengthDependence(
            rule: node.rule ?? partner?.rule, why: "\(first.label(ofNode: index)) \(how) at other lengths")
    }

    // MARK: Writing

    private func written(_ evaluator: any ConstantEvaluator) throws -> Graph {
        var writer = GeneralGraphWriter(instances: instances, partners: partners, open: open)
        for (index, original) in first.nodes.enumerated() {
            var node = original
            for (position, operand) in original.inputs.enumerated() {
                guard let operand, let tensors = varying[operand] else { continue }
                guard let value = try writer.value(of: operand, tensors, at: original, position) else {
                    throw LengthDependence(
                        rule: node.rule, why: "a constant of \(first.label(ofNode: index)) depends on them"
                    )
                }
                node.inputs[position] = value
            }
            node.attributes = node.attributesForAllLengths
            writer.append(node)
        }
        return try writer.finished(evaluator)
    }
}

extension Node {
    /// The attributes, without the types that values of bodies have at certain lengths.
    fileprivate var attributesForAllLengths: [String: Attribute] {
        attributes.mapValues { $0.subgraphs.isEmpty ? $0 : $0.mappingGraphs(\.withoutComputedTypes) }
    }
}

extension Graph {
    /// The body without types but those of constants.
    fileprivate var withoutComputedTypes: Graph {
        var result = self
        for index in values.indices where values[index].constant == nil { result.values[index].type = nil }
        for index in nodes.indices where !nodes[index].subgraphs.isEmpty {
            result.nodes[index].attributes = nodes[index].attributesForAllLengths
        }
        return result
    }
}
