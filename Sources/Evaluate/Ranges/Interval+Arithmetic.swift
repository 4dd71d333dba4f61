extension Interval {
    /// Units in the last place by which a result of the C library may be off. glibc's manual ("Known Maximum Errors in Math
    /// Functions") gives at most 4 for the functions used here.
    private static let libraryError = 4

    static prefix func - (operand: Interval) -> Interval { Interval(unchecked: 0 - operand.high, 0 - operand.low) }

    static func + (left: Interval, right: Interval) -> Interval {
        Interval(Double.sum(left.low, right.low).below, Double.sum(left.high, right.high).above)
    }

    static func - (left: Interval, right: Interval) -> Interval { left + -right }

    static func * (left: Interval, right: Interval) -> Interval {
        hull(
            Double.product(left.low, right.low), Double.product(left.low, right.high),
            Double.product(left.high, right.low), Double.product(left.high, right.high))
    }

    /// The quotient where it is defined; a divisor of both signs says nothing.
    static func / (left: Interval, right: Interval) -> Interval {
        if (right.low < 0 && right.high > 0) || right == Interval(0) { return .everything }
        if right.high <= 0 { return -left / -right }
        return hull(
            Double.quotient(left.low, right.low), Double.quotient(left.low, right.high),
            Double.quotient(left.high, right.low), Double.quotient(left.high, right.high))
    }

    /// The product with itself.
    var square: Interval {
        let (one, two) = (Double.product(low, low), Double.product(high, high))
        return Interval(contains(0) ? 0 : max(0, min(one.below, two.below)), max(one.above, two.above))
    }

    /// The magnitudes.
    var absolute: Interval {
        contains(0) ? Interval(unchecked: 0, magnitude) : Interval(unchecked: min(abs(low), abs(high)), magnitude)
    }

    /// The square root where it is defined.
    var squareRoot: Interval { positivePart.mapped(range: .nonnegative) { $0.squareRoot() } }

    /// The interval with what is negative replaced by 0.
    var positivePart: Interval { Interval(unchecked: max(0, low), max(0, high)) }

    /// The image under a non-decreasing function of the C library, within the range of the function.
    func mapped(range: Interval = .everything, _ function: (Double) -> Double) -> Interval {
        var (lower, upper) = (function(low), function(high))
        if lower.isNaN || upper.isNaN { return range }
        for _ in 0..<Self.libraryError { (lower, upper) = (lower.nextDown, upper.nextUp) }
        return Interval(min(max(lower, range.low), range.high), max(min(upper, range.high), range.low))
    }

    /// The larger of a number in this and a number in another interval.
    func larger(_ other: Interval) -> Interval {
        Interval(unchecked: max(low, other.low), max(high, other.high))
    }

    /// The smaller of a number in this and a number in another interval.
    func smaller(_ other: Interval) -> Interval {
        Interval(unchecked: min(low, other.low), min(high, other.high))
    }

    /// Where numbers of the interval are moved to that are not within some limits.
    func clamped(_ lower: Interval, _ upper: Interval) -> Interval { larger(lower).smaller(upper) }

    /// The sum of that many numbers of the interval.
    func times(_ count: Int) -> Interval { self * Interval(Double(count)) }

    /// The interval with 0 in it.
    var withZero: Interval { Interval(unchecked: min(0, low), max(0, high)) }

    private typealias Directed = (below: Double, above: Double)

    private static func hull(_ one: Directed, _ two: Directed, _ three: Directed, _ four: Directed) -> Interval {
        Interval(
            min(min(one.below, two.below), min(three.below, four.below)),
            max(max(one.above, two.above), max(three.above, four.above)))
    }
}

/// Arithmetic rounded to both sides. Infinite operands stand for bounds that are not known, beside which 0 stays 0.
extension Double {
    /// The sum. Its error is a 64-bit number itself (Knuth's TwoSum, "The Art of Computer Programming", 4.2.2), so its sign is
    /// known.
    fileprivate static func sum(_ a: Double, _ b: Double) -> (below: Double, above: Double) {
        let value = a + b
        guard value.isFinite else { return unbounded(value, a, b) }
        let rest = value - a
        return rounded(value, error: (a - (value - rest)) + (b - rest))
    }

    /// The product. Its error is what a fused multiplication and addition finds.
    fileprivate static func product(_ a: Double, _ b: Double) -> (below: Double, above: Double) {
        if a == 0 || b == 0 { return (0, 0) }
        let value = a * b
        guard value.isFinite else { return unbounded(value, a, b) }
        // So close to 0 the error is no 64-bit number.
        if value.magnitude < smallestExact { return (value.nextDown, value.nextUp) }
        return rounded(value, error: (-value).addingProduct(a, b))
    }

    /// The quotient by a divisor that is not negative.
    fileprivate static func quotient(_ a: Double, _ b: Double) -> (below: Double, above: Double) {
        if a == 0 || b == .infinity { return (0, 0) }
        let value = a / b
        guard b != 0, value.isFinite else { return unbounded(value, a, b) }
        if value.magnitude < smallestExact { return (value.nextDown, value.nextUp) }
        return rounded(value, error: a.addingProduct(-value, b))
    }

    private static let smallestExact = 0x1p-900

    /// The numbers on both sides of what has been rounded to a value with an error of that sign.
    private static func rounded(_ value: Double, error: Double) -> (below: Double, above: Double) {
        (error < 0 ? value.nextDown : value, error > 0 ? value.nextUp : value)
    }

    /// A result without bound; of finite operands it is at least the largest 64-bit number.
    private static func unbounded(_ value: Double, _ a: Double, _ b: Double) -> (below: Double, above: Double) {
        guard a.isFinite, b.isFinite else { return (value, value) }
        return value > 0 ? (.greatestFiniteMagnitude, value) : (value, -.greatestFiniteMagnitude)
    }
}
