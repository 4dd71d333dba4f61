import Frameworks
import IR
import Modules

/// The networks that HawkEye's artifact trains, on one batch of 128, with their sizes as they stand there (commit d737722,
/// `Programs/Source/autograd_*_train_*.mpc`).
enum HawkEyeNetwork: String, CaseIterable {
    case lenet, alexnet, vgg16, vgg16Small

    /// What it is called in tables.
    var title: String {
        switch self {
        case .lenet: "LeNet (28×28)"
        case .alexnet: "AlexNet (224×224)"
        case .vgg16: "VGG-16 (224×224)"
        case .vgg16Small: "VGG-16 (32×32)"
        }
    }

    /// The name of HawkEye's program, without the optimizer.
    var program: String {
        switch self {
        case .lenet: "lenet"
        case .alexnet: "alexnet"
        case .vgg16: "vgg"
        case .vgg16Small: "vgg_cifar10"
        }
    }

    /// The network in ONNX's textual syntax.
    func text() throws -> String {
        let graph =
            switch self {
            case .lenet: try HawkEyeLeNet().graph(name: rawValue, input: [128, 1, 28, 28])
            case .alexnet: try HawkEyeAlexNet().graph(name: rawValue, input: [128, 3, 224, 224])
            case .vgg16: try HawkEyeVGG(isSmall: false).graph(name: rawValue, input: [128, 3, 224, 224])
            case .vgg16Small: try HawkEyeVGG(isSmall: true).graph(name: rawValue, input: [128, 3, 32, 32])
            }
        return ONNXText.print(graph)
    }
}

/// A dropout that stands in the graph, so that training draws its mask.
private final class DrawnDropout: Module {
    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try input.apply("Dropout") }
}

/// LeNet with a layer of 840 where the paper has 84, and a rectifier before the last layer.
private final class HawkEyeLeNet: Module {
    let conv = Sequential(
        Conv2d(1, 6, kernelSize: 5), ReLU(), AvgPool2d(2), Conv2d(6, 16, kernelSize: 5), ReLU(), AvgPool2d(2))
    let fc = Sequential(Linear(16 * 4 * 4, 120), ReLU(), Linear(120, 840), ReLU())
    let fc1 = Linear(840, 10)

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try fc1(fc(conv(input).flatten())) }
}

/// torchvision's AlexNet with means instead of maxima.
private final class HawkEyeAlexNet: Module {
    let features = Sequential(
        Conv2d(3, 64, kernelSize: 11, stride: 4, padding: 2), ReLU(), AvgPool2d(3, stride: 2),
        Conv2d(64, 192, kernelSize: 5, padding: 2), ReLU(), AvgPool2d(3, stride: 2),
        Conv2d(192, 384, kernelSize: 3, padding: 1), ReLU(),
        Conv2d(384, 256, kernelSize: 3, padding: 1), ReLU(),
        Conv2d(256, 256, kernelSize: 3, padding: 1), ReLU(), AvgPool2d(3, stride: 2))
    let avgpool = AdaptiveAvgPool2d(6)
    let classifier = Sequential(
        DrawnDropout(), Linear(256 * 6 * 6, 4096), ReLU(), DrawnDropout(), Linear(4096, 4096), ReLU(),
        Linear(4096, 1000))

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try classifier(avgpool(features(input)).flatten())
    }
}

/// VGG-16 with a batch normalization without parameters behind each convolution: for 224×224 images with means and three dense
/// layers, for 32×32 with maxima and one.
private final class HawkEyeVGG: Module {
    let features: Sequential
    let classifier: Sequential

    init(isSmall: Bool) {
        var modules: [any Module] = []
        var channels = 3
        for stage in [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]] {
            for width in stage {
                modules += [
                    Conv2d(channels, width, kernelSize: 3, padding: 1), BatchNorm2d(width, affine: false), ReLU(),
                ]
                channels = width
            }
            modules.append(isSmall ? MaxPool2d(2) : AvgPool2d(2))
        }
        features = Sequential(modules)
        let dense: [any Module] = [
            Linear(512 * 7 * 7, 4096), DrawnDropout(), ReLU(), Linear(4096, 4096), DrawnDropout(), ReLU(),
            Linear(4096, 1000),
        ]
        classifier = Sequential(isSmall ? [Linear(512, 10)] : dense)
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try classifier(features(input).flatten()) }
}
