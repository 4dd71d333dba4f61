import Foundation
import IR

/// Reductions over axes, and along one axis.
let reductionKernels: [KernelRow] = [
    KernelRow("ReduceSum") { try $0.reduce({ sum($0) }, integers: { $0.reduce(0, &+) }) },
    KernelRow("ReduceMean") { try $0.reduce({ sum($0) / Double($0.count) }, integers: mean) },
    KernelRow("ReduceProd") { try $0.reduce({ $0.reduce(1, *) }, integers: { $0.reduce(1, &*) }) },
    KernelRow("ReduceMax") { call in
        let type = try call.input(0).elementType
        return try call.reduce(
            { $0.reduce(-.infinity) { $0.isNaN || $0 >= $1 ? $0 : $1 } },
            integers: { row in row.dropFirst().reduce(row.first ?? lowest(type)) { isLess($0, $1, type) ? $1 : $0 } })
    },
    KernelRow("ReduceMin") { call in
        let type = try call.input(0).elementType
        return try call.reduce(
            { $0.reduce(.infinity) { $0.isNaN || $0 <= $1 ? $0 : $1 } },
            integers: { row in row.dropFirst().reduce(row.first ?? highest(type)) { isLess($1, $0, type) ? $1 : $0 } })
    },
    KernelRow("ReduceL1") {
        try $0.reduce(
            { $0.reduce(0) { $0 + abs($1) } },
            integers: { $0.reduce(0) { $0 &+ Int64(truncatingIfNeeded: $1.magnitude) } })
    },
    KernelRow("ReduceL2") { call in
        try call.reduce(
            { sumOfSquares($0).squareRoot() },
            integers: { Int64(saturating: sumOfSquares($0.map { Double($0) }).squareRoot()) })
    },
    KernelRow("ReduceSumSquare") { try $0.reduce({ sumOfSquares($0) }, integers: { $0.reduce(0) { $0 &+ $1 &* $1 } }) },
    KernelRow("ReduceLogSum") { try $0.reduce({ log(sum($0)) }) },
    KernelRow("ReduceLogSumExp") { try $0.reduce(logSumExp) },
    KernelRow("ArgMax") { try $0.argument { $0 > $1 || ($0.isNaN && !$1.isNaN) } },
    KernelRow("ArgMin") { try $0.argument { $0 < $1 || ($0.isNaN && !$1.isNaN) } },
    KernelRow("CumSum") { try $0.cumulate(0, +) },
    KernelRow("CumProd") { try $0.cumulate(1, *) },
]

private func sum(_ row: UnsafeBufferPointer<Double>) -> Double { row.reduce(0, +) }

private func sumOfSquares(_ row: some Sequence<Double>) -> Double { row.reduce(0) { $0 + $1 * $1 } }

private func mean(_ row: UnsafeBufferPointer<Int64>) -> Int64 {
    row.isEmpty ? 0 : row.reduce(0, &+) / Int64(row.count)
}

/// `log(Σ exp(x))`, shifted by the largest term so that nothing overflows.
func logSumExp(_ row: UnsafeBufferPointer<Double>) -> Double {
    let largest = row.max() ?? -.infinity
    guard largest.isFinite else { return largest }
    return largest + log(row.reduce(0) { $0 + exp($1 - largest) })
}

/// The least number of an integer type.
private func lowest(_ type: ElementType) -> Int64 {
    switch type {
    case .int8, .int16, .int32, .int64, .int4, .int2: Int64.min >> Int64(64 - (type.bitWidth ?? 64))
    default: 0
    }
}

/// The greatest number of an integer type.
private func highest(_ type: ElementType) -> Int64 {
    type == .bool ? 1 : ~lowest(type) & (type == .uint64 ? -1 : Int64.max) & mask(type)
}

private func mask(_ type: ElementType) -> Int64 {
    guard let width = type.bitWidth, width < 64, lowest(type) == 0 else { return -1 }
    return 1 << Int64(width) - 1
}

/// An array seen as rows: the given axes, moved to the end, make up a row.
struct Rows {
    /// The array with the row axes last.
    let array: NumericArray
    /// Number of rows.
    let count: Int
    /// Elements of a row.
    let length: Int
    /// The lengths of the other axes.
    let outerShape: [Int]
    private let permutation: [Int]

    /// The rows of an array along axes counted from the front.
    init(_ source: NumericArray, axes: [Int]) throws {
        let sorted = axes.sorted()
        let others = source.shape.indices.filter { !sorted.contains($0) }
        permutation = others + sorted
        array = try source.transposed(permutation)
        outerShape = others.map { source.shape[$0] }
        length = sorted.reduce(1) { $0 * source.shape[$1] }
        count = outerShape.reduce(1, *)
    }

    /// One number for each row.
    @inline(__always)
    func reduce(_ body: (UnsafeBufferPointer<Double>) -> Double) throws -> [Double] {
        try array.doubles().withUnsafeBufferPointer { buffer in
            (0..<count).map { body(UnsafeBufferPointer(rebasing: buffer[$0 * length..<($0 + 1) * length])) }
        }
    }

