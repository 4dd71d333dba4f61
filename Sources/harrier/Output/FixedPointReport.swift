import Evaluate
import Foundation
import IR

/// What came of running the original and the result at the framework's precision.
enum FixedPointReport {
    /// Both were run.
    case compared(FixedPointComparison)
    /// They were not, for that reason.
    case skipped(FixedPointFormat, why: String)

    /// Overflows that are named at most.
    private static let shown = 3

    /// A sentence or two.
    func text(_ style: Style) -> String {
        switch self {
        case .skipped(let format, let why):
            return style.yellow("Not simulated") + " in \(Self.name(format)): \(why).\n"
        case .compared(let comparison):
            let samples = "\(comparison.samples) of the inputs"
            var text =
                "In \(Self.name(comparison.format)), simulated on \(samples), the largest error is "
                + "\(shortScientific(comparison.after.maxError)), "
                + "\(shortScientific(comparison.before.maxError)) before.\n"
            let (before, after) = (comparison.before.overflows, comparison.after.overflows)
            guard !after.isEmpty else { return text }
            let nodes = after.prefix(Self.shown).map { "\($0.node.printable) (\(shortScientific($0.magnitude)))" }
            text +=
                style.yellow("Overflow") + ": \(after.count) nodes exceed the ring, \(before.count) before: "
                + nodes.joined(separator: ", ") + (after.count > Self.shown ? ", ..." : "") + ".\n"
            return text
        }
    }

    private static func name(_ format: FixedPointFormat) -> String {
        "fixed point of \(format.ringBits) bits, \(format.fractionBits) of them fraction"
    }
}

/// The comparison as JSON.
struct FixedPointDocument: Encodable {
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

    /// The document of a comparison.
    init(_ report: FixedPointReport) {
        switch report {
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
