import IR

/// Runs graphs on the random inputs and parameters of a comparison and shows what they compute on the way.
package struct ProbedRun {
    private let generator: SampleGenerator
    private let parameters: SharedParameters

    /// Runs with the numbers that ``NumericCheck/compare(_:_:_:progress:)`` takes for these two graphs. Inputs and parameters
    /// are told apart by name.
    package init(_ first: Graph, _ second: Graph, _ settings: ComparisonSettings = ComparisonSettings()) {
        generator = SampleGenerator(for: first, settings)
        parameters = SharedParameters(first, second, generator)
    }

    /// Random values for the inputs of the first graph, by name.
    ///
    /// - Throws: ``HarrierError`` if an input's shape is open, or its elements are no numbers.
    package func inputs(sample: Int = 0) throws -> [String: NumericArray] { try generator.inputs(sample: sample) }

    /// The outputs of a graph by name.
    ///
    /// - Parameter observer: sees every value that a node computes, in the order of the nodes; what it returns takes the
    ///   value's place, nil leaves it.
    /// - Throws: ``HarrierError`` naming the node that cannot run, and what the observer throws.
    package func run(
        _ graph: Graph, inputs: [String: NumericArray],
        observer: ((ValueID, NumericArray) throws -> NumericArray?)? = nil
    ) throws -> [String: NumericArray] {
        try Interpreter().run(graph, inputs: inputs, constants: parameters.value, observer: observer)
    }
}

extension NumericArray {
    /// The largest difference to an array of the same shape, and the largest magnitude of this one; nil if the shapes or
    /// the kinds of elements differ. Infinities of one sign, and two NaNs, are equal.
    ///
    /// - Throws: ``HarrierError`` if the elements are no numbers.
    /// - Complexity: linear.
    public func difference(from other: NumericArray) throws -> (maxAbsError: Double, magnitude: Double)? {
        guard shape == other.shape, elementType.isFloatingPoint == other.elementType.isFloatingPoint else { return nil }
        var error = 0.0
        var magnitude = 0.0
        for (one, two) in zip(try doubles(), try other.doubles()) {
            if one.isFinite { magnitude = max(magnitude, abs(one)) }
            if one == two || (one.isNaN && two.isNaN) { continue }
            let distance = abs(one - two)
            error = max(error, distance.isNaN ? .infinity : distance)
        }
        return (error, magnitude)
    }
}
