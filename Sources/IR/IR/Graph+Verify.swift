extension Graph {
    /// Checks that the graph is well formed: names are unique, every operand is there before it is read, every value
    /// has one producer, nodes of known operators have the right arity, types are within limits.
    ///
    /// - Throws: ``HarrierError`` naming the first node or value that is not.
    /// - Complexity: O(nodes + edges + values).
    public func verify() throws {
        try verify(isNormalized: opsets["", default: Self.opsetVersion] == Self.opsetVersion)
    }

    /// - Parameter isNormalized: whether operators are in the version that the operator table tells the arity of.
    private func verify(isNormalized: Bool) throws {
        var available = [Bool](repeating: false, count: values.count)
        var names: Set<String> = []
        func introduce(_ id: ValueID, by place: @autoclosure () -> String) throws {
            guard values.indices.contains(id.index) else {
                throw HarrierError("refers to a value that does not exist", place: place())
            }
            let value = self[id]
            guard !available[id.index] else {
                throw HarrierError("computes '\(value.name)', which is there already", place: place())
            }
            guard !value.name.isEmpty else { throw HarrierError("gives a value without a name", place: place()) }
            guard names.insert(value.name).inserted else {
                throw HarrierError("a second value of the name '\(value.name)'", place: place())
            }
            if let type = value.type { try type.verify(of: value.name) }
            available[id.index] = true
        }
        for (index, value) in values.enumerated() where value.constant != nil {
            try introduce(ValueID(index), by: "constant '\(value.name)'")
        }
        for input in inputs + captures { try introduce(input, by: "the graph's inputs") }
        let captured = Dictionary(grouping: capturesByNode(), by: \.node)
        for (index, node) in nodes.enumerated() {
            for input in node.inputs.compactMap({ $0 }) + (captured[index] ?? []).map(\.value) {
                guard values.indices.contains(input.index), available[input.index] else {
                    let name = values.indices.contains(input.index) ? self[input].name : "?"
                    throw HarrierError("reads '\(name)', which nothing before it computes", place: label(ofNode: index))
                }
            }
            if isNormalized, let definition = OperatorTable[node.op] {
                do { try definition.checkNode(node) } catch let error as HarrierError {
                    throw error.at(label(ofNode: index))
                }
            }
            for body in node.subgraphs { try body.verify(isNormalized: isNormalized) }
            for case let output? in node.outputs { try introduce(output, by: label(ofNode: index)) }
        }
        for output in outputs {
            guard values.indices.contains(output.index), available[output.index] else {
                let name = values.indices.contains(output.index) ? self[output].name : "?"
                throw HarrierError("the graph's output '\(name)' is computed by nothing")
            }
        }
    }
}

extension TensorType {
    /// Checks that all lengths are sensible.
    ///
    /// - Throws: ``HarrierError`` at that name if a length is negative or there are more than ``maximumElementCount``
    ///   elements.
    public func verify(of name: String) throws {
        for case .known(let length) in shape ?? [] where length < 0 {
            throw HarrierError("a negative dimension in \(self)", place: "'\(name)'")
        }
        if let elementCount, elementCount > Self.maximumElementCount {
            throw HarrierError(
                "a tensor of type \(self) is too large", place: "'\(name)'",
                hint: "at most \(Self.maximumElementCount) elements")
        }
    }
}
