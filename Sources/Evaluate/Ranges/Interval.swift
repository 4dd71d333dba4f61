import IR

/// The real numbers from one bound to another; a bound that is not known is infinite.
///
/// Arithmetic on intervals gives an interval that holds the result for all numbers in the operands. Bounds are 64-bit numbers and
/// rounded outward: sums, products and quotients only where the 64-bit result is not exact, so that 0, 1 and other plain
/// numbers stay what they are; results of the C library's functions by the units in the last place that they may be off.
public struct Interval: Hashable, Sendable, CustomStringConvertible {
    /// The lower bound.
    public let low: Double
    /// The upper bound, not below the lower one.
    public let high: Double

    /// Every number.
    public static let everything = Interval(unchecked: -.infinity, .infinity)
    /// Numbers that are not negative.
    public static let nonnegative = Interval(unchecked: 0, .infinity)
    /// From 0 to 1.
    public static let unit = Interval(unchecked: 0, 1)
    /// Positions in a tensor.
    static let positions = Interval(unchecked: 0, Double(TensorType.maximumElementCount))
    /// From -1 to 1.
    public static let signedUnit = Interval(unchecked: -1, 1)

    /// The interval between two bounds; ``everything`` if they are no bounds (not numbers, or the wrong way round).
    public init(_ low: Double, _ high: Double) {
        let isInterval = low <= high && low < .infinity && high > -.infinity
        self.init(unchecked: isInterval ? low : -.infinity, isInterval ? high : .infinity)
    }

    /// A single number; ``everything`` for what is not a finite one.
    public init(_ number: Double) { self.init(number, number) }

    init(unchecked low: Double, _ high: Double) {
        self.low = low
        self.high = high
    }

    /// Whether both bounds are known.
    public var isBounded: Bool { low > -.infinity && high < .infinity }

    /// Whether a bound is known.
    public var isInformative: Bool { low > -.infinity || high < .infinity }

    /// The largest magnitude.
    public var magnitude: Double { max(abs(low), abs(high)) }

    /// Whether the number is in the interval.
    public func contains(_ number: Double) -> Bool { low <= number && number <= high }

    /// Whether all of another interval is in this one.
    public func contains(_ other: Interval) -> Bool { low <= other.low && other.high <= high }

    /// The smallest interval that holds both.
    public func joined(with other: Interval) -> Interval {
        Interval(unchecked: min(low, other.low), max(high, other.high))
    }

    /// The smallest interval that holds all of some; everything if there are none.
    static func hull(of intervals: [Interval]) -> Interval {
        guard let first = intervals.first else { return .everything }
        return intervals.dropFirst().reduce(first) { $0.joined(with: $1) }
    }

    /// What is in both intervals. Both hold the same numbers, so that it is this one if they contradict each other.
    public func intersection(_ other: Interval) -> Interval {
        let (low, high) = (max(low, other.low), min(high, other.high))
        return low <= high ? Interval(low, high) : self
    }

    /// The bounds, as in `[0, 1]`.
    public var description: String { "[\(low), \(high)]" }
}
