extension Graph {
    /// Gives lengths to symbolic dimensions, wherever they stand: in the types of all values, those in bodies of nodes too.
    ///
    /// - Throws: ``HarrierError`` if a type becomes too large.
    public mutating func setDimensions(_ lengths: [String: Int]) throws {
        guard !lengths.isEmpty else { return }
        for index in values.indices {
            guard let type = values[index].type, let shape = type.shape else { continue }
            let bound = shape.map { dimension -> Dimension in
                if case .symbol(let name) = dimension, let length = lengths[name] { return .known(length) }
                return dimension
            }
            values[index].type = TensorType(type.elementType, bound)
            try values[index].type?.verify(of: values[index].name)
        }
        try mapBodies { try $0.setDimensions(lengths) }
    }
}
