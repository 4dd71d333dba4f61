import IR

/// What batch normalizations have in common: each channel is centred and scaled by its running statistics, then by what was
/// learned. PyTorch's `_BatchNorm`.
public class BatchNormalization: Module {
    let weight: Parameter?
    let bias: Parameter?
    let runningMean: Parameter
    let runningVar: Parameter
    private let channels: Int
    private let ranks: ClosedRange<Int>
    private let epsilon: Double
    private let momentum: Double

    init(_ channels: Int, ranks: ClosedRange<Int>, eps: Double, momentum: Double, affine: Bool) {
        self.channels = channels
        self.ranks = ranks
        epsilon = eps
        self.momentum = momentum
        weight = affine ? Parameter([channels], .constant(1)) : nil
        bias = affine ? Parameter([channels], .constant(0)) : nil
        runningMean = Parameter([channels], .constant(0), isBuffer: true)
        runningVar = Parameter([channels], .constant(1), isBuffer: true)
    }

    /// The normalized channels.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let shape = try input.shape
        guard ranks.contains(shape.count), shape[1] == channels else {
            throw HarrierError("takes \(channels) channels, but its input has shape \(shape)")
        }
        let model = input.model
        return try input.apply(
            "BatchNormalization", weight.map(model.tensor(of:)) ?? input.constant(1, [channels]),
            bias.map(model.tensor(of:)) ?? input.constant(0, [channels]), model.tensor(of: runningMean),
            model.tensor(of: runningVar),
            // ONNX's momentum is the part of the old mean that stays, PyTorch's the part of the new one.
            attributes: [
                "epsilon": .float(Float(epsilon)), "momentum": .float(Float(1 - momentum)), "training_mode": .int(0),
            ])
    }
}

extension SymbolicTensor {
    /// A public tensor whose elements are all one number.
    func constant(_ number: Float, _ shape: [Int]) -> SymbolicTensor {
        let elements = [Float](repeating: number, count: shape.saturatingProduct())
        return with(model.graphBuilder.literal(Tensor(float32: elements, shape: shape)))
    }
}

/// Batch normalization of vectors or of sequences. PyTorch's `torch.nn.BatchNorm1d`.
public final class BatchNorm1d: BatchNormalization {
    /// A normalization with PyTorch's defaults.
    public init(_ numFeatures: Int, eps: Double = 1e-5, momentum: Double = 0.1, affine: Bool = true) {
        super.init(numFeatures, ranks: 2...3, eps: eps, momentum: momentum, affine: affine)
    }
}

/// Batch normalization of images. PyTorch's `torch.nn.BatchNorm2d`.
public final class BatchNorm2d: BatchNormalization {
    /// A normalization with PyTorch's defaults.
    public init(_ numFeatures: Int, eps: Double = 1e-5, momentum: Double = 0.1, affine: Bool = true) {
        super.init(numFeatures, ranks: 4...4, eps: eps, momentum: momentum, affine: affine)
    }
}

/// Batch normalization of volumes. PyTorch's `torch.nn.BatchNorm3d`.
public final class BatchNorm3d: BatchNormalization {
    /// A normalization with PyTorch's defaults.
    public init(_ numFeatures: Int, eps: Double = 1e-5, momentum: Double = 0.1, affine: Bool = true) {
        super.init(numFeatures, ranks: 5...5, eps: eps, momentum: momentum, affine: affine)
    }
}

/// Centres and scales the elements of the last axes, then scales and shifts them by what was learned. PyTorch's
/// `torch.nn.LayerNorm`; one ONNX LayerNormalization.
public final class LayerNorm: Module {
    let weight: Parameter?
    let bias: Parameter?
    private let normalizedShape: [Int]
    private let epsilon: Double

    /// A normalization over axes of those lengths.
    public init(_ normalizedShape: Int..., eps: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true) {
        self.normalizedShape = normalizedShape
        epsilon = eps
        weight = elementwiseAffine ? Parameter(normalizedShape, .constant(1)) : nil
        self.bias = elementwiseAffine && bias ? Parameter(normalizedShape, .constant(0)) : nil
    }

    /// The normalized axes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let shape = try input.shape
        guard !normalizedShape.isEmpty, shape.suffix(normalizedShape.count).elementsEqual(normalizedShape) else {
            throw HarrierError("normalizes axes of lengths \(normalizedShape), but its input has shape \(shape)")
        }
        return try input.apply(
            "LayerNormalization", weight.map(input.model.tensor(of:)) ?? input.constant(1, normalizedShape),
            bias.map(input.model.tensor(of:)),
            attributes: ["axis": .int(-normalizedShape.count), "epsilon": .float(Float(epsilon))])
    }
}

/// Centres and scales the elements of each group of channels, then scales and shifts the channels. PyTorch's
/// `torch.nn.GroupNorm`; one ONNX GroupNormalization.
public final class GroupNorm: Module {
    let weight: Parameter?
    let bias: Parameter?
    private let groups: Int
    private let channels: Int
    private let epsilon: Double

    /// A normalization of that many groups of channels.
    public init(_ numGroups: Int, _ numChannels: Int, eps: Double = 1e-5, affine: Bool = true) {
        groups = numGroups
        channels = numChannels
        epsilon = eps
        weight = affine ? Parameter([numChannels], .constant(1)) : nil
        bias = affine ? Parameter([numChannels], .constant(0)) : nil
    }

    /// The normalized groups.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let shape = try input.shape
        guard shape.count >= 2, shape[1] == channels else {
            throw HarrierError("takes \(channels) channels, but its input has shape \(shape)")
        }
        guard groups > 0, channels % groups == 0 else {
            throw HarrierError("\(groups) groups do not divide \(channels) channels")
        }
        return try input.apply(
            "GroupNormalization", weight.map(input.model.tensor(of:)) ?? input.constant(1, [channels]),
            bias.map(input.model.tensor(of:)) ?? input.constant(0, [channels]),
            attributes: ["epsilon": .float(Float(epsilon)), "num_groups": .int(groups)])
    }
}
