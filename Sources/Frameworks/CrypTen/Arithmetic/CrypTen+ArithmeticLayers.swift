import Evaluate
import IR

/// Layers, as `nn/module.py` computes them.
extension CrypTen.Arithmetic {
    static let layers: [String: Method] = [
        "Softmax": rows { $0.softmax($1) },
        "LogSoftmax": rows { $0.logSoftmax($1) },
        "BatchNormalization": batchNormalization,
        "ReduceMean": mean,
        "GlobalAveragePool": globalAverage,
        "ReduceL2": root,
        "ReduceProd": reductionProduct,
        "Gemm": gemm,
    ]

    /// A function of the rows along an axis.
    private static func rows(
        _ function: @escaping @Sendable (inout CrypTen.FixedPoint, [CrypTen.Secret]) -> [CrypTen.Secret]
    ) -> Method {
        { numbers, operation in
            guard operation.isSecret(0), let operand = operation.input(0), operand.rank > 0 else { return nil }
            let axis = try operation.node.int("axis")
            var results = try numbers.shares(operand)
            for row in groups(operand.shape, along: [axis < 0 ? axis + operand.rank : axis]) {
                for (place, result) in zip(row, function(&numbers, row.map { results[$0] })) { results[place] = result }
            }
            return try numbers.array(results, shape: operand.shape, like: operand)
        }
    }

    /// A function of the elements that each result of a reduction is made of.
    private static func reduction(
        _ function: @escaping @Sendable (inout CrypTen.FixedPoint, [CrypTen.Secret]) -> CrypTen.Secret
    ) -> Method {
        { numbers, operation in
            guard operation.isSecret(0), let operand = operation.input(0), operand.elementType.isFloatingPoint else {
                return nil
            }
            let node = operation.node
            let given = try operation.input(1)?.integers().map { Int($0) } ?? node.optionalInts("axes") ?? []
            if try given.isEmpty && node.flag("noop_with_empty_axes") { return nil }
            let axes = given.isEmpty ? Set(operand.shape.indices) : Set(given.map { $0 < 0 ? $0 + operand.rank : $0 })
            let results = try reduced(operand, axes, &numbers, function)
            let keeps = try node.flag("keepdims")
            let shape = operand.shape.enumerated().compactMap { axis, length in
                axes.contains(axis) ? (keeps ? 1 : nil) : length
            }
            return try numbers.array(results, shape: shape, like: operand)
        }
    }

    private static func reduced(
        _ operand: NumericArray, _ axes: Set<Int>, _ numbers: inout CrypTen.FixedPoint,
        _ function: (inout CrypTen.FixedPoint, [CrypTen.Secret]) -> CrypTen.Secret
    ) throws -> [CrypTen.Secret] {
        let elements = try numbers.shares(operand)
        return groups(operand.shape, along: axes).map { group in function(&numbers, group.map { elements[$0] }) }
    }

    /// `mean` of `common/functions/regular.py`: a sum divided by the known count.
    private static let mean = reduction { numbers, elements in
        elements.isEmpty ? numbers.share(0) : numbers.quotient(numbers.sum(elements), by: Int64(elements.count))
    }

    private static let globalAverage: Method = { numbers, operation in
        guard operation.isSecret(0), let operand = operation.input(0), operand.rank > 2 else { return nil }
        let results = try reduced(operand, Set(2..<operand.rank), &numbers) { numbers, elements in
            numbers.quotient(numbers.sum(elements), by: Int64(max(1, elements.count)))
        }
        let shape = operand.shape.enumerated().map { $0.offset < 2 ? $0.element : 1 }
        return try numbers.array(results, shape: shape, like: operand)
    }

    /// `norm` of `common/functions/power.py`: the root of the sum of squares, each of which is truncated.
    private static let root = reduction { numbers, elements in
        let squares = elements.map { numbers.square($0) }
        return numbers.sqrt(numbers.sum(squares))
    }

    /// `prod` of `common/functions/regular.py`: the first half times the second, what is left over being put last.
    private static let reductionProduct = reduction { numbers, elements in
        var factors = elements
        while factors.count > 1 {
            let half = factors.count / 2
            let products = (0..<half).map { numbers.product(factors[$0], factors[half + $0]) }
            factors = products + factors[(2 * half)...]
        }
        return factors.first ?? numbers.share(numbers.one)
    }

