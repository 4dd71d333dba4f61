import Evaluate
import IR

/// How exactly a framework computes a model, on random inputs.
public struct FrameworkAccuracy: Sendable {
    /// The framework.
    public let framework: FrameworkInfo
    /// How it writes numbers.
    public let format: FixedPointFormat
    /// Whether its own methods were simulated, and not only its numbers.
    public let simulatesFunctions: Bool
    /// What came of it; nil if the model was not run.
    public let error: FixedPointError?
    /// Why it was not run.
    public let skipped: String?
    /// Tensors of weights that have no data in the file and were drawn at random.
    public let randomParameters: Int
    /// What the framework is known to compute wrong, whatever the numbers are, a phrase each.
    public let faults: [String]

    /// The accuracy with the given parts.
    package init(
        _ framework: any Framework, _ format: FixedPointFormat, error: FixedPointError? = nil, skipped: String? = nil,
        randomParameters: Int = 0, faults: [String]
    ) {
        self.framework = framework.info
        self.format = format
        simulatesFunctions = framework.facts.arithmetic != nil
        self.error = error
        self.skipped = skipped
        self.randomParameters = randomParameters
        self.faults = faults
    }

    /// The nodes that the framework computes badly, the worst first.
    public var badNodes: [NodeError] {
        (error?.nodes ?? []).filter { format.isNotable($0.maxError, of: $0.magnitude) }
            .sorted { $0.maxError > $1.maxError }
    }
}
