import Foundation
import IR

/// What operands that depend on each other say of a result. Everything here looks a few nodes back from an operator.
extension RangeCall {
    /// Whether the result holds real numbers: differences of integers wrap around.
    private var isReal: Bool {
        node.output(0).flatMap { graph[$0].type?.elementType.isFloatingPoint } ?? false
    }

    /// The interval of a sum that is the larger of two values; nil for other sums.
    var maximumOfSum: Interval? { pairwiseMaximum.map { interval($0).larger(interval($1)) } }

    /// The values of whose elements a sum is the larger one, as it is written without comparing: `a + Relu(b - a)`.
    var pairwiseMaximum: (ValueID, ValueID)? {
        guard isReal, let left = node.input(0), let right = node.input(1) else { return nil }
        for (base, step) in [(left, right), (right, left)] {
            guard let relu = producer(step, "Relu"), let other = minuend(relu.input(0), subtracting: base) else {
                continue
            }
            return (base, other)
        }
        return nil
    }

    /// The interval of `a - Relu(a - b)`, which is the smaller of both; nil for other differences.
    var minimumOfDifference: Interval? {
        guard isReal, let base = node.input(0), let relu = producer(node.input(1), "Relu"),
            let other = subtrahend(relu.input(0), from: base)
        else { return nil }
        return interval(base).smaller(interval(other))
    }

    /// What is known of `a - b` where one of them is never below the other.
    var signOfDifference: Interval {
        guard let left = node.input(0), let right = node.input(1) else { return .everything }
        if left == right { return Interval(0) }
        guard isReal else { return .everything }
        if dominates(right, left) { return Interval(-.infinity, 0) }
        if dominates(left, right) { return .nonnegative }
        return .everything
    }

    /// What is known of a product one of whose factors is a function of the other.
    var rangeOfProduct: Interval {
        guard let left = node.input(0), let right = node.input(1) else { return .everything }
        for (value, factor) in [(left, right), (right, left)] {
            if let gate = producer(factor, "Sigmoid"), gate.input(0) == value { return interval(value).silu }
            if isTwiceDistribution(factor, of: value) {
                return interval(value).gelu * Interval(2)
            }
            if let inverse = producer(factor, "Reciprocal") { return quotientRange(value, inverse.input(0)) }
        }
        return .everything
    }

    /// What is known of a quotient whose divisor is a norm or the sum of what it divides.
    var rangeOfQuotient: Interval { quotientRange(node.input(0), node.input(1)) }

    private func quotientRange(_ dividend: ValueID?, _ divisor: ValueID?) -> Interval {
        guard let dividend, let divisor else { return .everything }
        if let sum = producer(divisor, "ReduceSum"), sum.input(0) == dividend, isAligned(sum) {
            // Parts of a whole.
            return interval(dividend).low >= 0 ? .unit : .everything
        }
        if let norm = producer(divisor, "ReduceL1") ?? producer(divisor, "ReduceL2"), norm.input(0) == dividend,
            isAligned(norm)
        {
            return .signedUnit
        }
        // x / √(mean(x²) + ε): no square is larger than the sum of all.
        guard let root = producer(divisor, "Sqrt"), let mean = meanOfSquares(root.input(0), of: dividend),
            let count = reducedCount(mean)
        else { return .everything }
        let limit = Double(count).squareRoot().nextUp
        return Interval(-limit, limit)
    }

    /// The ReduceMean that computes `mean(x²)` or, with a constant that is not negative, `mean(x²) + ε`.
    private func meanOfSquares(_ id: ValueID?, of value: ValueID) -> Node? {
        if let sum = producer(id, "Add") {
            for (mean, constant) in [(sum.input(0), sum.input(1)), (sum.input(1), sum.input(0))] {
                if let constant, interval(constant).low >= 0, let found = meanOfSquares(mean, of: value) {
                    return found
                }
            }
        }
        guard let mean = producer(id, "ReduceMean"), isAligned(mean) else { return nil }
        if let product = producer(mean.input(0), "Mul"), product.input(0) == value, product.input(1) == value {
            return mean
        }
        if let power = producer(mean.input(0), "Pow"), power.input(0) == value, scalar(power.input(1)) == 2 {
            return mean
        }
        return nil
    }