    /// The array with every row replaced by one of equal length, its axes where they were.
    @inline(__always)
    func map(
        _ body: (_ row: Int, UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
    ) throws -> NumericArray {
        let source = try array.doubles()
        let values = source.withUnsafeBufferPointer { source in
            [Double](unsafeUninitializedCapacity: source.count) { target, filled in
                target.initialize(repeating: 0)
                filled = source.count
                for row in 0..<count {
                    let range = row * length..<(row + 1) * length
                    body(row, UnsafeBufferPointer(rebasing: source[range]), .init(rebasing: target[range]))
                }
            }
        }
        let type = array.elementType.isFloatingPoint ? array.elementType : .float64
        return try restored(NumericArray(unchecked: type, array.shape, .doubles(values)))
    }

    /// An array of the shape of `array` with its axes back where those of the source were.
    func restored(_ result: NumericArray) throws -> NumericArray {
        var inverse = permutation
        for (position, axis) in permutation.enumerated() { inverse[axis] = position }
        return try result.transposed(inverse)
    }
}

extension Call {
    /// The axes in the second input or in the attribute, counted from the front; nil if neither is there.
    func reductionAxes(rank: Int) throws -> [Int]? {
        try (try integers(1) ?? node.optionalInts("axes")).map { try normalizedAxes($0, rank: rank) }
    }

    @inline(__always)
    fileprivate func reduce(
        _ reals: (UnsafeBufferPointer<Double>) -> Double,
        integers: ((UnsafeBufferPointer<Int64>) -> Int64)? = nil
    ) throws -> NumericArray {
        let input = try input(0)
        var axes = try reductionAxes(rank: input.rank) ?? []
        if axes.isEmpty {
            if try node.flag("noop_with_empty_axes") {
                return try reduceNothing(input, reals, integers)
            }
            axes = Array(input.shape.indices)
        }
        let rows = try Rows(input, axes: axes)
        let keeps = try node.flag("keepdims")
        let shape = keeps ? input.shape.enumerated().map { axes.contains($0) ? 1 : $1 } : rows.outerShape
        if let integers, case .integers(let values) = rows.array.storage {
            let reduced = values.withUnsafeBufferPointer { buffer in
                (0..<rows.count).map {
                    integers(UnsafeBufferPointer(rebasing: buffer[$0 * rows.length..<($0 + 1) * rows.length]))
                }
            }
            return try result(reduced, shape: shape, type: input.elementType)
        }
        guard input.elementType.isFloatingPoint else {
            let reduced = try rows.reduce(reals).map { Int64(saturating: $0) }
            return try result(reduced, shape: shape, type: input.elementType)
        }
        return try result(try rows.reduce(reals), shape: shape, type: input.elementType)
    }

    /// Without axes each element is reduced on its own: ONNX's `noop_with_empty_axes` still takes roots, squares and so on.
    private func reduceNothing(
        _ input: NumericArray, _ reals: (UnsafeBufferPointer<Double>) -> Double,
        _ integers: ((UnsafeBufferPointer<Int64>) -> Int64)?
    ) throws -> NumericArray {
        guard input.elementType.isFloatingPoint else { return input }
        let values = try input.doubles().map { value in
            withUnsafePointer(to: value) { reals(.init(start: $0, count: 1)) }
        }
        return try result(values, shape: input.shape, type: input.elementType)
    }

    fileprivate func argument(isBetter: (Double, Double) -> Bool) throws -> NumericArray {
        let input = try input(0)
        let axis = try axis(node.int("axis"), rank: input.rank)
        let takesLast = try node.flag("select_last_index")
        let rows = try Rows(input, axes: [axis])
        guard rows.length > 0 || rows.count == 0 else { throw HarrierError("\(node.op) of an empty axis") }
        let found = try rows.reduce { row in
            var best = 0
            for index in row.indices
            where takesLast ? !isBetter(row[best], row[index]) : isBetter(row[index], row[best]) {
                best = index
            }
            return Double(best)
        }
        var shape = input.shape
        if try node.flag("keepdims") { shape[axis] = 1 } else { shape.remove(at: axis) }
        return try result(found.map { Int64($0) }, shape: shape, type: .int64)
    }

    fileprivate func cumulate(_ start: Double, _ combine: (Double, Double) -> Double) throws -> NumericArray {
        let input = try input(0)
        guard let axis = try integer(1) else { throw HarrierError("\(node.op) lacks its input 1") }
        let isExclusive = try node.flag("exclusive")
        let isReversed = try node.flag("reverse")
        let cumulated = try Rows(input, axes: [self.axis(axis, rank: input.rank)]).map { _, source, target in
            var running = start
            for step in source.indices {
                let index = isReversed ? source.count - 1 - step : step
                if isExclusive { target[index] = running }
                running = combine(running, source[index])
                if !isExclusive { target[index] = running }
            }
        }
        guard input.elementType.isFloatingPoint else {
            let values = try cumulated.doubles().map { Int64(saturating: $0) }
            return try result(values, shape: input.shape, type: input.elementType)
        }
        return cumulated
    }
}
