import Foundation
import Graph
import Profiler

extension ScaleAnalysis {
    /// How large the elements of a constant are, if its data is there.
    static func magnitude(of tensor: Tensor) -> Magnitude? {
        guard tensor.isAvailable, tensor.elementCount <= largestConstant, let values = try? tensor.doubles() else {
            return nil
        }
        return proven(values.reduce(0) { max($0, abs($1)) })
    }

    /// Constants with more elements are not read.
    private static let largestConstant = 1 << 16

    /// No element is larger than the bound.
    static func proven(_ bound: Double) -> Magnitude? {
        guard bound.isFinite else { return nil }
        return Magnitude(bits: bound <= 1 ? 0 : Int(log2(bound).rounded(.up)), isProven: true)
    }

    /// How large what a node computes can be.
    func resultMagnitude(_ node: Node, _ inputs: [ValueID]) -> Magnitude {
        let unknown = Magnitude(bits: Self.assumedBits, isProven: false)
        guard let first = inputs.first else { return unknown }
        let own = magnitude(first)
        switch node.op.type {
        case "Sigmoid", "Softmax", "Tanh", "Erf", "HardSigmoid", "Softsign", "Sign", "Cos", "Sin":
            return Magnitude(bits: 0, isProven: true)
        case "Clip": return clipped(node, own)
        case "Add", "Sub", "Sum": return sum(inputs)
        case "Concat", "Max", "Min": return inputs.dropFirst().reduce(own) { .larger($0, magnitude($1)) }
        case "Where":
            return inputs.dropFirst(2).reduce(inputs.count > 1 ? magnitude(inputs[1]) : unknown) {
                .larger($0, magnitude($1))
            }
        case "ReduceSum": return own.plus(summands(node, first))
        case "Mul":
            guard inputs.count > 1 else { return unknown }
            let other = magnitude(inputs[1])
            return own.isProven && other.isProven ? own.plus(other.bits) : unknown
        case "Shift": return own.plus(-((try? node.int("bits", default: 0)) ?? 0))
        case "Truncate", "ScaleUp", "Open", "OpenOnce", "Neg", "Abs", "Relu", "MaxPool", "GlobalMaxPool", "ReduceMax",
            "ReduceMin", "AveragePool", "GlobalAveragePool", "ReduceMean", "DepthToSpace", "Expand", "Flatten",
            "Gather",
            "Identity", "Reshape", "Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose", "Trilu",
            "Unsqueeze":
            return own
        default: return unknown
        }
    }

    private func sum(_ operands: [ValueID]) -> Magnitude {
        let largest = operands.map(magnitude).reduce(Magnitude(bits: 0, isProven: true), Magnitude.larger)
        return largest.plus(Self.ceilLog2(operands.count))
    }

    /// The logarithm of how many elements a reduction adds up.
    private func summands(_ node: Node, _ operand: ValueID) -> Int {
        let before = elementCount(operand)
        let after = node.output(0).map(elementCount) ?? 1
        return Self.ceilLog2(before / max(1, after))
    }

    private func clipped(_ node: Node, _ own: Magnitude) -> Magnitude {
        let bounds = [1, 2].map { node.input($0).map(magnitude) }
        guard let low = bounds[0], let high = bounds[1], low.isProven, high.isProven else { return own }
        return .larger(low, high)
    }

    /// The smallest power of two that is not less.
    static func ceilLog2(_ value: Int) -> Int {
        value <= 1 ? 0 : Int.bitWidth - (value - 1).leadingZeroBitCount
    }
}
