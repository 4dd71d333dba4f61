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

    /// A node's error is bad from this part of its largest element on.
    private static let badPart = 0.01
    /// And from this many units in the last place on: small results have few digits anywhere.
    private static let badUnits = 32.0

    /// The nodes that the framework computes badly, the worst first.
    public var badNodes: [NodeError] {
        (error?.nodes ?? []).filter {
            $0.relative > Self.badPart && $0.maxError > Self.badUnits * format.resolution
        }.sorted { $0.maxError > $1.maxError }
    }
}

/// The accuracy as JSON.
struct FrameworkAccuracyDocument: Encodable {
    private struct Node: Encodable {
        let node: String
        let op: String
        let maxError: Double
        let magnitude: Double
        let operands: [Double]
        let worstOperand: Double?
        let isBad: Bool
    }

    private struct Overflow: Encodable {
        let node: String
        let op: String
        let magnitude: Double
        let limit: Double
        let elements: Int
    }

    private let ringBits: Int
    private let fractionBits: Int
    private let functions: Bool
    private let samples: Int
    private let error: Double?
    private let maxError: Double?
    private let magnitude: Double?
    private let randomParameters: Int
    private let skipped: String?
    private let faults: [String]
    private let nodes: [Node]
    private let overflows: [Overflow]

    init(_ accuracy: FrameworkAccuracy) {
        (ringBits, fractionBits) = (accuracy.format.ringBits, accuracy.format.fractionBits)
        functions = accuracy.simulatesFunctions
        samples = accuracy.error?.errors.count ?? 0
        (error, maxError) = (accuracy.error?.typicalError, accuracy.error?.maxError)
        magnitude = accuracy.error?.magnitude
        randomParameters = accuracy.randomParameters
        (skipped, faults) = (accuracy.skipped, accuracy.faults)
        let bad = Set(accuracy.badNodes)
        nodes = (accuracy.error?.nodes ?? []).map {
            Node(
                node: $0.node, op: "\($0.op)", maxError: $0.maxError, magnitude: $0.magnitude,
                operands: [$0.operands.lowerBound, $0.operands.upperBound], worstOperand: $0.worstOperand,
                isBad: bad.contains($0))
        }
        overflows = (accuracy.error?.overflows ?? []).map {
            Overflow(
                node: $0.node, op: "\($0.op)", magnitude: $0.magnitude, limit: $0.limit, elements: $0.count)
        }
    }
}
