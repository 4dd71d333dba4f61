import Foundation
import IR

/// Activation functions, element by element.
let activationKernels: [KernelRow] = [
    KernelRow("Relu") { try $0.map({ $0 < 0 ? 0 : $0 }, integers: { a, _ in max(a, 0) }) },
    KernelRow("Sigmoid") { try $0.map(sigmoid) },
    KernelRow("HardSigmoid") { call in
        let (alpha, beta) = (
            try call.double("alpha"), try call.double("beta")
        )
        return try call.map { clamp($0 * alpha + beta, 0, 1) }
    },
    KernelRow("HardSwish") { try $0.map { $0 * clamp($0 / 6 + 0.5, 0, 1) } },
    KernelRow("Gelu") { call in
        if try call.node.choice("approximate", of: ["none", "tanh"]) == "tanh" {
            return try call.map { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
        }
        return try call.map { 0.5 * $0 * (1 + erf($0 * 0.5.squareRoot())) }
    },
    KernelRow("LeakyRelu") { call in
        let alpha = try call.double("alpha")
        return try call.map { $0 < 0 ? alpha * $0 : $0 }
    },
    KernelRow("Elu") { call in
        let alpha = try call.double("alpha")
        return try call.map { $0 < 0 ? alpha * expm1($0) : $0 }
    },
    KernelRow("Celu") { call in
        let alpha = try call.double("alpha")
        return try call.map { max(0, $0) + min(0, alpha * expm1($0 / alpha)) }
    },
    KernelRow("Selu") { call in
        let alpha = try call.double("alpha")
        let gamma = try call.double("gamma")
        return try call.map { $0 > 0 ? gamma * $0 : gamma * alpha * expm1($0) }
    },
    KernelRow("ThresholdedRelu") { call in
        let alpha = try call.double("alpha")
        return try call.map { $0 > alpha ? $0 : 0 }
    },
    KernelRow("Softplus") { try $0.map(softplus) },
    KernelRow("Softsign") { try $0.map { $0 / (1 + abs($0)) } },
    KernelRow("Mish") { try $0.map { $0 * tanh(softplus($0)) } },
    KernelRow("Swish") { call in
        let alpha = try call.double("alpha")
        return try call.map { $0 * sigmoid(alpha * $0) }
    },
    KernelRow("Shrink") { call in
        let (bias, limit) = (try call.double("bias"), try call.double("lambd"))
        func shrink(_ x: Double) -> Double { x < -limit ? x + bias : x > limit ? x - bias : 0 }
        return try call.map({ shrink($0) }, integers: { a, _ in Int64(saturating: shrink(Double(a))) })
    },
    KernelRow("Clip", clip),
    KernelRow(outputs: "Dropout", dropout),
]

/// The logistic function, without overflow on either side.
func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let small = exp(x)
    return small / (1 + small)
}

/// `log(1 + exp(x))` without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

/// The nearest number in a range; NaN stays.
func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double { x < low ? low : x > high ? high : x }

/// Both limits may be left out; if the lower is above the upper, the result is the upper, as ONNX says.
private func clip(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    let type = input.elementType
    for limit in 1...2 where call.optional(limit).map({ $0.elementType != type }) ?? false {
        throw HarrierError("the limits of Clip must be of the type of its operand, \(type.onnxName)")
    }
    if case .integers(let values) = input.storage {
        let (low, high) = (try call.integer(1).map { Int64($0) }, try call.integer(2).map { Int64($0) })
        let clipped = values.map { value in
            let raised = low.map { isLess(value, $0, type) ? $0 : value } ?? value
            return high.map { isLess($0, raised, type) ? $0 : raised } ?? raised
        }
        return try call.result(clipped, shape: input.shape, type: type)
    }
    let (low, high) = (try call.number(1) ?? -.infinity, try call.number(2) ?? .infinity)
    return try call.map { value in
        let raised = value < low ? low : value
        return raised > high ? high : raised
    }
}

/// In inference the identity, with a mask of ones. In training elements are dropped by a generator that starts from the node's
/// `seed`, 0 if it has none: two runs give the same.
private func dropout(_ call: Call) throws -> [NumericArray?] {
    let input = try call.input(0)
    let ratio = try call.number(1) ?? 0.5
    guard try call.optional(2)?.integers() == [1], ratio != 0 else {
        let mask =
            call.wants(1)
            ? try call.result([Int64](repeating: 1, count: input.count), shape: input.shape, type: .bool) : nil
        return [input, mask]
    }
    guard ratio > 0, ratio < 1 else { throw HarrierError("Dropout with a ratio of \(ratio), which is not below 1") }
    var generator = SplitMix64(state: UInt64(bitPattern: Int64(try call.node.optionalInt("seed") ?? 0)))
    let kept = (0..<input.count).map { _ in generator.nextUnit() >= ratio }
    let values = zip(try input.doubles(), kept).map { $1 ? $0 / (1 - ratio) : 0 }
    return [
        try call.result(values, shape: input.shape, type: input.elementType),
        try call.result(kept.map { $0 ? Int64(1) : 0 }, shape: input.shape, type: .bool),
    ]
}

/// A generator of numbers that look random (Steele, Lea and Flood, OOPSLA 2014).
private struct SplitMix64 {
    var state: UInt64

    /// A number from 0 on, below 1.
    mutating func nextUnit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ bits >> 31) >> 11) / 0x1p53
    }
}
