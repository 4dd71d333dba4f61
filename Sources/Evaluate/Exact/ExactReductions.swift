import IR

/// Reductions over axes, and functions of rows.
let exactReductions: [OperatorName: ExactKernel] = [
    "ReduceSum": reduction { _, row in row.reduce(.zero, +) },
    "ReduceMean": reduction { trace, row in row.reduce(.zero, +) * trace.reciprocal(ExactNumber(row.count)) },
    "ReduceProd": reduction { _, row in row.reduce(.one, *) },
    "ReduceSumSquare": reduction { _, row in row.reduce(.zero) { $0 + $1 * $1 } },
    "ReduceL1": reduction { trace, row in row.reduce(.zero) { $0 + trace.absolute($1) } },
    "ReduceL2": reduction { trace, row in trace.root(row.reduce(.zero) { $0 + $1 * $1 }) },
    "ReduceMax": reduction { trace, row in
        guard let first = row.first else { return .zero }
        return row.dropFirst().reduce(first) { trace.larger($0, $1) }
    },
    "ReduceMin": reduction { trace, row in
        guard let first = row.first else { return .zero }
        return row.dropFirst().reduce(first) { trace.smaller($0, $1) }
    },
    "Softmax": { call in
        let input = try call.exact(0)
        let axis = try normalizedAxis(try call.node.int("axis"), rank: input.shape.count)
        let rows = try ExactRows(input, axes: [axis])
        // Without the maximum that kernels subtract: exponentials do not overflow here.
        return try rows.map(call) { row in
            let exponentials = row.map { call.trace.exponential($0) }
            let inverse = call.trace.reciprocal(exponentials.reduce(.zero, +))
            return exponentials.map { call.trace.product($0, inverse) }
        }
    },
    "LogSoftmax": { call in
        let input = try call.exact(0)
        let axis = try normalizedAxis(try call.node.int("axis"), rank: input.shape.count)
        return try ExactRows(input, axes: [axis]).map(call) { row in
            let logarithm = call.trace.logarithm(row.map { call.trace.exponential($0) }.reduce(.zero, +))
            return row.map { $0 - logarithm }
        }
    },
    "CumSum": { call in
        let input = try call.exact(0)
        guard let given = try call.plain(1)?.integers().first else { throw HarrierError("CumSum lacks its axis") }
        let isReversed = try call.node.flag("reverse")
        let isExclusive = try call.node.flag("exclusive")
        let rows = try ExactRows(input, axes: [try normalizedAxis(Int(given), rank: input.shape.count)])
        return try rows.map(call) { row in
            var sum = ExactNumber.zero
            let sums = (isReversed ? row.reversed() : row).map { element in
                let before = sum
                sum = sum + element
                return isExclusive ? before : sum
            }
            return isReversed ? sums.reversed() : sums
        }
    },
    "ArgMax": argument { trace, candidate, best in trace.isLess(best, candidate) },
    "ArgMin": argument { trace, candidate, best in trace.isLess(candidate, best) },
]

/// An array seen as rows: the given axes, moved to the end, make up a row.
struct ExactRows {
    private let source: ExactArray
    private let layout: Rows

    /// The elements of every row.
    let rows: [[ExactNumber]]

    /// The rows of an array along axes counted from the front.
    init(_ source: ExactArray, axes: [Int]) throws {
        self.source = source
        layout = try Rows(source.positions(from: 0), axes: axes)
        let positions = try layout.array.integers()
        let length = layout.length
        rows = (0..<layout.count).map { row in
            positions[row * length..<(row + 1) * length].map { source.elements[Int($0)] }
        }
    }

    /// The lengths of the axes that are no row's.
    var outerShape: [Int] { layout.outerShape }

    /// The array with every row replaced by one of equal length.
    func map(_ call: ExactCall, _ body: ([ExactNumber]) throws -> [ExactNumber]) throws -> [ExactValue?] {
        let elements = try rows.flatMap(body)
        let places = NumericArray(unchecked: .int64, layout.array.shape, .integers(elements.indices.map(Int64.init)))
        let order = try layout.restored(places).integers()
        return call.result(order.map { elements[Int($0)] }, shape: source.shape, like: source)
    }
}

private func reduction(_ reduce: @escaping @Sendable (ExactTrace, [ExactNumber]) -> ExactNumber) -> ExactKernel {
    { call in
        let input = try call.exact(0)
        let given = try call.plain(1)?.integers().map { Int($0) } ?? call.node.optionalInts("axes") ?? []
        var axes = try normalizedAxes(given, rank: input.shape.count)
        if axes.isEmpty {
            if try call.node.flag("noop_with_empty_axes") {
                return call.result(input.elements.map { reduce(call.trace, [$0]) }, shape: input.shape, like: input)
            }
            axes = Array(input.shape.indices)
        }
        let rows = try ExactRows(input, axes: axes)
        let keeps = try call.node.flag("keepdims")
        let shape = keeps ? input.shape.enumerated().map { axes.contains($0) ? 1 : $1 } : rows.outerShape
        return call.result(rows.rows.map { reduce(call.trace, $0) }, shape: shape, like: input)
    }
}

private func argument(
    _ isBetter: @escaping @Sendable (ExactTrace, _ candidate: ExactNumber, _ best: ExactNumber) -> Bool
) -> ExactKernel {
    { call in
        let input = try call.exact(0)
        let axis = try normalizedAxis(try call.node.int("axis"), rank: input.shape.count)
        guard input.shape[axis] > 0 else { throw HarrierError("\(call.node.op) of nothing") }
        let takesLast = try call.node.flag("select_last_index")
        let rows = try ExactRows(input, axes: [axis])
        let places = rows.rows.map { row in
            Int64(
                row.indices.dropFirst().reduce(0) {
                    (takesLast ? !isBetter(call.trace, row[$0], row[$1]) : isBetter(call.trace, row[$1], row[$0]))
                        ? $1 : $0
                })
        }
        let keeps = try call.node.flag("keepdims")
        let shape = keeps ? input.shape.enumerated().map { $0 == axis ? 1 : $1 } : rows.outerShape
        return [.plain(NumericArray(unchecked: .int64, shape, .integers(places)))]
    }
}
