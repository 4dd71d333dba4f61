import IR

/// What came of running two graphs on the same random inputs.
public struct NumericCheck: Hashable, Sendable {
    /// The verdict.
    public enum Status: String, Hashable, Sendable {
        /// Every output agrees within the tolerance.
        case passed
        /// Some output does not, or the graphs do not have the same signature, or the second one cannot run.
        case failed
        /// The graphs could not be compared: the first one cannot run here.
        case skipped
    }

    /// How far apart one output is in the two graphs, over all samples.
    public struct Difference: Hashable, Sendable {
        /// The output's name.
        public var output: String
        /// The largest difference of two elements.
        public var maxAbsError: Double
        /// That difference divided by the output's largest magnitude in the first graph.
        public var maxRelativeError: Double

        /// A difference with the given parts.
        public init(output: String, maxAbsError: Double, maxRelativeError: Double) {
            self.output = output
            self.maxAbsError = maxAbsError
            self.maxRelativeError = maxRelativeError
        }
    }

    /// The verdict.
    public var status: Status
    /// Why it failed or was skipped; nil if it passed.
    public var why: String?
    /// How many random inputs were run.
    public var samples: Int
    /// The differences, in the order of the first graph's outputs.
    public var differences: [Difference]
    /// How many parameters of the first graph have no data in the file and were given random values, the same in
    /// both graphs.
    public var randomParameters: Int

    /// The largest difference of two elements over all outputs; 0 if nothing was compared.
    public var maxAbsError: Double { differences.map(\.maxAbsError).max() ?? 0 }

    /// The largest relative difference over all outputs; 0 if nothing was compared.
    public var maxRelativeError: Double { differences.map(\.maxRelativeError).max() ?? 0 }

    /// A verdict with the given parts.
    public init(
        status: Status, why: String? = nil, samples: Int = 0, differences: [Difference] = [], randomParameters: Int = 0
    ) {
        self.status = status
        self.why = why
        self.samples = samples
        self.differences = differences
        self.randomParameters = randomParameters
    }

    /// A check that was not made.
    public static func skipped(_ why: String) -> NumericCheck { NumericCheck(status: .skipped, why: why) }
}

/// How two graphs are compared.
public struct ComparisonSettings: Hashable, Sendable {
    /// How many random inputs to run.
    public var samples: Int
    /// The largest difference in 64 bits that counts as agreement, as a part of the output's largest magnitude.
    public var tolerance: Double
    /// What the random inputs and parameters are made from: the same seed makes the same numbers.
    public var seed: UInt64
    /// How many multiplications and additions (``IR/Graph/work``) all samples of one graph may take together; the first is run whatever it
    /// takes. Nil runs them all. It is no time, so that the number of samples is the same on every machine.
    public var budget: Double?
    /// Names of inputs and parameters whose random numbers are positive.
    public var positive: Set<String>
    /// How the inputs of the samples are spread, in turn.
    public var styles: [SampleStyle]
    /// Ranges that random inputs and parameters keep to.
    public var assumptions: RangeAssumptions
    /// Whether both graphs also run in the types that they declare, and are compared element by element (``TypedComparison``).
    public var inOwnTypes = false
    /// What rules with a stated bound may change in that, as a part of elements of about one size.
    public var typedTolerance = 0.0

    /// Whether nothing is asked of elements that are not finite in the first graph.
    public var ignoresInfinite = false

    /// Settings with the given parts.
    public init(
        samples: Int = 3, tolerance: Double = 1e-4, seed: UInt64 = 1, budget: Double? = nil,
        positive: Set<String> = [], assumptions: RangeAssumptions = RangeAssumptions(),
        styles: [SampleStyle] = [.ordinary]
    ) {
        self.samples = samples
        self.tolerance = tolerance
        self.seed = seed
        self.budget = budget
        self.positive = positive
        self.styles = styles.isEmpty ? [.ordinary] : styles
        self.assumptions = assumptions
    }

    /// How many random inputs a graph is run on.
    package func samples(of graph: Graph) -> Int {
        guard let budget else { return max(1, samples) }
        return max(1, min(samples, Int(min(1e6, budget / max(1, graph.work)))))
    }
}
