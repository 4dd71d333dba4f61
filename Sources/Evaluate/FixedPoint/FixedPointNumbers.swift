import IR

/// Real numbers brought to a framework's fixed-point numbers, and what did not fit.
struct FixedPointNumbers {
    let format: FixedPointFormat
    /// What did not fit, by node, in the order of the nodes.
    private(set) var overflows: [FixedPointOverflow] = []

    init(_ format: FixedPointFormat) { self.format = format }

    /// An input or a constant as the framework encodes it; what does not fit is the largest or the smallest number.
    mutating func encoded(_ array: NumericArray, name: String) throws -> NumericArray {
        guard array.elementType.isFloatingPoint else { return array }
        let rule: FloatingPointRoundingRule = format.encoding == .nearest ? .toNearestOrAwayFromZero : .towardZero
        return try map(array, node: name, op: "", limit: format.limit, misfit: Self.nearest) { $0.rounded(rule) }
    }

    /// A result brought to the format by a rounding of numbers that count its resolution.
    mutating func rounded(
        _ array: NumericArray, node: String, op: OperatorName, _ round: (Double) -> Double
    ) throws -> NumericArray {
        try map(array, node: node, op: op, limit: format.limit, round)
    }

    /// A result of products, which has to fit with twice the fraction bits.
    mutating func product(
        _ array: NumericArray, node: String, op: OperatorName, _ round: (Double) -> Double
    ) throws -> NumericArray {
        try map(array, node: node, op: op, limit: format.productLimit, round)
    }

    /// Notes of what a framework's own method computes whether it fits.
    mutating func noteMisfits(of exact: NumericArray, node: String, op: OperatorName, isProduct: Bool) throws {
        _ = try map(exact, node: node, op: op, limit: isProduct ? format.productLimit : format.limit) { $0 }
    }

    private mutating func map(
        _ array: NumericArray, node: String, op: OperatorName, limit: Double,
        misfit: (Double, Double) -> Double = Self.wrapped, _ round: (Double) -> Double
    ) throws -> NumericArray {
        let (resolution, steps) = (format.resolution, 1 / format.resolution)
        var overflow = FixedPointOverflow(node: node, op: op, magnitude: 0, limit: limit, count: 0)
        let values = try array.doubles().map { value -> Double in
            var value = value
            if !(value.magnitude < limit) {
                overflow.count += 1
                overflow.magnitude = max(overflow.magnitude, value.isNaN ? .infinity : value.magnitude)
                value = misfit(value, limit)
            }
            return round(value * steps) * resolution
        }
        if overflow.count > 0 { overflows.append(overflow) }
        return NumericArray(unchecked: array.elementType, array.shape, .doubles(values))
    }

    /// The number within the limit that is nearest; what is no number counts as zero.
    private static func nearest(_ value: Double, _ limit: Double) -> Double {
        value.isNaN ? 0 : value < 0 ? -limit : limit.nextDown
    }

    /// What a number becomes that does not fit: the one with the same low bits. Infinity has none.
    private static func wrapped(_ value: Double, _ limit: Double) -> Double {
        guard value.isFinite else { return 0 }
        let rest = value.remainder(dividingBy: 2 * limit)
        return rest == limit ? -limit : rest
    }
}

/// Numbers that did not fit the ring.
public struct FixedPointOverflow: Hashable, Sendable {
    /// The name of the node that computed them, or of the input or constant.
    public var node: String
    /// What the node computes; empty for inputs and constants.
    public var op: OperatorName
    /// The largest magnitude; infinite where the result is not a number.
    public var magnitude: Double
    /// Numbers of this magnitude and more do not fit; for products that is before they are cut off.
    public var limit: Double
    /// How many elements.
    public var count: Int
}
