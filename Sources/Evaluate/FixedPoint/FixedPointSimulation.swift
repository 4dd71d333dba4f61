import IR

/// Runs graphs as a framework computes them, on random inputs, beside the real numbers.
///
/// It bounds errors on the inputs that were run, and proves nothing of others.
public struct FixedPointSimulation: Sendable {
    private let original: Graph
    private let framework: SimulatedFramework
    private let settings: ComparisonSettings
    private let generator: SampleGenerator

    /// Simulations on the inputs that a graph takes, which are drawn from the seed and the names of the inputs alone.
    public init(
        of original: Graph, in framework: SimulatedFramework, _ settings: ComparisonSettings = ComparisonSettings()
    ) {
        self.original = original
        self.framework = framework
        self.settings = settings
        generator = SampleGenerator(for: original, settings)
    }

    /// What comes of the graph, or of another one with the same inputs and outputs.
    ///
    /// - Throws: ``HarrierError`` if it cannot run.
    /// - Complexity: two runs of the graph for each sample.
    public func error(of graph: Graph? = nil) throws -> FixedPointError {
        let graph = graph ?? original
        let parameters = SharedParameters(original, graph, generator)
        // Both runs of each sample at the same time: they share nothing that changes.
        let count = settings.samples(of: original)
        let runs = try (0..<2 * count).map { $0 }.parallelMap { index in
            let inputs = try generator.inputs(sample: index / 2)
            guard index.isMultiple(of: 2) else {
                let run = FixedPointRun(framework, seed: settings.seed &+ UInt64(index / 2))
                let found = try run.run(graph, inputs: inputs, constants: parameters.value)
                return Outcome(outputs: found, overflows: run.overflows, nodes: run.errors)
            }
            return Outcome(outputs: try Interpreter().run(graph, inputs: inputs, constants: parameters.value))
        }
        let outcomes = try (0..<count).map { sample in
            let found = runs[2 * sample + 1]
            return try FixedPointError(
                exact: runs[2 * sample].outputs, found: found.outputs, overflows: found.overflows, nodes: found.nodes)
        }
        return outcomes.dropFirst().reduce(into: outcomes[0]) { $0.add($1) }
    }

    /// What one run came to.
    private struct Outcome: Sendable {
        let outputs: [String: NumericArray]
        var overflows: [FixedPointOverflow] = []
        var nodes: [NodeError] = []
    }
}

/// What came of simulating a graph.
public struct FixedPointError: Hashable, Sendable {
    /// For each random input the largest difference of an output's element from what the same graph gives in 64-bit floating point.
    public private(set) var errors: [Double]
    /// The largest magnitude of an output's element.
    public private(set) var magnitude = 0.0
    /// What did not fit the ring, a node once with its worst sample, in the order of the nodes.
    public private(set) var overflows: [FixedPointOverflow]
    /// What the framework's own methods came to, a node once, in the order of the nodes.
    public private(set) var nodes: [NodeError]

    /// The largest error of all inputs.
    public var maxError: Double { errors.max() ?? 0 }

    /// The error of the middle one of the inputs: a rare failure of a share's truncation, which can be anywhere, is not in it.
    public var typicalError: Double { errors.isEmpty ? 0 : errors.sorted()[(errors.count - 1) / 2] }

    /// What one input came to.
    fileprivate init(
        exact: [String: NumericArray], found: [String: NumericArray], overflows: [FixedPointOverflow],
        nodes: [NodeError]
    ) throws {
        self.overflows = overflows
        self.nodes = nodes
        var error = 0.0
        for (name, array) in exact where array.elementType.isFloatingPoint {
            guard let other = found[name] else { continue }
            for (one, two) in zip(try array.doubles(), try other.doubles()) where one.isFinite {
                error = max(error, abs(one - two))
                magnitude = max(magnitude, abs(one))
            }
        }
        errors = [error]
    }

    /// Adds what another input came to.
    fileprivate mutating func add(_ other: FixedPointError) {
        errors += other.errors
        magnitude = max(magnitude, other.magnitude)
        for overflow in other.overflows {
            let place = overflows.firstIndex { $0.node == overflow.node && $0.op == overflow.op }
            guard let place else {
                overflows.append(overflow)
                continue
            }
            if overflow.magnitude > overflows[place].magnitude { overflows[place] = overflow }
        }
        for node in other.nodes {
            if let place = nodes.firstIndex(where: { $0.node == node.node && $0.op == node.op }) {
                nodes[place].formUnion(node)
            } else {
                nodes.append(node)
            }
        }
    }
}
