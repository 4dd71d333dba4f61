import Synchronization

extension Graph {
    /// Most elements of a value that inference computes on the way (shapes, indices, small masks).
    static let largestKnownValue = 1 << 16

    /// Fills in the types of all values, and the values of those that follow from shapes and literals alone.
    ///
    /// - Parameter evaluator: computes shape chains (Shape, Gather, Concat, ...); without one, shapes that depend on
    ///   such chains stay unknown.
    /// - Throws: ``HarrierError`` with the place of the first node whose operands do not fit together, or naming a value
    ///   of an impossible type.
    /// - Complexity: O(nodes + edges) and the cost of the known values.
    public mutating func inferTypes(evaluator: (any ConstantEvaluator)?) throws {
        try inferTypes(evaluator: evaluator, noting: nil)
    }

    /// Fills in the types of all values, where a shape that was declared contradicts the operators by what those say.
    ///
    /// - Parameter contradictions: takes up each such shape; nil if that is an error.
    package mutating func inferTypes(
        evaluator: (any ConstantEvaluator)?, noting contradictions: TypeContradictions?
    ) throws {
        for value in values { try value.type?.verify(of: value.name) }
        for index in nodes.indices {
            try inferTypes(ofNode: index, evaluator: evaluator, noting: contradictions)
        }
    }

    /// Fills in the output types of one node whose operands' types are known, and the types in its bodies.
    package mutating func inferTypes(
        ofNode index: Int, evaluator: (any ConstantEvaluator)?, noting contradictions: TypeContradictions? = nil
    ) throws {
        let node = nodes[index]
        do {
            if let definition = OperatorTable[node.op] {
                try definition.checkNode(node)
                var inference = typeInference(of: node, evaluator: evaluator, contradictions)
                try definition.infer(&inference)
                for (output, type) in zip(node.outputs, inference.outputTypes) {
                    guard let output, let type else { continue }
                    try type.verify(of: self[output].name)
                    do { self[output].type = try type.refined(by: self[output].type) } catch let error as HarrierError {
                        guard let contradictions, type.elementType == self[output].type?.elementType else {
                            throw error
                        }
                        contradictions.note(error.at(label(ofNode: index)))
                        self[output].type = type
                    }
                }
                for (name, body) in inference.inferredBodies { nodes[index].attributes[name] = .graph(body) }
            }
            try learnValues(
                ofNode: node, tensors: node.inputs.map { $0.flatMap { publicTensor($0) } }, evaluator: evaluator)
        } catch let error as HarrierError {
            throw error.at(label(ofNode: index))
        }
    }

    private func typeInference(
        of node: Node, evaluator: (any ConstantEvaluator)?, _ contradictions: TypeContradictions?
    ) -> TypeInference {
        TypeInference(
            node: node, inputTypes: node.inputs.map { $0.flatMap { self[$0].type } },
            // Shapes are public, so operands that decide them (the scales of Resize) may be read even if they are
            // written like parameters; only data that is missing cannot.
            inputTensors: node.inputs.map { $0.flatMap { self[$0].knownTensor } },
            inferBody: node.subgraphs.isEmpty ? nil : bodyInference(evaluator: evaluator, contradictions))
    }

    /// How bodies of this graph's nodes get their types: captured values have those they have here.
    private func bodyInference(
        evaluator: (any ConstantEvaluator)?, _ contradictions: TypeContradictions?
    ) -> @Sendable (Graph, [TensorType?]) throws -> Graph {
        let outer = self
        let names = valuesByName()
        return { body, inputTypes in
            var body = body
            for capture in body.captures {
                guard let id = names[body[capture].name] else { continue }
                body[capture].type = outer[id].type
                body[capture].known = outer.publicTensor(id)
            }
            for (input, type) in zip(body.inputs, inputTypes) {
                guard let type else { continue }
                // Exporters declare inputs of bodies carelessly; what arrives is what counts.
                body[input].type = (try? type.refined(by: body[input].type)) ?? type
            }
            try body.inferTypes(evaluator: evaluator, noting: contradictions)
            return body
        }
    }

