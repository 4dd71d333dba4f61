import Evaluate
import IR

/// What came of running the original and the result at the framework's precision.
public enum FixedPointOutcome: Sendable {
    /// Both were run.
    case compared(FixedPointComparison)
    /// They were not, for that reason.
    case skipped(FixedPointFormat, why: String)
}

/// The outcome as JSON.
package struct FixedPointDocument: Encodable {
    private struct Overflow: Encodable {
        let graph: String
        let node: String
        let op: String
        let magnitude: Double
        let limit: Double
        let elements: Int
    }

    private let fractionBits: Int
    private let ringBits: Int
    private let samples: Int
    private let maxErrorBefore: Double?
    private let maxErrorAfter: Double?
    private let overflows: [Overflow]
    private let skipped: String?

    private enum CodingKeys: String, CodingKey {
        case samples, overflows, skipped
        case fractionBits = "fraction_bits"
        case ringBits = "ring_bits"
        case maxErrorBefore = "max_error_before"
        case maxErrorAfter = "max_error_after"
    }

    /// The document of an outcome.
    package init(_ outcome: FixedPointOutcome) {
        switch outcome {
        case .skipped(let format, let why):
            (fractionBits, ringBits, samples) = (format.fractionBits, format.ringBits, 0)
            (maxErrorBefore, maxErrorAfter, overflows, skipped) = (nil, nil, [], why)
        case .compared(let comparison):
            (fractionBits, ringBits) = (comparison.format.fractionBits, comparison.format.ringBits)
            samples = comparison.samples
            (maxErrorBefore, maxErrorAfter) = (comparison.before.maxError, comparison.after.maxError)
            overflows = [("before", comparison.before), ("after", comparison.after)].flatMap { name, side in
                side.overflows.map {
                    Overflow(
                        graph: name, node: $0.node, op: "\($0.op)", magnitude: $0.magnitude, limit: $0.limit,
                        elements: $0.count)
                }
            }
            skipped = nil
        }
    }
}
