extension Graph {
    /// The graph with its public constants as literals, also those that the file writes as initializers (shapes, indices,
    /// single numbers): importers that take every initializer for a secret weight then see what they are.
    ///
    /// - Complexity: O(values); nothing is read.
    package func writingPublicConstantsAsLiterals() -> Graph {
        var result = self
        for index in values.indices {
            guard let constant = values[index].constant, constant.form == .initializer, !constant.isParameter,
                constant.tensor.isAvailable
            else { continue }
            result.values[index].constant?.form = .literal(nodeName: values[index].name)
        }
        return result
    }

    /// The graph with a literal of its own for every place where a node reads one that it has read already. Joining equal
    /// constants makes such nodes (a Slice whose start is its axis), and CrypTen's importer cannot run them.
    ///
    /// Before: `one = Constant ()  y = Slice (x, one, two, one)`. After: `y = Slice (x, one, two, one_again)`.
    ///
    /// - Complexity: O(values + edges).
    package func separatingRepeatedLiterals() -> Graph {
        var result = self
        for index in nodes.indices {
            var seen: Set<ValueID> = []
            for (place, id) in nodes[index].inputs.enumerated() {
                guard let id, !seen.insert(id).inserted, var constant = values[id.index].constant,
                    constant.form != .initializer
                else { continue }
                let name = values[id.index].name + "_again"
                constant.form = .literal(nodeName: name)
                var copy = values[id.index]
                copy.name = name
                copy.constant = constant
                result.nodes[index].inputs[place] = result.add(copy)
            }
        }
        return result
    }
}
