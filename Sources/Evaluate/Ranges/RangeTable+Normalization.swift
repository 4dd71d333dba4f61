import Foundation
import IR

/// Normalizations and the Softmax family. What they give is bounded whatever they are given, so that most rows do not ask for the
/// operand: nothing before it has to be looked at.
let normalizationRanges: [RangeRow] = [
    RangeRow("Softmax", reads: .only([])) { _ in .unit },
    RangeRow("LogSoftmax", reads: .only([])) { _ in Interval(-.infinity, 0) },
    RangeRow("Hardmax", reads: .only([])) { _ in .unit },
    RangeRow("LpNormalization", reads: .only([])) { _ in .signedUnit },
    RangeRow("MeanVarianceNormalization", reads: .only([])) { call in
        guard let lengths = call.lengths(0), let axes = try? call.node.ints("axes"),
            let normalized = try? normalizedAxes(axes, rank: lengths.count)
        else { return .everything }
        return standardized(normalized.map { lengths[$0] }.saturatingProduct())
    },
    RangeRow(results: "LayerNormalization", reads: .only([1, 2])) { call in
        guard let lengths = call.lengths(0),
            let axis = try? normalizedAxis(call.node.int("axis"), rank: lengths.count)
        else { return [] }
        let result = call.scaledAndShifted(standardized(lengths[axis...].saturatingProduct()))
        let epsilon = call.float("epsilon")
        // One over a deviation of at least √ε.
        return [
            result, .everything, epsilon > 0 ? Interval(0, (1 / epsilon.squareRoot()).nextUp.nextUp) : .nonnegative,
        ]
    },
    RangeRow("RMSNormalization", reads: .only([1])) { call in
        guard let lengths = call.lengths(0),
            let axis = try? normalizedAxis(call.node.int("axis"), rank: lengths.count)
        else { return .everything }
        let limit = Double(lengths[axis...].saturatingProduct()).squareRoot().nextUp
        return Interval(-limit, limit) * call.input(1)
    },
    RangeRow("InstanceNormalization", reads: .only([1, 2])) { call in
        guard let lengths = call.lengths(0) else { return .everything }
        return call.scaledAndShifted(standardized(lengths.dropFirst(2).saturatingProduct()))
    },
    RangeRow("GroupNormalization", reads: .only([1, 2])) { call in
        guard let groups = call.int("num_groups"), let lengths = call.lengths(0), lengths.count >= 2, groups > 0
        else { return .everything }
        let channels = lengths[1] / groups
        return call.scaledAndShifted(standardized(([channels] + lengths.dropFirst(2)).saturatingProduct()))
    },
    RangeRow("BatchNormalization", reads: .only([0])) { call in
        if call.flag("training_mode") {
            guard let lengths = call.lengths(0), lengths.count >= 2 else { return .everything }
            let count = ([lengths[0]] + lengths.dropFirst(2)).saturatingProduct()
            return call.perChannel(standardized(count), scale: 1, bias: 2) ?? .everything
        }
        return call.batchNormalized
    },
    RangeRow("LRN") { call in
        let (alpha, beta, bias) = (
            call.float("alpha"), call.float("beta"), call.float("bias")
        )
        guard alpha >= 0, beta >= 0, bias > 0 else { return .everything }
        // The divisor is at least bias^beta.
        return (call.input(0) / Interval(bias).power(beta)).withZero
    },
]

/// The interval of numbers that have been brought to mean 0 and variance 1, of which there are that many: none is further from the
/// mean than √(n - 1) standard deviations (Samuelson's inequality, JASA 1968).
private func standardized(_ count: Int) -> Interval {
    let limit = Double(max(1, count) - 1).squareRoot().nextUp
    return count <= 1 ? Interval(0) : Interval(-limit, limit)
}

extension RangeCall {
    /// A normalized value with scale and bias, operands 1 and 2.
    fileprivate func scaledAndShifted(_ normalized: Interval) -> Interval {
        if let result = perChannel(normalized, scale: 1, bias: 2) { return result }
        let scaled = normalized * input(1)
        return has(2) ? scaled + input(2) : scaled
    }

    /// The same with the scale and bias of each channel; nil if their data is not there.
    fileprivate func perChannel(_ normalized: Interval, scale: Int, bias: Int) -> Interval? {
        guard let scales = numbers(scale), !scales.isEmpty else { return nil }
        let shifts = has(bias) ? numbers(bias) : Array(repeating: 0, count: scales.count)
        guard let shifts, !has(bias) || lengths(scale) == lengths(bias) else { return nil }
        return .hull(of: zip(scales, shifts).map { Interval($0) * normalized + Interval($1) })
    }

    /// A batch normalization by given moments, channel by channel.
    fileprivate var batchNormalized: Interval {
        guard let scale = numbers(1), let bias = numbers(2), let mean = numbers(3), let variance = numbers(4),
            Set([scale.count, bias.count, mean.count, variance.count]).count == 1, input(0).isInformative
        else { return .everything }
        let epsilon = Interval(float("epsilon"))
        let operand = input(0)
        return .hull(
            of: scale.indices.map { channel in
                let deviation = (Interval(variance[channel]) + epsilon).squareRoot
                return (operand - Interval(mean[channel])) / deviation * Interval(scale[channel])
                    + Interval(bias[channel])
            })
    }
}
