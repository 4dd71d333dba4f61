/// Residual networks for CIFAR (He et al., "Deep Residual Learning for Image Recognition", 2016, section 4.2) of 6n+2 layers,
/// with projections as shortcuts where the image changes its shape.
public final class CIFARResNet: Module {
    let stem: Sequential
    let blocks: Sequential
    let fc: Linear

    /// A network with that many blocks in each of its three stages, the first of that width.
    public init(blocksPerStage: Int, width: Int = 16, classes: Int = 10) {
        stem = Sequential(Conv2d(3, width, kernelSize: 3, padding: 1, bias: false), BatchNorm2d(width), ReLU())
        var modules: [any Module] = []
        var channels = width
        for stage in 0..<3 {
            for index in 0..<max(0, blocksPerStage) {
                let stride = stage > 0 && index == 0 ? 2 : 1
                modules.append(Block(channels, width << stage, stride: stride))
                channels = width << stage
            }
        }
        blocks = Sequential(modules)
        fc = Linear(channels, classes)
    }

    /// ResNet-32 for CIFAR-100.
    public static func resnet32() -> CIFARResNet { CIFARResNet(blocksPerStage: 5, classes: 100) }

    /// Scores of the classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try fc(blocks(stem(input)).apply("GlobalAveragePool").flatten())
    }

    /// Two 3×3 convolutions beside a shortcut.
    final class Block: Module {
        let conv1: Conv2d
        let bn1: BatchNorm2d
        let conv2: Conv2d
        let bn2: BatchNorm2d
        let short: Sequential?

        init(_ channels: Int, _ width: Int, stride: Int) {
            conv1 = Conv2d(channels, width, kernelSize: 3, stride: stride, padding: 1, bias: false)
            bn1 = BatchNorm2d(width)
            conv2 = Conv2d(width, width, kernelSize: 3, padding: 1, bias: false)
            bn2 = BatchNorm2d(width)
            short = .projection(from: channels, to: width, stride: stride)
        }

        func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
            let residual = try bn2(conv2(bn1(conv1(input)).apply("Relu")))
            return try (residual + (short?(input) ?? input)).apply("Relu")
        }
    }
}
