import Foundation
import IR

/// Operators that summarise a tensor along axes, and pools.
let reductionRanges: [RangeRow] = [
    RangeRow("ReduceSum", reads: .only([0]), integers: true) { call in
        call.sum(of: call.input(0)).intersection(call.sumOfShiftedExponentials)
    },
    RangeRow("ReduceMean", reads: .only([0])) { call in call.count == nil ? .everything : call.input(0) },
    RangeRow("ReduceMax", reads: .only([0]), integers: true) { call in call.count == nil ? .everything : call.input(0)
    },
    RangeRow("ReduceMin", reads: .only([0]), integers: true) { call in call.count == nil ? .everything : call.input(0)
    },
    RangeRow("ReduceL1", reads: .only([0]), integers: true) { $0.sum(of: $0.input(0).absolute) },
    RangeRow("ReduceL2", reads: .only([0])) { $0.sum(of: $0.input(0).square).squareRoot },
    RangeRow("ReduceSumSquare", reads: .only([0]), integers: true) { $0.sum(of: $0.input(0).square) },
    RangeRow("ReduceLogSum", reads: .only([0])) { $0.sum(of: $0.input(0)).positivePart.mapped { log($0) } },
    RangeRow("ReduceLogSumExp", reads: .only([0])) { call in
        guard let count = call.count else { return .everything }
        return call.input(0) + Interval(Double(count)).mapped { log($0) }
    },
    RangeRow("ReduceProd", reads: .only([0]), integers: true) { call in
        let operand = call.input(0)
        guard let count = call.count else { return operand.low >= 0 ? .nonnegative : .everything }
        if operand.low >= 0 { return operand.power(Double(count)) }
        let largest = Interval(operand.magnitude).power(Double(count)).high
        return Interval(-largest, largest)
    },
    RangeRow("ArgMax", reads: .only([]), integers: true) { _ in .positions },
    RangeRow("ArgMin", reads: .only([]), integers: true) { _ in .positions },
    RangeRow("CumSum", reads: .only([0]), integers: true) { call in
        let operand = call.input(0).withZero
        guard let lengths = call.lengths(0) else { return operand.times(.max) }
        // The axis is an operand; the longest is no shorter.
        return operand.times(lengths.max() ?? 1)
    },
]

/// Pools over windows and planes.
let poolingRanges: [RangeRow] = [
    RangeRow(results: "MaxPool") { [$0.input(0), .positions] },
    RangeRow("AveragePool") { call in
        call.flag("count_include_pad") ? call.input(0).withZero : call.input(0)
    },
    RangeRow("LpPool") { call in
        guard let power = call.int("p").map(Double.init) else { return .everything }
        let count = (try? call.node.ints("kernel_shape"))?.saturatingProduct() ?? 1
        return call.norm(power, of: call.input(0).absolute.withZero, count: count)
    },
    RangeRow("GlobalAveragePool") { $0.input(0) },
    RangeRow("GlobalMaxPool") { $0.input(0) },
    RangeRow("GlobalLpPool") { call in
        guard let power = call.int("p").map(Double.init) else { return .everything }
        let lengths = call.lengths(0)?.dropFirst(2).saturatingProduct()
        return call.norm(
            power, of: call.input(0).absolute.withZero, count: lengths ?? .max)
    },
    RangeRow("MaxRoiPool", reads: .only([0])) { $0.input(0).withZero },
    RangeRow("RoiAlign", reads: .only([0])) { $0.input(0).withZero },
]

extension RangeCall {
    /// How many elements each element of the result is made of; nil if that is not known, or there are none.
    fileprivate var count: Int? { reducedCount(node) }

    /// The sum of as many numbers of an interval as the reduction adds up.
    fileprivate func sum(of operand: Interval) -> Interval {
        guard let count else {
            // Any number of them, perhaps none.
            return Interval(operand.low >= 0 ? 0 : -.infinity, operand.high <= 0 ? 0 : .infinity)
        }
        return operand.times(count)
    }

    /// The sum of `exp(x - max(x))` is at least 1: one of the terms is exp(0).
    fileprivate var sumOfShiftedExponentials: Interval {
        guard count != nil, let exponential = producer(node.input(0), "Exp"),
            let difference = producer(exponential.input(0), "Sub"),
            let others = maximumAxes(of: difference.input(1), over: difference.input(0)), let shape = lengths(0),
            shape == difference.input(0).flatMap({ graph[$0].type?.lengths }),
            let axes = reducedAxes(node), axes.isSuperset(of: others)
        else { return .everything }
        return Interval(1, .infinity)
    }

    /// The axes along which a reduction works, counted from the front; nil if they are not known.
    func reducedAxes(_ reduction: Node) -> Set<Int>? {
        guard let operand = reduction.input(0), let rank = graph[operand].type?.rank else { return nil }
        var axes: [Int] = []
        if let list = reduction.input(1) {
            guard let known = try? graph[list].knownTensor?.integers() else { return nil }
            axes = known
        }
        if axes.isEmpty {
            guard (try? reduction.int("noop_with_empty_axes")) == 0 else { return [] }
            return Set(0..<rank)
        }
        return (try? normalizedAxes(axes, rank: rank)).map { Set($0) }
    }

    /// The p-norm of at most that many numbers of an interval that has 0 as its lower bound.
    fileprivate func norm(_ power: Double, of operand: Interval, count: Int) -> Interval {
        guard power >= 1 else { return .nonnegative }
        return operand * Interval(Double(count)).power(1 / power).joined(with: Interval(1))
    }
}
