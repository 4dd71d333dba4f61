import Foundation
import IR

/// Functions of one number, element by element.
let functionKernels: [KernelRow] = [
    KernelRow("Abs") { try $0.map({ abs($0) }, integers: { a, type in type == .uint64 || a >= 0 ? a : 0 &- a }) },
    KernelRow("Neg") { try $0.map({ -$0 }, integers: { a, _ in 0 &- a }) },
    KernelRow("Sign") { call in
        try call.map(
            { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, integers: { a, type in a == 0 ? 0 : a > 0 || type == .uint64 ? 1 : -1 })
    },
    KernelRow("Reciprocal") { try $0.map { 1 / $0 } },
    KernelRow("Sqrt") { try $0.map { $0.squareRoot() } },
    KernelRow("Exp") { try $0.map { exp($0) } },
    KernelRow("Log") { try $0.map { log($0) } },
    KernelRow("Erf") { try $0.map { erf($0) } },
    KernelRow("Sin") { try $0.map { sin($0) } },
    KernelRow("Cos") { try $0.map { cos($0) } },
    KernelRow("Tan") { try $0.map { tan($0) } },
    KernelRow("Asin") { try $0.map { asin($0) } },
    KernelRow("Acos") { try $0.map { acos($0) } },
    KernelRow("Atan") { try $0.map { atan($0) } },
    KernelRow("Sinh") { try $0.map { sinh($0) } },
    KernelRow("Cosh") { try $0.map { cosh($0) } },
    KernelRow("Tanh") { try $0.map { tanh($0) } },
    KernelRow("Asinh") { try $0.map { asinh($0) } },
    KernelRow("Acosh") { try $0.map { acosh($0) } },
    KernelRow("Atanh") { try $0.map { atanh($0) } },
    KernelRow("Ceil") { try $0.map { $0.rounded(.up) } },
    KernelRow("Floor") { try $0.map { $0.rounded(.down) } },
    KernelRow("Round") { try $0.map { $0.rounded(.toNearestOrEven) } },
    KernelRow("BitwiseNot") { try $0.map(integers: { a, _ in ~a }) },
]

/// C's `pow`.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

extension Call {
    /// A function of each element of the first operand; of integers, too, if given one for them.
    @inline(__always)
    func map(
        _ reals: ((Double) -> Double)? = nil, integers: ((Int64, ElementType) -> Int64)? = nil
    ) throws -> NumericArray {
        let input = try input(0)
        let type = input.elementType
        switch input.storage {
        case .doubles(let values):
            if let reals { return NumericArray(unchecked: type, input.shape, .doubles(values.map(reals))) }
        case .floats(let values):
            guard let reals else { break }
            return NumericArray(unchecked: type, input.shape, .floats(values.map { Float(reals(Double($0))) }))
        case .integers(let values):
            guard let integers else { break }
            return try result(values.map { integers($0, type) }, shape: input.shape, type: type)
        case .strings, .sequence: break
        }
        throw HarrierError("\(node.op) cannot compute with \(input.kindName)")
    }
}
