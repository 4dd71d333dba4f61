import IR

/// BERT's encoder as the transformers library has it (Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers
/// for Language Understanding", 2019), fed with embeddings of words instead of words: looking a secret word up is a protocol of
/// its own, which no framework here has.
public final class BERT: Module {
    /// What makes one BERT differ from another.
    public struct Configuration {
        /// Length of the vectors.
        public var hiddenSize = 768
        /// Number of layers.
        public var hiddenLayers = 12
        /// Number of attention heads.
        public var attentionHeads = 12
        /// Length of the vectors between the two linear layers.
        public var intermediateSize = 3072
        /// Longest sequence.
        public var maxPositions = 512
        /// The activation between the two linear layers.
        public var activation: () -> any Module = { GELU() }
        /// What makes weights of attention scores.
        public var attentionWeights: () -> any Module = { Softmax(dim: -1) }

        /// BERT-base.
        public init() {}
    }

    let model: Encoder

    /// A network of that configuration.
    public init(_ configuration: Configuration = Configuration()) { model = Encoder(configuration) }

    /// The hidden states of a batch of one sequence of embedded words.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try model(input) }

    /// Embeddings and layers. The library's `BertModel`.
    final class Encoder: Module {
        let embeddings: BertEmbeddings
        let encoder: BertEncoder

        init(_ configuration: Configuration) {
            embeddings = BertEmbeddings(configuration)
            encoder = BertEncoder(configuration)
        }

        func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try encoder(embeddings(input)) }
    }
}

/// Words, their positions and their sentence, all in one vector.
final class BertEmbeddings: Module {
    let positionEmbeddings: Embedding
    let tokenTypeEmbeddings: Embedding
    let layerNorm: LayerNorm

    init(_ configuration: BERT.Configuration) {
        positionEmbeddings = Embedding(configuration.maxPositions, configuration.hiddenSize)
        tokenTypeEmbeddings = Embedding(2, configuration.hiddenSize)
        layerNorm = LayerNorm(configuration.hiddenSize, eps: 1e-12)
    }

    var memberNames: [String: String] { ["layerNorm": "LayerNorm"] }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        // Everything is one sentence.
        let types = try tokenTypeEmbeddings(input.integers([0]))
        let positions = try positionEmbeddings(input.positions(along: 1))
        return try layerNorm(input + types + positions)
    }
}

extension SymbolicTensor {
    /// The public numbers 0, 1, ... of the places along an axis, for a batch of one.
    func positions(along axis: Int) throws -> SymbolicTensor {
        let shape = try shape
        guard shape.indices.contains(axis) else {
            throw HarrierError("takes a sequence along axis \(axis), but its input has shape \(shape)")
        }
        let builder = model.graphBuilder
        let bounds = [0, shape[axis], 1].map { builder.scalar(Double($0), .int64) }
        return try with(builder.apply("Range", bounds)).unsqueeze(dim: 0)
    }
}

/// The layers one after another.
final class BertEncoder: Module {
    let layer: [BertLayer]

    init(_ configuration: BERT.Configuration) {
        layer = (0..<max(0, configuration.hiddenLayers)).map { _ in BertLayer(configuration) }
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try layer.reduce(input) { try $1($0) } }
}

/// Attention and two linear layers.
final class BertLayer: Module {
    let attention: BertAttention
    let intermediate: BertIntermediate
    let output: BertOutput

    init(_ configuration: BERT.Configuration) {
        attention = BertAttention(configuration)
        intermediate = BertIntermediate(configuration)
        output = BertOutput(from: configuration.intermediateSize, to: configuration.hiddenSize)
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let attended = try attention(input)
        return try output(intermediate(attended), residual: attended)
    }
}

/// Attention of a sequence to itself, with its residual.
final class BertAttention: Module {
    let selfAttention: BertSelfAttention
    let output: BertOutput

    init(_ configuration: BERT.Configuration) {
        selfAttention = BertSelfAttention(configuration)
        output = BertOutput(from: configuration.hiddenSize, to: configuration.hiddenSize)
    }

    var memberNames: [String: String] { ["selfAttention": "self"] }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try output(selfAttention(input), residual: input)
    }
}

/// Attention of a sequence to itself.
final class BertSelfAttention: Module {
    let query: Linear
    let key: Linear
    let value: Linear
    let weights: any Module
    private let heads: Int

    init(_ configuration: BERT.Configuration) {
        let width = configuration.hiddenSize
        heads = configuration.attentionHeads
        query = Linear(width, width)
        key = Linear(width, width)
        value = Linear(width, width)
        weights = configuration.attentionWeights()
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let shape = try input.shape
        guard shape.count == 3, heads > 0, shape[2] % heads == 0 else {
            throw HarrierError(
                "takes batch, sequence and features for \(heads) heads, but its input has shape \(shape)")
        }
        let length = shape[2] / heads
        func split(_ tensor: SymbolicTensor, _ order: [Int]) throws -> SymbolicTensor {
            try tensor.reshape([shape[0], shape[1], heads, length]).permute(order)
        }
        let query = try split(query(input), [0, 2, 1, 3])
        let key = try split(key(input), [0, 2, 3, 1])
        let value = try split(value(input), [0, 2, 1, 3])
        let scores = try query.matmul(key) * (1 / Double(length).squareRoot())
        return try weights(scores).matmul(value).permute([0, 2, 1, 3]).reshape(shape)
    }
}

/// The first of the two linear layers, with the activation.
final class BertIntermediate: Module {
    let dense: Linear
    let intermediateActFn: any Module

    init(_ configuration: BERT.Configuration) {
        dense = Linear(configuration.hiddenSize, configuration.intermediateSize)
        intermediateActFn = configuration.activation()
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try intermediateActFn(dense(input)) }
}

/// A linear layer, a residual and a normalization. The library's `BertOutput` and `BertSelfOutput`.
final class BertOutput: ModuleContainer {
    let dense: Linear
    let layerNorm: LayerNorm
    let dropout = Dropout(0.1)

    init(from inFeatures: Int, to outFeatures: Int) {
        dense = Linear(inFeatures, outFeatures)
        layerNorm = LayerNorm(outFeatures, eps: 1e-12)
    }

    var memberNames: [String: String] { ["layerNorm": "LayerNorm"] }

    /// What the layer makes of its input, added to the residual.
    func callAsFunction(_ input: SymbolicTensor, residual: SymbolicTensor) throws -> SymbolicTensor {
        try input.model.within(self) { try layerNorm(dropout(dense(input)) + residual) }
    }
}
