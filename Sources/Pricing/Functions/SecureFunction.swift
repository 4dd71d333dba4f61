/// The functions that the recipes of ``SecureFunctions`` and the standard operators call, and the primitives that they call in the
/// end: what a framework that is a file may price.
package enum SecureFunction: String, FunctionVocabulary {
    case mul, matmul, truncate, ltz, select, square, and, eqz
    /// A truncation of what is known not to be negative.
    case truncateNonNegative = "truncate_nonnegative"
    case convolution, relu, clip, max, argmax
    /// A level of the tree of an argmax.
    case level
    case exp, log, reciprocal, sqrt, sigmoid, tanh, erf, softmax
    case inverseSqrt = "inv_sqrt"
    case logSoftmax = "log_softmax"
    /// Squares, products and steps of iterations over fixed-point numbers, with their truncations.
    case squaring, product, newton, householder, polynomial
}
