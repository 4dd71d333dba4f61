import IR

/// GPT-2 as the transformers library has it (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019),
/// without the head and fed with embeddings of words, as ``BERT`` is.
public final class GPT2: Module {
    let model: Decoder

    /// A network of that many layers and heads; by default the smallest GPT-2.
    public init(width: Int = 768, layers: Int = 12, heads: Int = 12, maxPositions: Int = 1024) {
        model = Decoder(width: width, layers: layers, heads: heads, maxPositions: maxPositions)
    }

    /// The hidden states of a batch of one sequence of embedded words.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try model(input) }

    /// Positions, layers and a last normalization. The library's `GPT2Model`.
    final class Decoder: Module {
        let wpe: Embedding
        let h: [GPT2Block]
        let lnF: LayerNorm

        init(width: Int, layers: Int, heads: Int, maxPositions: Int) {
            wpe = Embedding(maxPositions, width)
            h = (0..<max(0, layers)).map { _ in GPT2Block(width: width, heads: heads) }
            lnF = LayerNorm(width)
        }

        func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
            let embedded = try input + wpe(input.positions(along: 1))
            let mask = try causalMask(input)
            return try lnF(h.reduce(embedded) { try $1($0, mask: mask) })
        }

        /// What is added to the scores (query × key): nothing up to the query's place, the least number after it.
        private func causalMask(_ input: SymbolicTensor) throws -> SymbolicTensor {
            let length = try input.shape[1]
            let least = Tensor(float32: [-Float.greatestFiniteMagnitude], shape: [1])
            let all = try input.integers([length, length]).apply(
                "ConstantOfShape", attributes: ["value": .tensor(least)])
            let one = input.with(input.model.graphBuilder.scalar(1, .int64))
            return try all.apply("Trilu", one, attributes: ["upper": .int(1)])
        }
    }
}

/// Attention and two linear layers, each behind a normalization and beside a residual.
final class GPT2Block: ModuleContainer {
    let ln1: LayerNorm
    let attn: GPT2Attention
    let ln2: LayerNorm
    let mlp: GPT2MLP

    init(width: Int, heads: Int) {
        ln1 = LayerNorm(width)
        attn = GPT2Attention(width: width, heads: heads)
        ln2 = LayerNorm(width)
        mlp = GPT2MLP(width: width)
    }

    var memberNames: [String: String] { ["ln1": "ln_1", "ln2": "ln_2"] }

    /// The layer, with a mask on the attention's scores.
    func callAsFunction(_ input: SymbolicTensor, mask: SymbolicTensor) throws -> SymbolicTensor {
        try input.model.within(self) {
            let attended = try attn(ln1(input), mask: mask) + input
            return try attended + mlp(ln2(attended))
        }
    }
}

/// Attention of a sequence to itself.
final class GPT2Attention: ModuleContainer {
    let cAttn: Conv1D
    let cProj: Conv1D
    private let heads: Int

    init(width: Int, heads: Int) {
        cAttn = Conv1D(width, 3 * width)
        cProj = Conv1D(width, width)
        self.heads = heads
    }

    /// The attention, with a mask on its scores.
    func callAsFunction(_ input: SymbolicTensor, mask: SymbolicTensor) throws -> SymbolicTensor {
        try input.model.within(self) {
            let shape = try input.shape
            guard heads > 0, shape[2] % heads == 0 else {
                throw HarrierError("\(heads) heads do not divide \(shape[2]) features")
            }
            let length = shape[2] / heads
            let parts = try cAttn(input).apply(
                "Split", attributes: ["axis": .int(2), "num_outputs": .int(3)], outputCount: 3)
            func split(_ index: Int, _ order: [Int]) throws -> SymbolicTensor {
                try parts[index].reshape([shape[0], shape[1], heads, length]).permute(order)
            }
            let scores = try split(0, [0, 2, 1, 3]).matmul(split(1, [0, 2, 3, 1])) * (1 / Double(length).squareRoot())
            let attended = try (scores + mask).softmax(dim: -1).matmul(split(2, [0, 2, 1, 3]))
            return try cProj(attended.permute([0, 2, 1, 3]).reshape(shape))
        }
    }
}

/// Two linear layers.
final class GPT2MLP: Module {
    let cFc: Conv1D
    let cProj: Conv1D
    let act = GELU(approximate: .tanh)

    init(width: Int) {
        cFc = Conv1D(width, 4 * width)
        cProj = Conv1D(4 * width, width)
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try cProj(act(cFc(input))) }
}

/// `y = x W + b` along the last axis. The library's `Conv1D`, a linear layer whose weight is the other way round.
final class Conv1D: Module {
    let weight: Parameter
    let bias: Parameter

    init(_ inFeatures: Int, _ outFeatures: Int) {
        weight = Parameter([inFeatures, outFeatures], .normal(deviation: 0.02))
        bias = Parameter([outFeatures], .constant(0))
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let shape = try input.shape
        guard let features = shape.last, features == weight.shape[0] else {
            throw HarrierError(
                "takes \(weight.shape[0]) features along the last axis, but its input has shape \(shape)")
        }
        let rows = try input.reshape([-1, features])
        let product = try rows.apply(
            "Gemm", input.model.tensor(of: weight), input.model.tensor(of: bias),
            attributes: ["alpha": .float(1), "beta": .float(1)])
        return try product.reshape(shape.dropLast() + [weight.shape[1]])
    }
}
