import Pricing

extension CheetahKernels {
    /// The kernels and what they call, by the names in SPU's source.
    enum Function: String, FunctionVocabulary {
        case a2b, a2p, b2a
        case andBB = "and_bb"
        case equalAA = "equal_aa"
        case equalAP = "equal_ap"
        case makeTriples = "make_triples"
        case mmulAA = "mmul_aa"
        case msbA2B = "msb_a2b"
        case mulA1B = "mul_a1b"
        case mulAA = "mul_aa"
        case mulShare = "mul_share"
        case permAM = "perm_am"
        case squareA = "square_a"
        case truncA = "trunc_a"
    }

    /// All of them.
    var functions: Set<String> { Function.names }
}
