import IR

/// Matrix products.
let matrixKernels: [KernelRow] = [
    KernelRow("MatMul") { try matrixProduct(try $0.input(0), try $0.input(1)) },
    KernelRow("Gemm") { call in
        switch try call.input(0).storage {
        case .floats: try gemm(call, Float.self)
        case .integers: try integerGemm(call)
        default: try gemm(call, Double.self)
        }
    },
]

/// How the operands of a (batched) matrix product lie, after NumPy's rules for one-dimensional operands and batches.
struct ProductShape {
    var m = 1
    var n = 1
    var k = 1
    /// The result's shape.
    var shape: [Int] = []
    /// For each matrix of the batch where the operands start, in matrices.
    var starts: [(left: Int, right: Int)] = []

    /// The product of two shapes.
    ///
    /// - Throws: ``HarrierError`` if they do not fit.
    init(_ left: [Int], _ right: [Int]) throws {
        guard !left.isEmpty, !right.isEmpty else { throw HarrierError("a scalar has no matrix product") }
        let one = left.count == 1 ? [1] + left : left
        let two = right.count == 1 ? right + [1] : right
        (m, k, n) = (one[one.count - 2], one[one.count - 1], two[two.count - 1])
        guard k == two[two.count - 2] else {
            throw HarrierError("matrices of shapes \(left) and \(right) have no product")
        }
        let (leftBatch, rightBatch) = (Array(one.dropLast(2)), Array(two.dropLast(2)))
        let batch = try broadcast([leftBatch, rightBatch])
        shape = batch + (left.count == 1 ? [] : [m]) + (right.count == 1 ? [] : [n])
        _ = try checkedCount(shape)
        let loop = StridedLoop(
            shape: batch,
            strides: [broadcastStrides(leftBatch, to: batch), broadcastStrides(rightBatch, to: batch)], offsets: [0, 0])
        loop.forEachRow { _, offsets in
            for step in 0..<loop.rowLength {
                starts.append((offsets[0] + step * loop.rowStrides[0], offsets[1] + step * loop.rowStrides[1]))
            }
        }
    }
}

/// The product of two tensors under the rules of MatMul.
func matrixProduct(_ left: NumericArray, _ right: NumericArray) throws -> NumericArray {
    guard left.elementType == right.elementType else {
        throw HarrierError("operands of types \(left.kindName) and \(right.kindName) do not go together")
    }
    let product = try ProductShape(left.shape, right.shape)
    let storage: NumericArray.Storage =
        switch (left.storage, right.storage) {
        case (.floats(let a), .floats(let b)): .floats(multiply(a, b, product))
        case (.integers(let a), .integers(let b)): .integers(multiply(a, b, product))
        default: .doubles(multiply(try left.doubles(), try right.doubles(), product))
        }
    return NumericArray(unchecked: left.elementType, product.shape, storage.wrapped(to: left.elementType))
}

private func multiply<R: Real>(_ a: [R], _ b: [R], _ p: ProductShape) -> [R] {
    var result = [R](repeating: 0, count: p.shape.reduce(1, *))
    guard p.m > 0, p.n > 0, p.k > 0 else { return result }
    result.withUnsafeMutableBufferPointer { c in
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                // One matrix on the right for a whole batch on the left is a single tall product.
                let isTall = p.starts.enumerated().allSatisfy { $1.right == 0 && $1.left == $0 }
                for (index, start) in (isTall ? [(left: 0, right: 0)] : p.starts).enumerated() {
                    R.multiply(
                        MatrixProduct(
                            m: isTall ? p.m * p.starts.count : p.m, n: p.n, k: p.k,
                            a: a.baseAddress! + start.left * p.m * p.k, aStride: p.k,
                            b: b.baseAddress! + start.right * p.k * p.n, bStride: p.n,
                            c: c.baseAddress! + index * p.m * p.n, cStride: p.n, alpha: 1, beta: 0))
                }
            }
        }
    }
    return result
}

private func multiply(_ a: [Int64], _ b: [Int64], _ p: ProductShape) -> [Int64] {
    var result = [Int64](repeating: 0, count: p.shape.reduce(1, *))
    for (index, start) in p.starts.enumerated() {
        for row in 0..<p.m {
            for inner in 0..<p.k {
                let factor = a[(start.left * p.m + row) * p.k + inner]
                let (source, target) = ((start.right * p.k + inner) * p.n, (index * p.m + row) * p.n)
                for column in 0..<p.n { result[target + column] &+= factor &* b[source + column] }
            }
        }
    }
    return result
}

/// The checked sizes of a Gemm.
private struct GemmShape {
    let m: Int
    let n: Int
    let k: Int
    let transposesA: Bool
    let transposesB: Bool

    init(_ call: Call) throws {
        let (a, b) = (try call.input(0), try call.input(1))
        guard a.rank == 2, b.rank == 2 else {
            throw HarrierError("Gemm takes matrices, not shapes \(a.shape) and \(b.shape)")
        }
        transposesA = try call.node.flag("transA")
        transposesB = try call.node.flag("transB")
        (m, k) = transposesA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
        n = b.shape[transposesB ? 0 : 1]
        guard k == b.shape[transposesB ? 1 : 0] else {
            throw HarrierError(
                "matrices of shapes \(a.shape) and \(b.shape) have no product under these transpositions")
        }
        _ = try checkedCount([m, n])
    }
}

private func gemm<R: Real>(_ call: Call, _: R.Type) throws -> NumericArray {
    let shape = try GemmShape(call)
    let (a, b) = (try R.elements(of: call.input(0)), try R.elements(of: call.input(1)))
    let alpha = R(try call.double("alpha"))
    let beta = R(try call.double("beta"))
    var result: [R]
    if let c = call.optional(2), beta != 0 {
        result = try R.elements(of: c.broadcast(to: [shape.m, shape.n]))
    } else {
        result = [R](repeating: 0, count: shape.m * shape.n)
    }
    if shape.k > 0 && !result.isEmpty {
        result.withUnsafeMutableBufferPointer { c in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    R.multiply(
                        MatrixProduct(
                            m: shape.m, n: shape.n, k: shape.k, a: a.baseAddress!,
                            aStride: shape.transposesA ? shape.m : shape.k, transposesA: shape.transposesA,
                            b: b.baseAddress!, bStride: shape.transposesB ? shape.k : shape.n,
                            transposesB: shape.transposesB, c: c.baseAddress!, cStride: shape.n, alpha: alpha,
                            beta: beta))
                }
            }
        }
    } else if beta != 1 {
        result = result.map { $0 * beta }
    }
    return NumericArray(unchecked: try call.input(0).elementType, [shape.m, shape.n], R.storage(result))
}

/// The scale factors of an integer Gemm are whole numbers in every sensible model; others are refused.
private func integerGemm(_ call: Call) throws -> NumericArray {
    let shape = try GemmShape(call)
    let (a, b) = (try call.input(0), try call.input(1))
    let alpha = Int64(exactly: try call.double("alpha"))
    let beta = Int64(exactly: try call.double("beta"))
    guard let alpha, let beta else { throw HarrierError("Gemm of integers with fractional factors") }
    let product = try matrixProduct(
        shape.transposesA ? a.transposed([1, 0]) : a, shape.transposesB ? b.transposed([1, 0]) : b)
    let offsets = try call.optional(2)?.broadcast(to: product.shape).integers()
    let values = try product.integers().enumerated().map { $1 &* alpha &+ beta &* (offsets?[$0] ?? 0) }
    return try call.result(values, shape: product.shape, type: a.elementType)
}
