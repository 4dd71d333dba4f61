import Foundation

/// Two floating-point numbers that a real number lies between, whatever the rounding.
struct Interval: Hashable, Sendable {
    /// The lower bound; minus infinity if none is known.
    let low: Double
    /// The upper bound; infinity if none is known.
    let high: Double

    /// Any number.
    static let unknown = Interval(-.infinity, .infinity)

    init(_ low: Double, _ high: Double) {
        guard low <= high else {
            self.low = -.infinity
            self.high = .infinity
            return
        }
        (self.low, self.high) = (low, high)
    }

    /// One number.
    init(_ value: Double) { self.init(value, value) }

    /// An interval wider by one step of the floating-point numbers: the results of rounded arithmetic.
    init(rounded low: Double, _ high: Double) { self.init(low.nextDown, high.nextUp) }

    static func + (a: Self, b: Self) -> Self { Interval(rounded: a.low + b.low, a.high + b.high) }

    static func - (a: Self, b: Self) -> Self { Interval(rounded: a.low - b.high, a.high - b.low) }

    static prefix func - (a: Self) -> Self { Interval(-a.high, -a.low) }

    static func * (a: Self, b: Self) -> Self {
        let products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
        guard !products.contains(where: \.isNaN), let low = products.min(), let high = products.max() else {
            return .unknown
        }
        return Interval(rounded: low, high)
    }

    static func / (a: Self, b: Self) -> Self {
        guard b.low > 0 || b.high < 0 else { return .unknown }
        return a * Interval(rounded: 1 / b.high, 1 / b.low)
    }

    /// The values of a function that never falls, as the C library computes it: within some steps of the floating-point numbers.
    func mapped(_ function: (Double) -> Double) -> Interval {
        let (first, last) = (function(low), function(high))
        guard !first.isNaN, !last.isNaN else { return .unknown }
        func slack(_ value: Double) -> Double { value.isFinite ? 8 * value.ulp : 0 }
        return Interval(first - slack(first), last + slack(last))
    }
}
