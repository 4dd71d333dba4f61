import Evaluate
import Foundation
import IR

extension Samples {
    /// Which signs drawn floating-point numbers have.
    public enum Sign: Sendable {
        /// Both.
        case any
        /// None is negative.
        case nonnegative
    }

    /// Random inputs for a model, drawn from what its own normalization says of them if it says something: then images of those means and
    /// variances, else standard normal numbers; for indices into a table any of its rows; ones for masks and other integers.
    ///
    /// - Parameters:
    ///   - count: how many samples.
    ///   - assumptions: ranges that inputs keep to; an input with a range is drawn uniformly from it.
    ///   - sign: for inputs without a range, whether they are replaced by their magnitudes.
    /// - Throws: ``HarrierError`` if an input's shape is open, or its elements are no numbers.
    public static func synthetic(
        for graph: Graph, count: Int, assumptions: RangeAssumptions = RangeAssumptions(), sign: Sign = .any,
        seed: UInt64 = 1
    ) throws -> Samples {
        let uniform = ProbedRun(graph, graph, ComparisonSettings(seed: seed, assumptions: assumptions))
        let statistics = Dictionary(
            uniqueKeysWithValues: graph.inputs.compactMap { id in InputStatistics(of: id, in: graph).map { (id, $0) } })
        var inputs: [[String: NumericArray]] = []
        for sample in 0..<max(1, count) {
            var arrays = try uniform.inputs(sample: sample)
            for id in graph.inputs {
                let name = graph[id].name
                guard let array = arrays[name] else { continue }
                if !array.elementType.isFloatingPoint {
                    if !isIndex(id, graph) {
                        arrays[name] = try NumericArray(
                            array.elementType, shape: array.shape,
                            storage: .integers(Array(repeating: 1, count: array.count)))
                    }
                } else if assumptions.named[name] == nil && assumptions.inputs == nil {
                    var source = NormalSource(NumberSource(name: name, seed: seed &+ UInt64(sample) &* 0x9e37_79b9))
                    let numbers = statistics[id].map { source.image(array.shape, $0) } ?? source.numbers(array.count)
                    arrays[name] = try NumericArray(
                        sign == .nonnegative ? numbers.map(abs) : numbers, shape: array.shape,
                        elementType: array.elementType)
                }
            }
            inputs.append(arrays)
        }
        return Samples(
            inputs: inputs, isSynthetic: true, origin: origin(count: inputs.count, graph, statistics.isEmpty, sign))
    }

    private static func origin(count: Int, _ graph: Graph, _ isUninformed: Bool, _ sign: Sign) -> String {
        let floating = graph.inputs.contains { graph[$0].type?.elementType.isFloatingPoint ?? false }
        let how =
            !floating
            ? "uniform indices"
            : isUninformed ? "standard normal" : "means and variances taken back from the first BatchNormalization"
        return "\(count) synthetic samples: \(how)" + (sign == .nonnegative ? ", without their signs" : "")
    }

    /// Whether an input chooses rows of a table.
    private static func isIndex(_ id: ValueID, _ graph: Graph) -> Bool {
        graph.nodes.contains { $0.has(.indexed) && $0.input(1) == id }
    }
}

/// Normally distributed numbers.
struct NormalSource {
    private var source: NumberSource

    init(_ source: NumberSource) { self.source = source }

    /// The next number of mean 0 and variance 1, by Box and Muller's transformation.
    mutating func number() -> Double {
        let radius = (-2 * log(1 - source.unit())).squareRoot()
        return radius * cos(2 * .pi * source.unit())
    }

    /// So many numbers of mean 0 and variance 1.
    mutating func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in number() } }

    /// An image (or several) of the given statistics a channel.
    mutating func image(_ shape: [Int], _ statistics: InputStatistics) -> [Double] {
        guard shape.count == 4, shape[1] == statistics.means.count else { return numbers(shape.reduce(1, *)) }
        var result: [Double] = []
        for _ in 0..<shape[0] {
            for channel in 0..<shape[1] {
                let slow = field(shape[2], shape[3])
                let (fine, coarse) = (statistics.noise[channel].squareRoot(), statistics.smooth[channel].squareRoot())
                for value in slow { result.append(statistics.means[channel] + coarse * value + fine * number()) }
            }
        }
        return result
    }

    /// A random field of mean 0 and variance 1 that changes slowly: a sum of four plane waves no shorter than half of the image.
    private mutating func field(_ height: Int, _ width: Int) -> [Double] {
        let waves = (0..<4).map { _ in
            (amplitude: number(), phase: 2 * .pi * source.unit(), y: 4 * source.unit() - 2, x: 4 * source.unit() - 2)
        }
        var result: [Double] = []
        result.reserveCapacity(height * width)
        for row in 0..<height {
            for column in 0..<width {
                let (y, x) = (Double(row) / Double(max(1, height)), Double(column) / Double(max(1, width)))
                let sum = waves.reduce(0) { $0 + $1.amplitude * cos(2 * .pi * ($1.y * y + $1.x * x) + $1.phase) }
                // Each wave has a mean square of 1/2.
                result.append(sum / 2.0.squareRoot())
            }
        }
        return result
    }
}