    /// The tensor of a value that is public knowledge: literals, integer constants, and what follows from them.
    package func publicTensor(_ id: ValueID) -> Tensor? {
        if let known = self[id].known { return known }
        guard let constant = self[id].constant, !constant.isParameter, constant.tensor.isAvailable else { return nil }
        return constant.tensor
    }

    private mutating func learnValues(
        ofNode node: Node, tensors: [Tensor?], evaluator: (any ConstantEvaluator)?
    ) throws {
        guard let evaluator, node.subgraphs.isEmpty, OperatorTable[node.op]?.traits(of: node).contains(.random) == false
        else { return }
        for case let output? in node.outputs {
            guard let count = self[output].type?.elementCount, count <= Self.largestKnownValue else { return }
        }
        let operands: [Tensor?]
        if node.has(.shapeQuery) {
            // Only the operand's type matters; its data need not be known.
            guard let input = node.input(0), let type = self[input].type, let lengths = type.lengths else { return }
            operands = [Tensor(type.elementType, shape: lengths, payload: .missing(ExternalReference(location: "")))]
        } else {
            for (input, tensor) in zip(node.inputs, tensors) where input != nil && tensor == nil { return }
            operands = tensors
        }
        guard let results = try evaluator.evaluate(node, inputs: operands) else { return }
        for (output, tensor) in zip(node.outputs, results) {
            guard let output, let tensor else { continue }
            self[output].known = tensor
            self[output].type = tensor.type
        }
    }
}

/// Shapes that a file declares and its operators contradict.
package final class TypeContradictions: Sendable {
    private let errors = Mutex<[String]>([])

    package init() {}

    /// What was declared, and where, a phrase each.
    package var messages: [String] { errors.withLock { $0 } }

    func note(_ error: HarrierError) {
        errors.withLock {
            $0.append("\(error.place.map { "\($0): " } ?? "")\(error.message); what the operators say counts")
        }
    }
}

extension OperatorDefinition {
    /// Checks the numbers of inputs and outputs, that required attributes are there, and the kinds of all.
    func checkNode(_ node: Node) throws {
        guard inputs.contains(node.inputs.count) else {
            throw HarrierError("\(name) takes \(display(inputs)) inputs, not \(node.inputs.count)")
        }
        guard outputs.contains(node.outputs.count) else {
            throw HarrierError("\(name) gives \(display(outputs)) outputs, not \(node.outputs.count)")
        }
        for attribute in attributes {
            guard let value = node.attributes[attribute.name] else {
                // What a pattern takes as a whole is among the attributes that the node has.
                guard attribute.isRequired, node.attributes[Attribute.allOthers] == nil else { continue }
                throw HarrierError("\(name) lacks its attribute '\(attribute.name)'")
            }
            if let kind = value.kind, kind != attribute.kind {
                throw HarrierError(
                    "attribute '\(attribute.name)' of \(name) must be of kind \(attribute.kind), not \(kind)")
            }
        }
    }

    private func display(_ range: ClosedRange<Int>) -> String {
        if range.upperBound == .max { return "at least \(range.lowerBound)" }
        return range.lowerBound == range.upperBound
            ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}

extension TensorType {
    /// What two statements about one tensor say together: each fills in what the other leaves open.
    ///
    /// - Throws: ``HarrierError`` if they contradict each other.
    package func refined(by other: TensorType?) throws -> TensorType {
        guard let other else { return self }
        guard elementType == other.elementType else {
            throw HarrierError(
                "an output of type \(self) is declared as \(other)",
                hint: "the file's value_info contradicts the operators")
        }
        guard let shape else { return other }
        guard let declared = other.shape else { return self }
        guard shape.count == declared.count else {
            throw HarrierError("an output of type \(self) is declared as \(other)")
        }
        let merged = try zip(shape, declared).map { found, said -> Dimension in
            switch (found, said) {
            case (.known(let one), .known(let two)) where one != two:
                throw HarrierError("an output of type \(self) is declared as \(other)")
            case (.known, _): return found
            case (_, .known): return said
            case (.unknown, _): return said
            default: return found
            }
        }
        return TensorType(elementType, merged)
    }
}
