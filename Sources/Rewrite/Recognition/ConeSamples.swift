import Evaluate
import IR

/// What a cone gives on a few inputs, for finding the operators that could be meant.
struct ConeSamples {
    /// The inputs: the cone's operand and its parameters.
    let inputs: [NumericArray]
    /// The cone's result.
    let result: NumericArray

    private let operands: [Double]
    private let results: [Double]

    /// The result of the cone on the given inputs; nil if it cannot run, or gives no number.
    init?(_ cone: ConeFunction, _ inputs: [NumericArray]) {
        guard let result = try? cone.run(inputs), result.elementType.isFloatingPoint,
            let operands = try? inputs[0].doubles(), let results = try? result.doubles(),
            results.contains(where: \.isFinite)
        else { return nil }
        self.inputs = inputs
        self.result = result
        self.operands = operands
        self.results = results
    }

    /// How far results may be apart in relation to their size. Numbers in files are rounded to 24 bits, and exponentials make that larger;
    /// whoever passes here is looked at closely.
    private static let tolerance = 1e-5

    /// Whether an operator gives the same, as far as rounded numbers tell.
    func agree(with candidate: RecognizedNode) -> Bool { difference(from: candidate) != nil }

    /// The largest difference from what an operator gives, in relation to its size; nil if they are not the same as far as rounded
    /// numbers tell. Where the cone gives no finite number nothing is asked.
    func difference(from candidate: RecognizedNode) -> Double? {
        guard let found = try? candidate.run(inputs),
            found.shape.filter({ $0 != 1 }) == result.shape.filter({ $0 != 1 }),
            let others = try? found.doubles(), others.count == results.count
        else { return nil }
        let isAligned = operands.count == results.count
        var largest = 0.0
        for index in results.indices where results[index].isFinite && results[index] != others[index] {
            let (one, other) = (results[index], others[index])
            guard other.isFinite else { return nil }
            let scale = max(abs(one), abs(other), isAligned ? min(abs(operands[index]), 1) : 1)
            largest = max(largest, abs(one - other) / scale)
            guard largest <= Self.tolerance else { return nil }
        }
        return largest
    }

    /// Whether the result is a straight line in the operand, which no operator is that has a body worth the name.
    var isStraight: Bool {
        guard operands.count == results.count, results.count > 2 else { return false }
        let near = operands.indices.filter { abs(operands[$0]) <= Self.nearby && results[$0].isFinite }
        guard let first = near.first, let second = near.first(where: { operands[$0] != operands[first] }) else {
            return true
        }
        let slope = (results[second] - results[first]) / (operands[second] - operands[first])
        return near.allSatisfy {
            let expected = results[first] + slope * (operands[$0] - operands[first])
            return abs(results[$0] - expected) <= Self.tolerance * max(abs(expected), 1e-3)
        }
    }

    /// The one number that all elements of the result are; nil if they differ.
    var constant: Double? { results.allSatisfy { $0 == results[0] } ? results.first : nil }

    private static let nearby = 16.0

    // MARK: Inputs

    /// Numbers at which functions show what they are: kinks, tails of both signs, magnitudes.
    static let points: [Double] = {
        let positive = [0, 1e-3, 0.1, 0.25, 0.5, 0.77, 1, 1.3, 2, 2.5, 3, 4, 5.5, 6, 7, 11, 40, 1e3, 1e6, 1e12]
        return positive + positive.map { -$0 }
    }()

    /// Numbers around those in a cone, where it can have kinks.
    static func points(around numbers: [Double]) -> [Double] {
        let factors = [1, 0.75, 1.5]
        var result: [Double] = []
        for number in numbers {
            for factor in factors { result += [number * factor, -number * factor] }
            // A bound of a square is reached at its root.
            let root = 1.25 * abs(number).squareRoot()
            result += [number + 0.125, number - 0.125, 1 / number, root, -root]
        }
        return result.filter(\.isFinite)
    }

    /// A vector of numbers for an element by element function of a tensor of that type.
    static func vector(_ points: [Double], like type: TensorType) throws -> NumericArray {
        let shape = Array(repeating: 1, count: max(0, (type.rank ?? 1) - 1)) + [points.count]
        return try NumericArray(points, shape: shape, elementType: type.elementType)
    }

    /// Random tensors of the given shapes, the first of either sign and for some seeds wider, the others positive.
    static func random(_ types: [TensorType], seed: UInt64) throws -> [NumericArray] {
        try types.enumerated().map { index, type in
            var source = NumberSource(name: "recognition \(index)", seed: seed + 1)
            let shape = type.lengths ?? []
            let numbers = (0..<shape.reduce(1, *)).map { _ in
                index == 0 ? (source.unit() * 4 - 1.5) * (seed % 3 == 2 ? 5 : 1) : source.unit() + 0.5
            }
            return try NumericArray(numbers, shape: shape, elementType: type.elementType)
        }
    }
}
