/// ShuffleNetV2 as torchvision has it (Ma et al., "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design",
/// 2018).
public final class ShuffleNetV2: Module {
    let conv1: Sequential
    let maxpool = MaxPool2d(3, stride: 2, padding: 1)
    let stage2: Sequential
    let stage3: Sequential
    let stage4: Sequential
    let conv5: Sequential
    let fc: Linear

    /// A network whose stages have those widths.
    public init(stem: Int = 24, stages: (Int, Int, Int), last: Int = 1024, classes: Int = 1000) {
        conv1 = Sequential(
            Conv2d(3, stem, kernelSize: 3, stride: 2, padding: 1, bias: false), BatchNorm2d(stem), ReLU())
        stage2 = Self.stage(stem, stages.0, count: 4)
        stage3 = Self.stage(stages.0, stages.1, count: 8)
        stage4 = Self.stage(stages.1, stages.2, count: 4)
        conv5 = Sequential(Conv2d(stages.2, last, kernelSize: 1, bias: false), BatchNorm2d(last), ReLU())
        fc = Linear(last, classes)
    }

    /// ShuffleNetV2 1.0×.
    public static func x1() -> ShuffleNetV2 { ShuffleNetV2(stages: (116, 232, 464)) }

    private static func stage(_ channels: Int, _ width: Int, count: Int) -> Sequential {
        Sequential((0..<count).map { $0 == 0 ? ShuffleUnit(channels, width, stride: 2) : ShuffleUnit(width, width) })
    }

    /// Scores of the classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let features = try conv5(stage4(stage3(stage2(maxpool(conv1(input))))))
        return try fc(features.mean([2, 3]))
    }
}

/// Half of the channels go through convolutions, the other half around them (a strided unit: all through both branches); then
/// the channels of both are shuffled.
private final class ShuffleUnit: Module {
    let branch1: Sequential
    let branch2: Sequential
    private let isStrided: Bool

    init(_ channels: Int, _ width: Int, stride: Int = 1) {
        isStrided = stride > 1
        let half = width / 2
        branch1 =
            isStrided
            ? Sequential([
                Self.depthwise(channels, stride), BatchNorm2d(channels),
                Conv2d(channels, half, kernelSize: 1, bias: false), BatchNorm2d(half), ReLU(),
            ]) : Sequential()
        branch2 = Sequential(
            Conv2d(isStrided ? channels : half, half, kernelSize: 1, bias: false), BatchNorm2d(half), ReLU(),
            Self.depthwise(half, stride), BatchNorm2d(half), Conv2d(half, half, kernelSize: 1, bias: false),
            BatchNorm2d(half), ReLU())
    }

    private static func depthwise(_ channels: Int, _ stride: Int) -> Conv2d {
        Conv2d(channels, channels, kernelSize: 3, stride: stride, padding: 1, groups: channels, bias: false)
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        if isStrided { return try shuffled([branch1(input), branch2(input)]) }
        let halves = try input.chunk(2, dim: 1)
        return try shuffled([halves[0], branch2(halves[1])])
    }

    /// The channels of two tensors in turn.
    private func shuffled(_ halves: [SymbolicTensor]) throws -> SymbolicTensor {
        let joined = try SymbolicTensor.concatenate(halves, dim: 1)
        let shape = try joined.shape
        let grouped = try joined.reshape([shape[0], 2, shape[1] / 2, shape[2], shape[3]])
        return try grouped.permute([0, 2, 1, 3, 4]).reshape(shape)
    }
}
