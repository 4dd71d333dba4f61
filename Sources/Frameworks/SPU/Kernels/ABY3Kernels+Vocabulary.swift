import Pricing

extension ABY3Kernels {
    /// The kernels and what they call, by the names in SPU's source.
    enum Function: String, FunctionVocabulary {
        case a2b, a2p, adjust, b2a, dpf, level, open, p2a, share
        case aesKey = "aes_key"
        case andBB = "and_bb"
        case equalAA = "equal_aa"
        case equalAP = "equal_ap"
        case mmulAA = "mmul_aa"
        case msbA2B = "msb_a2b"
        case mulA1B = "mul_a1b"
        case mulAA = "mul_aa"
        case oramOneHot = "oram_onehot"
        case oramRead = "oram_read"
        case permAM = "perm_am"
        case truncA = "trunc_a"
    }

    /// All of them.
    var functions: Set<String> { Function.names }
}
