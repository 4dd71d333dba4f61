import IR

/// How exact two graphs that compute the same are at a framework's precision.
///
/// It bounds errors on the inputs that were run, and proves nothing of others.
public struct FixedPointComparison: Hashable, Sendable {
    /// What came of one graph.
    public struct Side: Hashable, Sendable {
        /// The largest difference of an output's element from what the same graph gives in 64-bit floating point.
        public var maxError = 0.0
        /// What did not fit the ring, a node once with its worst sample, in the order of the nodes.
        public var overflows: [FixedPointOverflow] = []
    }

    /// The precision.
    public let format: FixedPointFormat
    /// How many random inputs were run.
    public let samples: Int
    /// The first graph.
    public let before: Side
    /// The second graph.
    public let after: Side

    /// How many times larger the error of the second graph is; nil if the first has none.
    public var ratio: Double? { before.maxError > 0 ? after.maxError / before.maxError : nil }

    /// Runs two graphs at a framework's precision on the same random inputs.
    ///
    /// - Parameter settings: how the inputs are made; no further sample is begun after its seconds.
    /// - Throws: ``HarrierError`` if one of them cannot run.
    /// - Complexity: four runs of a graph for each sample.
    public static func compare(
        _ before: Graph, _ after: Graph, format: FixedPointFormat, _ settings: ComparisonSettings = ComparisonSettings()
    ) throws -> FixedPointComparison {
        let generator = SampleGenerator(for: before, settings)
        let parameters = SharedParameters(before, after, generator)
        var sides = [Side(), Side()]
        var samples = 0
        let start = ContinuousClock.now
        for sample in 0..<max(1, settings.samples) {
            if sample > 0, let limit = settings.seconds, ContinuousClock.now - start > .seconds(limit) { break }
            let inputs = try generator.inputs(sample: sample)
            for (index, graph) in [before, after].enumerated() {
                let exact = try Interpreter().run(graph, inputs: inputs, constants: parameters.value)
                let run = FixedPointRun(format, seed: settings.seed &+ UInt64(sample))
                let found = try run.run(graph, inputs: inputs, constants: parameters.value)
                try sides[index].add(found, exact: exact, overflows: run.overflows)
            }
            samples += 1
        }
        return FixedPointComparison(format: format, samples: samples, before: sides[0], after: sides[1])
    }
}

extension FixedPointComparison.Side {
    /// Adds a sample.
    fileprivate mutating func add(
        _ found: [String: NumericArray], exact: [String: NumericArray], overflows: [FixedPointOverflow]
    ) throws {
        for (name, array) in exact where array.elementType.isFloatingPoint {
            guard let other = found[name] else { continue }
            for (one, two) in zip(try array.doubles(), try other.doubles()) where one.isFinite {
                maxError = max(maxError, abs(one - two))
            }
        }
        for overflow in overflows {
            let place = self.overflows.firstIndex { $0.node == overflow.node && $0.op == overflow.op }
            guard let place else {
                self.overflows.append(overflow)
                continue
            }
            if overflow.magnitude > self.overflows[place].magnitude { self.overflows[place] = overflow }
        }
    }
}
