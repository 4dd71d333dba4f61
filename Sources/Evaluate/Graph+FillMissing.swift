import IR

extension Graph {
    /// The graph with random data for the constants whose data is missing, the same that ``NumericCheck`` draws for them.
    ///
    /// - Throws: ``HarrierError`` naming a constant that no random data can be drawn for.
    public func fillingMissingData(_ settings: ComparisonSettings = ComparisonSettings()) throws -> Graph {
        let generator = SampleGenerator(for: self, settings)
        var graph = self
        for index in graph.values.indices {
            guard let tensor = graph.values[index].constant?.tensor, !tensor.isAvailable else { continue }
            do {
                graph.values[index].constant?.tensor = try generator.parameter(values[index].name, tensor.type).tensor()
            } catch let error as HarrierError { throw error.at("constant '\(values[index].name)'") }
        }
        return graph
    }
}
