import COpenBLAS

/// What OpenBLAS multiplies matrices with.
public enum MatrixKernels {
    /// The processor that OpenBLAS takes this one for, in its own spelling; decided when the library is loaded.
    public static var processor: String { openblas_get_corename().map { String(cString: $0) } ?? "" }
}
