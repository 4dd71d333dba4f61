import COpenBLAS
import IR

/// The floating-point types that kernels are written for.
protocol Real: BinaryFloatingPoint, Sendable {
    /// The elements as an array of this type; converted unless stored so.
    static func elements(of array: NumericArray) throws -> [Self]
    /// Storage of these elements.
    static func storage(_ values: [Self]) -> NumericArray.Storage
    /// `c = alpha * op(a) * op(b) + beta * c` for row-major matrices.
    static func multiply(_ product: MatrixProduct<Self>)
}

/// The operands of a matrix product `c = alpha * op(a) * op(b) + beta * c`, where `op(a)` is m×k and `op(b)` k×n, all row-major.
struct MatrixProduct<R> {
    var m: Int
    var n: Int
    var k: Int
    var a: UnsafePointer<R>
    var aStride: Int
    var transposesA = false
    var b: UnsafePointer<R>
    var bStride: Int
    var transposesB = false
    var c: UnsafeMutablePointer<R>
    var cStride: Int
    var alpha: R
    var beta: R
}

extension Double: Real {
    static func elements(of array: NumericArray) throws -> [Double] { try array.doubles() }

    static func storage(_ values: [Double]) -> NumericArray.Storage { .doubles(values) }

    static func multiply(_ p: MatrixProduct<Double>) {
        BLAS.useOneThread
        cblas_dgemm(
            CblasRowMajor, p.transposesA ? CblasTrans : CblasNoTrans, p.transposesB ? CblasTrans : CblasNoTrans,
            blasint(p.m), blasint(p.n), blasint(p.k), p.alpha, p.a, blasint(max(1, p.aStride)), p.b,
            blasint(max(1, p.bStride)), p.beta, p.c, blasint(max(1, p.cStride)))
    }
}

extension Float: Real {
    static func elements(of array: NumericArray) throws -> [Float] {
        if case .floats(let values) = array.storage { return values }
        return try array.doubles().map { Float($0) }
    }

    static func storage(_ values: [Float]) -> NumericArray.Storage { .floats(values) }

    static func multiply(_ p: MatrixProduct<Float>) {
        BLAS.useOneThread
        cblas_sgemm(
            CblasRowMajor, p.transposesA ? CblasTrans : CblasNoTrans, p.transposesB ? CblasTrans : CblasNoTrans,
            blasint(p.m), blasint(p.n), blasint(p.k), p.alpha, p.a, blasint(max(1, p.aStride)), p.b,
            blasint(max(1, p.bStride)), p.beta, p.c, blasint(max(1, p.cStride)))
    }
}

private enum BLAS {
    /// With one thread OpenBLAS adds in the same order every time, so results do not change from run to run.
    static let useOneThread: Void = openblas_set_num_threads(1)
}
