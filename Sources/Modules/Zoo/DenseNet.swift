/// DenseNet as torchvision has it (Huang et al., "Densely Connected Convolutional Networks", 2017): each layer of a block reads
/// what all layers before it made.
public final class DenseNet: Module {
    let features: Sequential
    let classifier: Linear

    /// A network with that many layers in each block, each of which adds `growth` channels.
    public init(growth: Int, blocks: [Int], stem: Int, bottleneck: Int = 4, classes: Int = 1000) {
        var modules: [(name: String, module: any Module)] = [
            ("conv0", Conv2d(3, stem, kernelSize: 7, stride: 2, padding: 3, bias: false)),
            ("norm0", BatchNorm2d(stem)), ("relu0", ReLU()), ("pool0", MaxPool2d(3, stride: 2, padding: 1)),
        ]
        var channels = stem
        for (index, count) in blocks.enumerated() {
            let block = DenseBlock(channels, count: count, growth: growth, bottleneck: bottleneck)
            modules.append(("denseblock\(index + 1)", block))
            channels += count * growth
            guard index + 1 < blocks.count else { continue }
            modules.append(("transition\(index + 1)", Self.transition(channels, channels / 2)))
            channels /= 2
        }
        modules.append(("norm5", BatchNorm2d(channels)))
        features = Sequential(named: modules)
        classifier = Linear(channels, classes)
    }

    /// DenseNet-121.
    public static func densenet121() -> DenseNet { DenseNet(growth: 32, blocks: [6, 12, 24, 16], stem: 64) }

    /// Half the channels, half the size.
    private static func transition(_ channels: Int, _ width: Int) -> Sequential {
        Sequential(named: [
            ("norm", BatchNorm2d(channels)), ("relu", ReLU()),
            ("conv", Conv2d(channels, width, kernelSize: 1, bias: false)), ("pool", AvgPool2d(2)),
        ])
    }

    /// Scores of the classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let features = try features(input).apply("Relu")
        return try classifier(features.apply("GlobalAveragePool").flatten())
    }
}

/// Layers that each add channels to what they read.
final class DenseBlock: Module {
    private let layers: [DenseLayer]

    init(_ channels: Int, count: Int, growth: Int, bottleneck: Int) {
        layers = (0..<count).map { DenseLayer(channels + $0 * growth, growth: growth, bottleneck: bottleneck) }
    }

    var members: [(name: String, member: any ModuleMember)] {
        layers.enumerated().map { ("denselayer\($0 + 1)", $1) }
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        var features = [input]
        for layer in layers { features.append(try layer(features)) }
        return try .concatenate(features, dim: 1)
    }
}

/// A 1×1 and a 3×3 convolution, each behind a normalization and a rectifier.
final class DenseLayer: ModuleContainer {
    let norm1: BatchNorm2d
    let relu1 = ReLU()
    let conv1: Conv2d
    let norm2: BatchNorm2d
    let relu2 = ReLU()
    let conv2: Conv2d

    init(_ channels: Int, growth: Int, bottleneck: Int) {
        norm1 = BatchNorm2d(channels)
        conv1 = Conv2d(channels, bottleneck * growth, kernelSize: 1, bias: false)
        norm2 = BatchNorm2d(bottleneck * growth)
        conv2 = Conv2d(bottleneck * growth, growth, kernelSize: 3, padding: 1, bias: false)
    }

    /// The layer's own channels, from those of all layers before it.
    func callAsFunction(_ features: [SymbolicTensor]) throws -> SymbolicTensor {
        try features[0].model.within(self) {
            let input = try SymbolicTensor.concatenate(features, dim: 1)
            return try conv2(relu2(norm2(conv1(relu1(norm1(input))))))
        }
    }
}
