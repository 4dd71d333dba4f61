import Evaluate
import IR

/// Reductions and poolings.
extension SPU.ArithmeticCall {
    /// Reductions that are approximated. Sums and maxima are exact.
    static var reductionRows: [String: Row] {
        [
            "ReduceMean": { try $0.reduction { hal, row in hal.mean(of: hal.sum(row), row.count) } },
            "ReduceSumSquare": { try $0.reduction { hal, row in hal.sumOfSquares(row) } },
            "ReduceL2": { try $0.reduction { hal, row in hal.sqrt(hal.sumOfSquares(row)) } },
            "ReduceLogSum": { try $0.reduction { hal, row in hal.log(hal.sum(row)) } },
            "ReduceLogSumExp": { try $0.reduction { hal, row in hal.logSumExp(row) } },
            "ReduceProd": { try $0.reduction { hal, row in hal.product(row) } },
            "AveragePool": { try $0.averagePool() },
            "GlobalAveragePool": { call in
                let axes = Array((call.operation.input(0)?.shape ?? []).indices.dropFirst(2))
                return try call.reduction(along: axes, keepsAxes: true) { hal, row in
                    hal.mean(of: hal.sum(row), row.count)
                }
            },
            "Softmax": { try $0.alongAxis { hal, row in hal.softmax(row) } },
            "LogSoftmax": { try $0.alongAxis { hal, row in hal.logSoftmax(row) } },
        ]
    }

    /// A reduction along the axes that the node or its second operand gives.
    private mutating func reduction(_ body: (inout HAL, [Ring]) -> Ring) throws -> [Tensor]? {
        let shape = try tensor(0).shape
        var axes = try operation.input(1)?.integers().map { Int($0) } ?? node.optionalInts("axes") ?? []
        if axes.isEmpty {
            if try node.flag("noop_with_empty_axes") { return nil }
            axes = Array(shape.indices)
        }
        return try reduction(along: axes, keepsAxes: node.flag("keepdims"), body)
    }

    /// A reduction of the first operand.
    private mutating func reduction(
        along axes: [Int], keepsAxes: Bool, _ body: (inout HAL, [Ring]) -> Ring
    ) throws -> [Tensor]? {
        guard operation.isSecret(0) else { return nil }
        let operand = try tensor(0)
        let reduced = Set(axes.map { $0 < 0 ? $0 + operand.shape.count : $0 })
        var result = Tensor(shape: [], elements: [])
        for (axis, length) in operand.shape.enumerated() {
            if !reduced.contains(axis) { result.shape.append(length) } else if keepsAxes { result.shape.append(1) }
        }
        for row in operand.rows(along: reduced) { result.elements.append(body(&hal, row.map { operand.elements[$0] })) }
        return [result]
    }

    /// A function of the rows along the node's axis.
    private mutating func alongAxis(_ body: (inout HAL, [Ring]) -> [Ring]) throws -> [Tensor]? {
        guard operation.isSecret(0) else { return nil }
        var operand = try tensor(0)
        let axis = try node.int("axis")
        for row in operand.rows(along: [axis < 0 ? axis + operand.shape.count : axis]) {
            let results = body(&hal, row.map { operand.elements[$0] })
            for (place, result) in zip(row, results) { operand.elements[place] = result }
        }
        return [operand]
    }
}

extension SPU.RingTensor {
    /// The places of the elements of each row that a reduction along those axes folds.
    func rows(along axes: Set<Int>) -> [[Int]] {
        var strides = [Int](repeating: 0, count: shape.count)
        var count = 1
        for axis in shape.indices.reversed() where !axes.contains(axis) {
            strides[axis] = count
            count *= shape[axis]
        }
        var rows = [[Int]](repeating: [], count: elements.isEmpty ? 0 : count)
        for place in elements.indices {
            var (rest, row) = (place, 0)
            for axis in shape.indices.reversed() {
                row += rest % shape[axis] * strides[axis]
                rest /= shape[axis]
            }
            rows[row].append(place)
        }
        return rows
    }
}

extension SPU.FixedPoint {
    /// The sum of a row.
    func sum(_ row: [Ring]) -> Ring { row.reduce(0, &+) }

    /// The sum of a row's squares.
    mutating func sumOfSquares(_ row: [Ring]) -> Ring {
        var sum: Ring = 0
        for x in row { sum &+= fmul(x, x) }
        return sum
    }

    /// The product of a row: `TreeReduce` folds halves, and at the end what odd lengths have left over, the last one first.
    mutating func product(_ row: [Ring]) -> Ring {
        var (level, tails) = (row, [Ring]())
        while level.count > 1 {
            let half = level.count / 2
            if level.count % 2 == 1 { tails.append(level[2 * half]) }
            var next: [Ring] = []
            for index in 0..<half { next.append(fmul(level[index], level[half + index])) }
            level = next
        }
        var result = level.first ?? one
        for tail in tails.reversed() { result = fmul(result, tail) }
        return result
    }

    /// The largest element of a row as `jnp.max(..., initial=-inf)` finds it.
    func rowMaximum(_ row: [Ring]) -> Ring {
        row.dropFirst().reduce(maximum(row.first ?? 0, encode(-.infinity))) { maximum($0, $1) }
    }

    /// `jax.nn.softmax`. The division is per element, unless the compiler is told to divide once a row.
    mutating func softmax(_ row: [Ring]) -> [Ring] {
        let powers = centredPowers(row)
        let total = sum(powers)
        var result: [Ring] = []
        if settings.optimizesDenominators {
            let inverse = reciprocal(total)
            for power in powers { result.append(fmul(power, inverse)) }
        } else {
            for power in powers { result.append(divide(power, by: total)) }
        }
        return result
    }

    /// `jax.nn.log_softmax`
    mutating func logSoftmax(_ row: [Ring]) -> [Ring] {
        let largest = rowMaximum(row)
        let logarithm = log(sum(centredPowers(row)))
        return row.map { $0 &- largest &- logarithm }
    }

    /// `jax.nn.logsumexp`. SPU says of every number that it is finite.
    mutating func logSumExp(_ row: [Ring]) -> Ring { log(abs(sum(centredPowers(row)))) &+ rowMaximum(row) }

    /// The exponentials of a row's distances from its largest element.
    private mutating func centredPowers(_ row: [Ring]) -> [Ring] {
        let largest = rowMaximum(row)
        var powers: [Ring] = []
        for x in row { powers.append(exp(x &- largest)) }
        return powers
    }
}
