import Foundation
import IR

/// Operators that combine tensors element by element. What the operands have in common says more than their intervals alone
/// (`RangeCall+Relations`).
let arithmeticRanges: [RangeRow] = [
    RangeRow("Add", integers: true) { call in
        call.maximumOfSum ?? call.input(0) + call.input(1)
    },
    RangeRow("Sub", integers: true) { call in
        if let minimum = call.minimumOfDifference { return minimum }
        return (call.input(0) - call.input(1)).intersection(call.signOfDifference)
    },
    RangeRow("Mul", integers: true) { call in
        guard let left = call.node.input(0), let right = call.node.input(1) else { return .everything }
        if left == right { return call.interval(left).square }
        let product = call.interval(left) * call.interval(right)
        return product.intersection(call.rangeOfProduct)
    },
    RangeRow("Div") { call in
        (call.input(0) / call.input(1)).intersection(call.rangeOfQuotient)
    },
    RangeRow("Mod") { call in
        let (dividend, divisor) = (call.input(0), call.input(1))
        // The remainder has the sign of the divisor, or of the dividend if `fmod` is set, and is smaller than the divisor.
        guard call.flag("fmod") else { return divisor.withZero }
        let limit = min(divisor.magnitude, dividend.magnitude)
        return Interval(dividend.low >= 0 ? 0 : -limit, dividend.high <= 0 ? 0 : limit)
    },
    RangeRow("Pow") { call in
        guard let exponent = call.scalar(call.node.input(1)) else {
            return call.input(0).low >= 0 ? .nonnegative : .everything
        }
        return call.input(0).power(exponent)
    },
    RangeRow("Max", integers: true) { call in
        call.inputs.dropFirst().reduce(call.input(0)) { $0.larger($1) }
    },
    RangeRow("Min", integers: true) { call in
        call.inputs.dropFirst().reduce(call.input(0)) { $0.smaller($1) }
    },
    RangeRow("Sum", integers: true) { call in
        call.inputs.dropFirst().reduce(call.input(0)) { $0 + $1 }
    },
    RangeRow("Mean") { call in
        call.inputs.dropFirst().reduce(call.input(0)) { $0 + $1 } / Interval(Double(max(1, call.inputs.count)))
    },
    RangeRow("Where", reads: .only([1, 2]), integers: true) { $0.input(1).joined(with: $0.input(2)) },
]

extension Interval {
    /// The image under a power where it is defined.
    func power(_ exponent: Double) -> Interval {
        if exponent < 0 { return Interval(1) / power(-exponent) }
        switch exponent {
        case 0: return Interval(1)
        case 0.5: return squareRoot
        case 1: return self
        case 2: return square
        default: break
        }
        if exponent.truncatingRemainder(dividingBy: 2) == 0 {
            return absolute.mapped(range: .nonnegative) { pow($0, exponent) }
        }
        if exponent == exponent.rounded() { return mapped { pow($0, exponent) } }
        return positivePart.mapped(range: .nonnegative) { pow($0, exponent) }
    }
}