    /// `AutogradBatchNorm.forward` of `gradients.py`: `(x - mean) · 1/√(variance + ε) · scale + bias`, with the inverse root of a
    /// secret variance computed by Newton's method, and a known one in 32 bits. An ε below the resolution is 0.
    private static let batchNormalization: Method = { numbers, operation in
        let node = operation.node
        guard operation.isSecret(0), let operand = operation.input(0), operand.rank > 1,
            try !node.flag("training_mode"), let variance = operation.input(4),
            let scale = try numbers.factor(operation, 1), let bias = try numbers.factor(operation, 2),
            let mean = try numbers.factor(operation, 3)
        else { return nil }
        let epsilon = try node.float("epsilon")
        let inverse: CrypTen.FixedPoint.Factor
        if operation.isSecret(4) {
            var roots = try numbers.shares(variance)
            for index in roots.indices {
                roots[index] = numbers.inverseSqrt(roots[index] + numbers.encode(Double(epsilon)))
            }
            inverse = .secret(roots)
        } else {
            inverse = .known(
                try variance.doubles().map { numbers.encode(Double(1 / (Float($0) + epsilon).squareRoot())) })
        }
        let channels = [operand.shape[1]] + [Int](repeating: 1, count: operand.rank - 2)
        let spread = [inverse, scale, bias, mean].map { $0.broadcast(channels, to: operand.shape) }
        let centred = numbers.difference(try numbers.shares(operand), spread[3])
        let scaled = numbers.product(numbers.product(centred, spread[0]), spread[1])
        return try numbers.array(numbers.sum(scaled, spread[2]), shape: operand.shape, like: operand)
    }

    /// `Gemm.forward`: the truncated matrix product times alpha, and the bias times beta, as floating-point numbers and so truncated
    /// again, even where they are 1.
    private static let gemm: Method = { numbers, operation in
        guard operation.isSecret(0), let left = operation.input(0), let right = operation.input(1), left.rank == 2,
            right.rank == 2
        else { return nil }
        let node = operation.node
        let shape = [
            left.shape[try node.flag("transA") ? 1 : 0], right.shape[try node.flag("transB") ? 0 : 1],
        ]
        let alpha = numbers.encode(Double(try node.float("alpha")))
        let product = try MatrixProduct(operation, &numbers).elements(&numbers).map {
            numbers.product($0, known: alpha)
        }
        guard let bias = operation.input(2), let summand = try numbers.factor(operation, 2) else {
            return try numbers.array(product, shape: shape, like: left)
        }
        let beta = try node.float("beta")
        let scaled: CrypTen.FixedPoint.Factor =
            switch summand {
            case .secret(let elements):
                .secret(elements.map { numbers.product($0, known: numbers.encode(Double(beta))) })
            case .known: .known(try bias.doubles().map { numbers.encode(Double(Float($0) * beta)) })
            }
        let result = numbers.sum(product, scaled.broadcast(bias.shape, to: shape))
        return try numbers.array(result, shape: shape, like: left)
    }
}

extension CrypTen.FixedPoint {
    /// The difference from an operand, element by element.
    fileprivate func difference(_ numbers: [CrypTen.Secret], _ subtrahend: Factor) -> [CrypTen.Secret] {
        switch subtrahend {
        case .secret(let others): zip(numbers, others).map { $0 - $1 }
        case .known(let others): zip(numbers, others).map { $0 - $1 }
        }
    }
}

/// The matrix product of a Gemm's first two operands, of which the first is secret, in ring elements.
private struct MatrixProduct {
    private let left: [CrypTen.Secret]
    private let right: CrypTen.FixedPoint.Factor
    private let (rows, inner, columns): (Int, Int, Int)
    private let isTransposed: (left: Bool, right: Bool)

    init(_ operation: FixedPointOperation, _ numbers: inout CrypTen.FixedPoint) throws {
        guard let left = operation.input(0), let right = operation.input(1),
            let factor = try numbers.factor(operation, 1)
        else { throw HarrierError("Gemm has no operands") }
        isTransposed = (try operation.node.flag("transA"), try operation.node.flag("transB"))
        (rows, inner) = isTransposed.left ? (left.shape[1], left.shape[0]) : (left.shape[0], left.shape[1])
        columns = isTransposed.right ? right.shape[0] : right.shape[1]
        guard right.shape[isTransposed.right ? 1 : 0] == inner else { throw HarrierError("Gemm's operands do not fit") }
        self.left = try numbers.shares(left)
        self.right = factor
    }

    /// The truncated elements. A product with a known matrix is one of shares, one with a secret matrix is shared anew.
    func elements(_ numbers: inout CrypTen.FixedPoint) -> [CrypTen.Secret] {
        switch right {
        case .secret(let elements):
            let values = product(left.map(\.value), elements.map(\.value))
            return values.map { numbers.quotient(numbers.share($0), by: numbers.one) }
        case .known(let elements):
            let (values, shares) = (product(left.map(\.value), elements), product(left.map(\.share), elements))
            return zip(values, shares).map { numbers.quotient(.init(value: $0, share: $1), by: numbers.one) }
        }
    }

    private func product(_ left: [Int64], _ right: [Int64]) -> [Int64] {
        var result = [Int64](repeating: 0, count: rows * columns)
        let steps = (
            left: isTransposed.left ? (1, rows) : (inner, 1), right: isTransposed.right ? (1, inner) : (columns, 1)
        )
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Int64 = 0
                for k in 0..<inner {
                    sum &+=
                        left[row * steps.left.0 + k * steps.left.1] &* right[k * steps.right.0 + column * steps.right.1]
                }
                result[row * columns + column] = sum
            }
        }
        return result
    }
}
