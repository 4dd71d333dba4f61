import Pricing

extension SPU.HAL {
    /// What HAL calls, by the names in SPU's source: the functions above the protocols' kernels.
    enum Function: String, FunctionVocabulary {
        case abs, acos, argmax, atan2, clamp, digit, div, elu, erf, erfc, exp, exp2, floor, fxp2int, goldschmidt, idiv,
            less, log, max, mux, polynomial, popcount, pow, reciprocal, reducer, remainder, round, rsqrt, sign, sine,
            slice, softplus, sqrt, tanh, `while`, window
        case argmaxPool = "argmax_pool"
        case balancedEq = "balanced_eq"
        case dotGeneral = "dot_general"
        case fMmul = "f_mmul"
        case fMul = "f_mul"
        case fSquare = "f_square"
        case prefixOr = "prefix_or"
        case radixSort = "radix_sort"
        case reduceMax = "reduce_max"
        case reduceProd = "reduce_prod"

        /// What only sorting calls, which no operator does: the sizes of SPU's sorts were measured, ONNX's have no row yet.
        static let ofSorting: Set<String> = names([.radixSort, .digit]).union(["perm_am", "b2a_disassemble", "a2p"])
    }
}
