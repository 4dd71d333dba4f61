/// The version of ONNX's operator set in which an operator appeared, for those that a graph can be written without.
/// From the schemas of the PyPI package onnx 1.23.
let firstVersions: [String: Int] = {
    let newOperators: [(version: Int, names: [String])] = [
        (
            12,
            ["Celu", "Einsum", "GreaterOrEqual", "LessOrEqual", "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"]
        ),
        (14, ["HardSwish", "Trilu"]),
        (15, ["Bernoulli", "CastLike", "Optional", "OptionalGetElement", "OptionalHasElement"]),
        (16, ["GridSample"]),
        (
            17,
            [
                "BlackmanWindow", "DFT", "HammingWindow", "HannWindow", "LayerNormalization", "MelWeightMatrix", "STFT",
                "SequenceMap",
            ]
        ),
        (
            18,
            [
                "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "CenterCropPad", "Col2Im", "GroupNormalization",
                "Mish",
            ]
        ),
        (19, ["DeformConv"]),
        (20, ["AffineGrid", "Gelu", "ImageDecoder", "RegexFullMatch", "StringConcat", "StringSplit"]),
        (23, ["Attention", "RMSNormalization", "RotaryEmbedding"]),
        (24, ["Swish", "TensorScatter"]),
        (26, ["BitCast", "CumProd"]),
        (27, ["CausalConvWithState", "LinearAttention"]),
        (28, ["SwiGLU"]),
    ]
    return Dictionary(uniqueKeysWithValues: newOperators.flatMap { entry in entry.names.map { ($0, entry.version) } })
}()
