import Evaluate
import IR
import Pricing

/// What came of simulating the original and the result where the framework runs them.
public enum FixedPointOutcome: Sendable {
    /// Both were run; the error that the result's is allowed to be.
    case compared(FixedPointComparison, allowed: Double)
    /// They were not, for that reason.
    case skipped(FixedPointFormat, why: String)

    /// What a person should know of the result where a framework computes it, whatever is allowed; nil if it is exact enough for anybody.
    package var warning: String? {
        guard case .compared(let comparison, _) = self, comparison.isNotable else { return nil }
        let (error, magnitude) = (comparison.after.typicalError, comparison.after.magnitude)
        return
            "its arithmetic is off by \(shortScientific(error)) where the largest element is \(shortScientific(magnitude)): "
            + "'harrier profile' says at which nodes"
    }

    /// Why the result is not exact enough; nil if it is, or nobody knows.
    package var objection: String? {
        guard case .compared(let comparison, let allowed) = self, comparison.after.typicalError > allowed else {
            return nil
        }
        let figures = [comparison.after.typicalError, comparison.before.typicalError, allowed].map(shortScientific)
        return "the framework's error is \(figures[0]), \(figures[1]) before, and \(figures[2]) is allowed"
    }
}

/// The outcome as JSON.
package struct FixedPointDocument: Encodable {
    private let fractionBits: Int
    private let ringBits: Int
    private let samples: Int
    private let functions: Bool?
    private let allowed: Double?
    private let errorBefore: Double?
    private let errorAfter: Double?
    private let magnitude: Double?
    private let maxErrorBefore: Double?
    private let maxErrorAfter: Double?
    private let overflows: [OverflowDocument]
    private let skipped: String?

    private enum CodingKeys: String, CodingKey {
        case samples, functions, magnitude, overflows, skipped
        case allowed = "allowed_error"
        case errorBefore = "error_before"
        case errorAfter = "error_after"
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
            (functions, allowed, errorBefore, errorAfter, magnitude) = (nil, nil, nil, nil, nil)
        case .compared(let comparison, let limit):
            (fractionBits, ringBits) = (comparison.format.fractionBits, comparison.format.ringBits)
            samples = comparison.samples
            functions = comparison.simulatesFunctions
            allowed = limit.isFinite ? limit : nil
            (errorBefore, errorAfter) = (comparison.before.typicalError, comparison.after.typicalError)
            magnitude = comparison.before.magnitude
            (maxErrorBefore, maxErrorAfter) = (comparison.before.maxError, comparison.after.maxError)
            overflows = [("before", comparison.before), ("after", comparison.after)].flatMap { name, side in
                side.overflows.map { OverflowDocument($0, in: name) }
            }
            skipped = nil
        }
    }
}
