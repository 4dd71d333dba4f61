import IR

/// How exact two graphs are where a framework runs them: both are simulated on the same random inputs.
public struct FixedPointComparison: Hashable, Sendable {
    /// The precision.
    public let format: FixedPointFormat
    /// Whether the framework's own methods were simulated, and not only its numbers.
    public let simulatesFunctions: Bool
    /// The first graph.
    public let before: FixedPointError
    /// The second graph.
    public let after: FixedPointError

    /// How many random inputs were run.
    public var samples: Int { before.errors.count }

    /// How many times larger the error of the second graph is; nil if the first has none.
    public var ratio: Double? { before.maxError > 0 ? after.maxError / before.maxError : nil }

    /// Whether the error of the second graph is worth telling.
    public var isNotable: Bool { format.isNotable(after.typicalError, of: after.magnitude) }

    /// A comparison of what two graphs came to in a framework.
    public init(_ framework: SimulatedFramework, before: FixedPointError, after: FixedPointError) {
        format = framework.format
        simulatesFunctions = framework.arithmetic != nil
        self.before = before
        self.after = after
    }

    /// Simulates two graphs on the same random inputs.
    ///
    /// - Parameter settings: how the inputs are made, and how many.
    /// - Throws: ``HarrierError`` if one of them cannot run.
    /// - Complexity: four runs of a graph for each sample.
    public static func compare(
        _ before: Graph, _ after: Graph, in framework: SimulatedFramework,
        _ settings: ComparisonSettings = ComparisonSettings()
    ) throws -> FixedPointComparison {
        let simulation = FixedPointSimulation(of: before, in: framework, settings)
        return FixedPointComparison(
            framework, before: try simulation.error(), after: try simulation.error(of: after))
    }
}
