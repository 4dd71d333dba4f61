extension Graph {
    /// The graph for a batch of another size: the first axis of every input gets that length, and the types of all that
    /// nodes compute are found anew.
    ///
    /// - Throws: ``HarrierError`` with the first node that holds on to another size (a Reshape to a fixed shape).
    public func withBatch(_ size: Int, evaluator: (any ConstantEvaluator)?) throws -> Graph {
        var result = self
        for input in inputs {
            guard let type = self[input].type, var shape = type.shape, !shape.isEmpty else { continue }
            shape[0] = .known(size)
            result[input].type = TensorType(type.elementType, shape)
        }
        result.forgetComputedTypes()
        do {
            try result.inferTypes(evaluator: evaluator)
        } catch let error as HarrierError {
            throw HarrierError(
                "the network does not take a batch of \(size): \(error.message)", place: error.place,
                hint: "export it with an open batch dimension")
        }
        return result
    }

    /// The graph at lengths of its open dimensions, types found anew.
    ///
    /// - Throws: ``HarrierError`` with the first node whose operands do not fit together then.
    package func withLengths(_ lengths: [String: Int], evaluator: (any ConstantEvaluator)?) throws -> Graph {
        var result = self
        result.forgetComputedTypes()
        try result.setDimensions(lengths)
        try result.inferTypes(evaluator: evaluator)
        return result
    }

    /// Forgets the types of what nodes compute. What inference cannot find keeps the element type that the file gives.
    package mutating func forgetComputedTypes() {
        for node in nodes {
            for case let output? in node.outputs {
                self[output].type =
                    OperatorTable[node.op] == nil ? self[output].type.map { TensorType($0.elementType, nil) } : nil
                self[output].known = nil
            }
        }
    }
}
