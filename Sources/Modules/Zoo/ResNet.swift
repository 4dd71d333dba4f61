/// Residual networks for ImageNet as torchvision has them (He et al., "Deep Residual Learning for Image Recognition", 2016;
/// the stride of a bottleneck is in its 3×3 convolution).
public final class ResNet: Module {
    /// What the network is made of.
    public enum Block: Hashable, Sendable {
        /// Two 3×3 convolutions.
        case basic
        /// 1×1, 3×3 and 1×1 convolutions, the last four times as wide.
        case bottleneck

        var expansion: Int { self == .basic ? 1 : 4 }
    }

    let conv1 = Conv2d(3, 64, kernelSize: 7, stride: 2, padding: 3, bias: false)
    let bn1 = BatchNorm2d(64)
    let relu = ReLU()
    let maxpool = MaxPool2d(3, stride: 2, padding: 1)
    let layer1: Sequential
    let layer2: Sequential
    let layer3: Sequential
    let layer4: Sequential
    let avgpool = AdaptiveAvgPool2d(1)
    let fc: Linear

    /// A network with that many blocks in each of its four stages.
    public init(_ block: Block, _ counts: (Int, Int, Int, Int), classes: Int = 1000) {
        let expansion = block.expansion
        layer1 = Self.stage(block, from: 64, width: 64, count: counts.0, stride: 1)
        layer2 = Self.stage(block, from: 64 * expansion, width: 128, count: counts.1, stride: 2)
        layer3 = Self.stage(block, from: 128 * expansion, width: 256, count: counts.2, stride: 2)
        layer4 = Self.stage(block, from: 256 * expansion, width: 512, count: counts.3, stride: 2)
        fc = Linear(512 * expansion, classes)
    }

    /// ResNet-18.
    public static func resnet18() -> ResNet { ResNet(.basic, (2, 2, 2, 2)) }

    /// ResNet-50.
    public static func resnet50() -> ResNet { ResNet(.bottleneck, (3, 4, 6, 3)) }

    private static func stage(_ block: Block, from channels: Int, width: Int, count: Int, stride: Int) -> Sequential {
        Sequential(
            (0..<max(0, count)).map { index in
                let channels = index == 0 ? channels : width * block.expansion
                let stride = index == 0 ? stride : 1
                return block == .basic
                    ? BasicBlock(channels, width, stride: stride) : Bottleneck(channels, width, stride: stride)
            })
    }

    /// Scores of the classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let stem = try maxpool(relu(bn1(conv1(input))))
        return try fc(avgpool(layer4(layer3(layer2(layer1(stem))))).flatten())
    }
}
