/// AlexNet as torchvision has it (Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014).
public final class AlexNet: Module {
    let features = Sequential(
        Conv2d(3, 64, kernelSize: 11, stride: 4, padding: 2), ReLU(), MaxPool2d(3, stride: 2),
        Conv2d(64, 192, kernelSize: 5, padding: 2), ReLU(), MaxPool2d(3, stride: 2),
        Conv2d(192, 384, kernelSize: 3, padding: 1), ReLU(),
        Conv2d(384, 256, kernelSize: 3, padding: 1), ReLU(),
        Conv2d(256, 256, kernelSize: 3, padding: 1), ReLU(), MaxPool2d(3, stride: 2))
    let avgpool = AdaptiveAvgPool2d(6)
    let classifier: Sequential

    /// The network for that many classes.
    public init(classes: Int = 1000) {
        classifier = Sequential(
            Dropout(), Linear(256 * 6 * 6, 4096), ReLU(), Dropout(), Linear(4096, 4096), ReLU(), Linear(4096, classes))
    }

    /// Scores of the classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try classifier(avgpool(features(input)).flatten())
    }
}