    /// Whether a factor is `1 + erf(x / √2)`, as exporters write twice the normal distribution of a Gelu.
    private func isTwiceDistribution(_ factor: ValueID, of value: ValueID) -> Bool {
        guard let sum = producer(factor, "Add") else { return false }
        for (error, one) in [(sum.input(0), sum.input(1)), (sum.input(1), sum.input(0))] {
            guard scalar(one) == 1, let erf = producer(error, "Erf") else { continue }
            if let quotient = producer(erf.input(0), "Div"), quotient.input(0) == value,
                let divisor = scalar(quotient.input(1)), isClose(divisor, 2.0.squareRoot())
            {
                return true
            }
            if let product = producer(erf.input(0), "Mul") {
                for (other, factor) in [(product.input(0), product.input(1)), (product.input(1), product.input(0))]
                where other == value {
                    if let factor = scalar(factor), isClose(factor, 0.5.squareRoot()) { return true }
                }
            }
        }
        return false
    }

    /// Whether a number is what another one is in 32 bits.
    private func isClose(_ number: Double, _ other: Double) -> Bool { Float(number) == Float(other) }

    /// `b`, if the value is `b - a`.
    private func minuend(_ id: ValueID?, subtracting base: ValueID) -> ValueID? {
        if let difference = producer(id, "Sub"), difference.input(1) == base { return difference.input(0) }
        guard let sum = producer(id, "Add") else { return nil }
        for (negated, other) in [(sum.input(0), sum.input(1)), (sum.input(1), sum.input(0))] {
            if let negation = producer(negated, "Neg"), negation.input(0) == base { return other }
        }
        return nil
    }

    /// `b`, if the value is `a - b`.
    private func subtrahend(_ id: ValueID?, from base: ValueID) -> ValueID? {
        guard let difference = producer(id, "Sub"), difference.input(0) == base else { return nil }
        return difference.input(1)
    }

    /// Whether no element of one value, broadcast, is below the element of the other at the same place.
    private func dominates(_ upper: ValueID, _ lower: ValueID) -> Bool {
        if maximumAxes(of: upper, over: lower) != nil { return true }
        if let minimum = producer(lower, "ReduceMin"), minimum.input(0) == upper { return isAligned(minimum) }
        if let maximum = producer(upper, "Max") { return maximum.inputs.contains(lower) }
        if let minimum = producer(lower, "Min") { return minimum.inputs.contains(upper) }
        if let relu = producer(upper, "Relu"), relu.input(0) == lower { return true }
        return false
    }

    /// The axes along which a value is the maximum of another one, beside whose elements it stands when it is broadcast; nil if it
    /// is none.
    func maximumAxes(of maximum: ValueID?, over source: ValueID?) -> Set<Int>? {
        guard let maximum, let source else { return nil }
        if let reduction = producer(maximum, "ReduceMax"), reduction.input(0) == source {
            return isAligned(reduction) ? reducedAxes(reduction) : nil
        }
        return MaximumTree.axis(of: maximum, over: source, in: self).map { [$0] }
    }

    /// Whether a reduction's result, broadcast to its operand, stands beside the elements that it is made of.
    func isAligned(_ reduction: Node) -> Bool {
        if (try? reduction.flag("keepdims")) != false { return true }
        guard let result = reduction.output(0), let type = graph[result].type else { return false }
        return type.elementCount == 1
    }

    /// How many elements a reduction makes one of; nil if that is not known, or there are none.
    func reducedCount(_ reduction: Node) -> Int? {
        guard let operand = reduction.input(0), let result = reduction.output(0),
            let all = graph[operand].type?.elementCount, let left = graph[result].type?.elementCount,
            left > 0, all > 0, all != .max, all % left == 0
        else { return nil }
        return all / left
    }
}
