import Pricing

extension Semi2kKernels {
    /// The kernels and what they call, by the names in SPU's source.
    enum Function: String, FunctionVocabulary {
        case a2b, a2p, b2a, conv, open
        case addBB = "add_bb"
        case andBB = "and_bb"
        case b2aDisassemble = "b2a_disassemble"
        case equalAA = "equal_aa"
        case equalAP = "equal_ap"
        case expA = "exp_a"
        case mmulAA = "mmul_aa"
        case msbA2B = "msb_a2b"
        case mulA1B = "mul_a1b"
        case mulAA = "mul_aa"
        case mulPriv = "mul_priv"
        case permAM = "perm_am"
        case squareA = "square_a"
        case truncA = "trunc_a"
    }

    /// What is registered for that many parties under the configuration.
    var functions: Set<String> {
        var called = Set(Function.allCases)
        called.subtract(parties == 2 ? [.addBB] : [.mulA1B, .msbA2B])
        if truncatesLocally { called.remove(.truncA) }
        if !hasPrimeExponential { called.subtract([.expA, .mulPriv, .conv]) }
        return Function.names(called)
    }
}
