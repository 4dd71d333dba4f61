import Pricing

extension SCI {
    /// The protocols that SCI's back ends and OpenCheetah run, by their names in the literature or in SCI.
    enum Function: String, FunctionVocabulary {
        case and, argmax, b2a, carry, clip, convolution, correction, div, divide, drelu, equality, exp, extend,
            goldschmidt, hadamard, level, matmul, max, millionaires, msnzb, mul, mux, open, phase, product, reciprocal,
            relu, rsqrt, select, sigmoid, sqrt, tanh, triples, truncate, wrap
        case batchNorm = "batch_norm"
        case compareWithEq = "compare_with_eq"
        case correlatedTriples = "correlated_triples"
        case crossTerms = "cross_terms"
        case digitDecomposition = "digit_decomposition"
        case elementwiseProduct = "elementwise_product"
        case galoisKeys = "galois_keys"
        case leafOt = "leaf_ot"
        case lookupTable = "lookup_table"
        case msbToWrap = "msb_to_wrap"
        case reciprocalGuess = "reciprocal_guess"
        case transposedConvolution = "transposed_convolution"
        case truncateAndReduce = "truncate_and_reduce"
        case wrapCorrection = "wrap_correction"
        case zeroRun = "zero_run"
    }
}
