import Evaluate
import Foundation
import IR
import Pricing

/// Compares both sides of a protocol-level rule in the ring. Over the reals they are equal whatever is truncated where, so that
/// only the ring shows a scale that does not work out, a value that leaves it, or an error that is larger than the rule says.
struct RingCheck {
    /// Random inputs that both sides are run on.
    let samples: Int

    /// The largest difference between the outputs of two graphs, in units of the last place.
    ///
    /// - Parameter positive: names of inputs and parameters whose numbers must be positive.
    /// - Throws: ``HarrierError`` if the scales of one of them do not work out, or it cannot be run.
    func difference(_ left: Graph, _ right: Graph, positive: Set<String> = []) throws -> Double {
        let format = ScaleSettings.usual.format
        let unit = Double(sign: .plus, exponent: -format.fractionBits, significand: 1)
        var largest = 0.0
        for sample in 0..<UInt64(samples) {
            let results = try [left, right].enumerated().map { side, graph in
                var simulation = try RingSimulation(
                    graph, visibility: graph.visibility(under: VisibilityPolicy()), format: format,
                    seed: 2 * sample + UInt64(side))
                return try simulation.run { try Self.numbers(graph[$0], seed: sample, positive) }
            }
            for (one, other) in zip(results[0], results[1]) {
                for (a, b) in zip(try one.doubles(), try other.doubles()) { largest = max(largest, abs(a - b) / unit) }
            }
        }
        return largest
    }

    /// What is wrong with a rewrite; nil if the sides agree as far as the rule says.
    func problem(_ rule: Rule, _ left: Graph, _ right: Graph, positive: Set<String>) -> String? {
        do {
            let difference = try difference(left, right, positive: positive)
            let allowed = rule.ulps ?? Self.usualUlps
            if difference <= allowed { return nil }
            return "in the ring the sides differ by \(difference) units in the last place, not \(allowed) at most"
        } catch { return "in the ring: \(error)" }
    }

    /// What two truncations can err together.
    static let usualUlps = 2.0

    /// The data of a constant, or random numbers that depend on the value's name.
    private static func numbers(_ value: Value, seed: UInt64, _ positive: Set<String>) throws -> NumericArray {
        if let tensor = value.knownTensor, tensor.isAvailable { return try NumericArray(tensor) }
        guard let type = value.type, let lengths = type.lengths else {
            throw HarrierError("the shape of '\(value.name)' is not known")
        }
        var source = NumberSource(name: value.name, seed: seed)
        let low = positive.contains(value.name) ? 0.5 : -2.0
        let numbers = (0..<lengths.reduce(1, *)).map { _ in low + (2 - low) * source.unit() }
        return try NumericArray(numbers, shape: lengths, elementType: type.elementType)
    }
}
