import Pricing

extension SCI {
    /// What runs SCI's protocols.
    enum BackEnd {
        /// CryptFlow2 over oblivious transfer.
        case transfer
        /// CryptFlow2 over homomorphic encryption, on shares modulo a prime.
        case field
        /// OpenCheetah.
        case lattice
    }

    /// The protocols that SCI's back ends and OpenCheetah run, by their names in the literature or in SCI.
    enum Function: String, FunctionVocabulary {
        case and, argmax, b2a, carry, convolution, correction, div, divide, drelu, equality, exp, extend, goldschmidt,
            hadamard, level, matmul, max, millionaires, msnzb, mul, mux, phase, product, reciprocal, relu, rsqrt,
            select, sigmoid, sqrt, tanh, triples, truncate, wrap
        case batchNorm = "batch_norm"
        case composedConvolution = "composed_convolution"
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
        case sharedMatmul = "shared_matmul"
        case sharedProduct = "shared_product"
        case sharedSquare = "shared_square"
        case transposedConvolution = "transposed_convolution"
        case truncateAndReduce = "truncate_and_reduce"
        case wrapCorrection = "wrap_correction"
        case zeroRun = "zero_run"

        /// Who runs it.
        var backEnds: Set<BackEnd> {
            switch self {
            case .and, .argmax, .b2a, .convolution, .correction, .divide, .drelu, .leafOt, .level, .matmul, .max,
                .millionaires, .msbToWrap, .relu, .select, .triples:
                [.transfer, .field, .lattice]
            case .mux, .truncate: [.transfer, .lattice]
            case .correlatedTriples: [.transfer, .field, .lattice]
            case .elementwiseProduct: [.field, .lattice]
            case .galoisKeys, .phase: [.field]
            case .sharedMatmul, .sharedProduct, .sharedSquare: [.field, .lattice]
            case .batchNorm, .composedConvolution: [.lattice]
            case .carry, .compareWithEq, .crossTerms, .digitDecomposition, .div, .equality, .exp, .extend,
                .goldschmidt, .hadamard, .lookupTable, .msnzb, .product, .reciprocal, .reciprocalGuess, .rsqrt,
                .sigmoid, .sqrt, .tanh, .truncateAndReduce, .wrap, .wrapCorrection, .zeroRun:
                [.transfer, .lattice]
            case .mul, .transposedConvolution: [.transfer]
            }
        }

        /// What OpenCheetah and CryptFlow2 over homomorphic encryption run nowhere, but have all parts of. The digits are what every
        /// function of the mathematical library begins with.
        static let composed = names([
            .sharedMatmul, .sharedProduct, .sharedSquare, .composedConvolution, .digitDecomposition,
        ])

        /// What a back end calls: its own protocols, and the shared recipes of what it has not.
        static func names(of backEnd: BackEnd) -> Set<String> {
            let own = names(allCases.filter { $0.backEnds.contains(backEnd) })
            let recipes: [SecureFunction] = [.squaring, .log, .householder, .polynomial, .erf, .softmax, .logSoftmax]
            switch backEnd {
            case .transfer: return own.union(SecureFunction.names(recipes + [.square]))
            case .lattice: return own.union(SecureFunction.names(recipes))
            case .field:
                return own.union(
                    SecureFunction.names(
                        recipes + [.product, .exp, .newton, .reciprocal, .inverseSqrt, .sqrt, .sigmoid, .tanh, .eqz]))
            }
        }
    }
}
