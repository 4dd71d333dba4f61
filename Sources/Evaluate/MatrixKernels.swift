import COpenBLAS

/// What OpenBLAS multiplies matrices with.
package enum MatrixKernels {
    /// The processor that OpenBLAS takes this one for, in its own spelling; decided when the library is loaded.
    package static var processor: String { openblas_get_corename().map { String(cString: $0) } ?? "" }
}
