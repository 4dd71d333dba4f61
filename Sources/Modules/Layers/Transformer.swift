import IR

/// Attention of a sequence to itself and two linear layers, each with a residual and a normalization. PyTorch's
/// `torch.nn.TransformerEncoderLayer`.
public final class TransformerEncoderLayer: Module {
    /// The function between the two linear layers.
    public enum Activation: Hashable, Sendable {
        case relu
        case gelu
    }

    let selfAttn: MultiheadAttention
    let linear1: Linear
    let dropout: Dropout
    let linear2: Linear
    let norm1: LayerNorm
    let norm2: LayerNorm
    let dropout1: Dropout
    let dropout2: Dropout
    private let activation: any Module
    private let normFirst: Bool

    /// A layer with PyTorch's defaults.
    public init(
        _ dModel: Int, _ nhead: Int, dimFeedforward: Int = 2048, dropout: Double = 0.1, activation: Activation = .relu,
        layerNormEps: Double = 1e-5, batchFirst: Bool = false, normFirst: Bool = false, bias: Bool = true
    ) {
        selfAttn = MultiheadAttention(dModel, nhead, bias: bias, batchFirst: batchFirst)
        linear1 = Linear(dModel, dimFeedforward, bias: bias)
        self.dropout = Dropout(dropout)
        linear2 = Linear(dimFeedforward, dModel, bias: bias)
        norm1 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
        norm2 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
        dropout1 = Dropout(dropout)
        dropout2 = Dropout(dropout)
        self.activation = activation == .relu ? ReLU() : GELU()
        self.normFirst = normFirst
    }

    /// The sequence after attention and the linear layers.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        if normFirst {
            let attended = try input + dropout1(selfAttn(norm1(input)))
            return try attended + feedForward(norm2(attended))
        }
        let attended = try norm1(input + dropout1(selfAttn(input)))
        return try norm2(attended + feedForward(attended))
    }

    private func feedForward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try dropout2(linear2(dropout(activation(linear1(input)))))
    }
}

/// Encoder layers one after another. PyTorch's `torch.nn.TransformerEncoder`.
public final class TransformerEncoder: Module {
    let layers: [TransformerEncoderLayer]
    let norm: LayerNorm?

    /// An encoder of these layers, and a normalization after them if there is one.
    public init(_ layers: [TransformerEncoderLayer], norm: LayerNorm? = nil) {
        self.layers = layers
        self.norm = norm
    }

    /// The sequence after all layers.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let output = try layers.reduce(input) { try $1($0) }
        return try norm?(output) ?? output
    }
}
