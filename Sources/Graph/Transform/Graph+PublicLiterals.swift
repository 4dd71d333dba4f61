extension Graph {
    /// The graph with its public constants as literals, also those that the file writes as initializers (shapes, indices,
    /// single numbers): importers that take every initializer for a secret weight then see what they are.
    ///
    /// - Complexity: O(values); nothing is read.
    public func writingPublicConstantsAsLiterals() -> Graph {
        var result = self
        for index in values.indices {
            guard let constant = values[index].constant, constant.form == .initializer, !constant.isParameter,
                constant.tensor.isAvailable
            else { continue }
            result.values[index].constant?.form = .literal(nodeName: values[index].name)
        }
        return result
    }
}
