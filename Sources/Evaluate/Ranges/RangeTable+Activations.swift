import Foundation
import IR

/// Activation functions.
let activationRanges: [RangeRow] = [
    RangeRow("Relu", integers: true) { $0.input(0).positivePart },
    RangeRow("Sigmoid") { $0.input(0).mapped(range: .unit) { sigmoid($0) } },
    RangeRow("HardSigmoid") { call in
        let line = call.input(0) * Interval(call.float("alpha"))
        return (line + Interval(call.float("beta"))).clamped(Interval(0), Interval(1))
    },
    RangeRow("HardSwish") { call in
        call.input(0).valley(at: -1.5, depth: -0.375) { $0 <= -3 ? 0 : $0 >= 3 ? $0 : $0 * ($0 / 6 + 0.5) }
    },
    RangeRow("Gelu") { call in
        if (try? call.node.string("approximate")) == "tanh" {
            // The argument of the tanh form's minimum is close enough to the other's; both depths are rounded down.
            return call.input(0).valley(at: -0.752461, depth: -0.17004076, error: 1e-7) { x in
                x == -.infinity ? 0 : 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
            }
        }
        return call.input(0).gelu
    },
    RangeRow("LeakyRelu") { call in
        call.input(0).withSlope(Interval(call.float("alpha")))
    },
    RangeRow("PRelu") { $0.input(0).withSlope($0.input(1)) },
    RangeRow("Elu") { call in
        call.input(0).withTail {
            Interval(call.float("alpha")) * $0.mapped(range: Interval(-1, 0)) { expm1($0) }
        }
    },
    RangeRow("Celu") { call in
        let alpha = call.float("alpha")
        guard alpha > 0 else { return .everything }
        return call.input(0).withTail {
            Interval(alpha) * ($0 / Interval(alpha)).mapped(range: Interval(-1, 0)) { expm1($0) }
        }
    },
    RangeRow("Selu") { call in
        let alpha = Interval(call.float("alpha"))
        let gamma = Interval(call.float("gamma"))
        return gamma * call.input(0).withTail { alpha * $0.mapped(range: Interval(-1, 0)) { expm1($0) } }
    },
    RangeRow("ThresholdedRelu") { call in
        let (x, alpha) = (call.input(0), call.float("alpha"))
        return x.high > alpha ? x.larger(Interval(alpha)).withZero : Interval(0)
    },
    RangeRow("Softplus") { $0.input(0).mapped(range: .nonnegative) { softplus($0) } },
    RangeRow("Softsign") { call in
        call.input(0).mapped(range: .signedUnit) { $0.isInfinite ? ($0 > 0 ? 1 : -1) : $0 / (1 + abs($0)) }
    },
    RangeRow("Mish") { call in
        call.input(0).valley(at: -1.1924312145154427, depth: -0.30884341) {
            $0 == -.infinity ? 0 : $0 * tanh(softplus($0))
        }
    },
    RangeRow("Swish") { call in
        let alpha = call.float("alpha")
        guard alpha > 0 else { return .everything }
        return (call.input(0) * Interval(alpha)).silu / Interval(alpha)
    },
    RangeRow("Shrink") { call in
        let bias = Interval(call.float("bias"))
        return (call.input(0) + bias).joined(with: call.input(0) - bias).withZero
    },
    RangeRow("Clip", integers: true) { call in
        var result = call.input(0)
        if call.has(1) { result = result.larger(call.input(1)) }
        if call.has(2) { result = result.smaller(call.input(2)) }
        return result
    },
]

extension Interval {
    /// `x · sigmoid(x)`, whose minimum is -0.27846454276...
    var silu: Interval {
        valley(at: -1.2784645427610738, depth: -0.27846455) { $0 == -.infinity ? 0 : $0 * sigmoid($0) }
    }

    /// `x · Φ(x)`, whose minimum is -0.16997120747...
    var gelu: Interval {
        valley(at: -0.7517915246935645, depth: -0.16997121) {
            $0 == -.infinity ? 0 : 0.5 * $0 * (1 + erf($0 * 0.5.squareRoot()))
        }
    }

    /// The image under a function that falls to a minimum and then rises.
    ///
    /// - Parameters:
    ///   - place: where the minimum is.
    ///   - depth: a number just below the minimum.
    ///   - error: how far `place` may be off; so close to it the minimum counts as inside.
    fileprivate func valley(
        at place: Double, depth: Double, error: Double = 1e-9, _ function: (Double) -> Double
    ) -> Interval {
        let ends = [function(low), function(high)]
        // A handful of roundings, each relative to the result.
        let (least, greatest) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
        let slack = 16 * Double.ulpOfOne
        let hasMinimum = low <= place + error && place - error <= high
        return Interval(hasMinimum ? depth : least - abs(least) * slack, greatest + abs(greatest) * slack)
    }

    /// The image under a function that is the identity for positive numbers and another one below.
    fileprivate func withTail(_ tail: (Interval) -> Interval) -> Interval {
        if low >= 0 { return self }
        let below = tail(Interval(low, min(0, high)))
        return high > 0 ? below.joined(with: Interval(0, high)) : below
    }

    /// The image under a function that is the identity for positive numbers and multiplies others.
    fileprivate func withSlope(_ slope: Interval) -> Interval { withTail { slope * $0 } }
}
