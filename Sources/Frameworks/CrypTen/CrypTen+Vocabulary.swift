import Pricing

extension CrypTen {
    /// The functions that CrypTen's operators call, by their names in its source. Every call is made by one of them.
    enum Function: String, FunctionVocabulary {
        case truncate, open, check, mul, matmul, square, and
        case conv1d, conv2d, conv3d
        case convTranspose1d = "conv_transpose1d"
        case convTranspose2d = "conv_transpose2d"
        case convTranspose3d = "conv_transpose3d"
        case binaryAdd = "binary_add"
        case a2b, b2a, ltz, eq, sign, abs, relu, relu6, hardtanh, rand, dropout
        case select = "where"
        case weightedIndex = "weighted_index"
        case max, argmax, halve, prod
        case maxPool2d = "max_pool2d"
        case exp, log, householder, polynomial, reciprocal, newton, sqrt, cossin, squaring, div, pow, erf
        case inverseSqrt = "inv_sqrt"
        case positivePow = "pos_pow"
        case sigmoid, tanh, chebyshev, softmax, batchnorm, mean, sgd
        case logSoftmax = "log_softmax"
        case variance = "var"

        /// Convolutions over one, two or three axes, which is what torch has.
        static func convolution(axes: Int, isTransposed: Bool) -> Self {
            switch axes {
            case ...1: isTransposed ? .convTranspose1d : .conv1d
            case 2: isTransposed ? .convTranspose2d : .conv2d
            default: isTransposed ? .convTranspose3d : .conv3d
            }
        }

        static let convolutions: [Self] = [
            .conv1d, .conv2d, .conv3d, .convTranspose1d, .convTranspose2d, .convTranspose3d,
        ]

        /// What sends something only where truncations do, which are local between two parties.
        static let ofTruncation: Set<Self> = [.truncate, .mean, .sgd]
    }
}

extension CrypTen.Functions {
    /// What can stand in the call trees of operators, losses and updates.
    var vocabulary: Set<String> {
        var called = Set(CrypTen.Function.allCases)
        if parties == 2 { called.subtract(CrypTen.Function.ofTruncation) }
        if !settings.activeSecurity { called.remove(.check) }
        if parties == 2, !settings.activeSecurity { called.remove(.open) }
        return CrypTen.Function.names(called)
    }

    /// A function of so many elements that costs what it calls.
    func call(_ function: CrypTen.Function, _ extent: Extent, count: Int = 1, _ children: [Call]) -> Call {
        Call(function, count: count, sizes: Sizes(n: extent.count), children)
    }

    /// A function along an axis.
    func call(_ function: CrypTen.Function, _ extent: Extent, along axis: Int, _ children: [Call]) -> Call {
        let length = extent[axis]
        return Call(
            function, sizes: Sizes(n: extent.count, p: length == 0 ? 0 : extent.count / length, q: length), children)
    }
}
