import Evaluate
import IR

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
    private let overflows: [OverflowDocument]

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
        overflows = (accuracy.error?.overflows ?? []).map { OverflowDocument($0) }
    }
}
