import Pricing

extension MPSPDZ {
    /// What MP-SPDZ's instructions and functions call, by their names in its source. What has no function of its own is made by the
    /// shared recipes, under their names.
    enum Function: String, FunctionVocabulary {
        case open, mul, dotprod, and, b2a, bit, mask, truncate, ltz, eqz, clip, exp, newton, reciprocal, div, softmax
        case truncPr = "trunc_pr"
        case randomInt = "random_int"
        case maskedOpen = "masked_open"
        /// What is computed and not read.
        case unread
        /// Products of fixed-point numbers, with their truncations.
        case scaledMul = "scaled_mul"
        case scaledSquare = "scaled_square"
    }
}

extension MPSPDZ {
    /// Its own functions, and what the shared recipes make of them. Products of matrices, convolutions and selections are
    /// instructions of its own.
    static let vocabulary = Function.names.union(
        SecureFunction.names.subtracting(
            SecureFunction.names([.matmul, .convolution, .select, .truncateNonNegative])))
}
