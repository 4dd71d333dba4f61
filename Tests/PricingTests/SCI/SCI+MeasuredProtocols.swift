import Pricing

@testable import Frameworks

/// Protocols of SCI that were measured, and that no operator runs.
extension SCI.Protocols {
    /// Division by `2^shift`, rounded towards zero.
    func divideByPowerOfTwo(bits: Int, shift: Int, _ count: Int) -> Step {
        guard shift > 0 else { return Step(nothing: .truncate) }
        return Step(
            .truncate,
            [
                wrap(bits: shift, count), equality(bits: shift, count),
                comparisonWithEquality(bits: bits - shift - 1, count), and(count), msbToWrap(count), and(count),
                b2a(bits: shift, count), b2a(bits: bits, count), b2a(bits: bits, count),
            ], shift, count)
    }

    /// `min(max(x, 0), 6)`: both comparisons and both selections at once.
    func relu6(bits: Int, _ count: Int) -> Step {
        Step(
            .relu, [drelu(bits: bits, 2 * count), and(count), multiplexer(bits: bits, 2 * count)], bits, count)
    }
}
