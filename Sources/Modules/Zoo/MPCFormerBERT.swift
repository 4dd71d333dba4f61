/// BERT-base as MPCFormer changes it for MPC (Li et al., "MPCFormer: fast, performant and private Transformer inference with
/// MPC", ICLR 2023): a quadratic in place of GELU, and one in place of the exponential in the softmax.
public enum MPCFormerBERT {
    /// The network.
    public static func base() -> BERT {
        var configuration = BERT.Configuration()
        configuration.activation = { QuadGELU() }
        configuration.attentionWeights = { QuadSoftmax() }
        return BERT(configuration)
    }
}

/// `0.125 x² + 0.25 x + 0.5`. MPCFormer's Quad, section 3.1.
public final class QuadGELU: Module {
    /// The quadratic.
    public init() {}

    /// The quadratic of each element.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try input.pow(2) * 0.125 + input * 0.25 + 0.5
    }
}

/// `(x + c)² / Σ (x + c)²` along the last axis. MPCFormer's 2Quad, section 3.1.
public final class QuadSoftmax: Module {
    private let shift: Double

    /// The quotient of squares of what lies that far above `-c`; MPCFormer takes 5.
    public init(shift: Double = 5) { self.shift = shift }

    /// The quotients along the last axis.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let squares = try (input + shift).pow(2)
        return try squares / squares.sum([-1], keepdim: true)
    }
}
