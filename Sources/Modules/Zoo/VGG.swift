/// VGG as torchvision has it (Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
/// 2015, table 1).
public final class VGG: Module {
    let features: Sequential
    let avgpool = AdaptiveAvgPool2d(7)
    let classifier: Sequential

    /// A network whose stages have convolutions of those widths, with a pooling after each stage.
    public init(stages: [[Int]], classes: Int = 1000) {
        var modules: [any Module] = []
        var channels = 3
        for stage in stages {
            for width in stage {
                modules += [Conv2d(channels, width, kernelSize: 3, padding: 1), ReLU()]
                channels = width
            }
            modules.append(MaxPool2d(2))
        }
        features = Sequential(modules)
        classifier = Sequential(
            Linear(channels * 7 * 7, 4096), ReLU(), Dropout(), Linear(4096, 4096), ReLU(), Dropout(),
            Linear(4096, classes))
    }

    /// VGG-16, the paper's configuration D.
    public static func vgg16() -> VGG {
        VGG(stages: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]])
    }

    /// Scores of the classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try classifier(avgpool(features(input)).flatten())
    }
}
