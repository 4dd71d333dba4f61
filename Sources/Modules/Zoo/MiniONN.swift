/// The network for CIFAR-10 of MiniONN (Liu et al., "Oblivious Neural Network Predictions via MiniONN Transformations",
/// CCS 2017, figure 13): seven convolutions and a linear layer.
public final class MiniONN: Module {
    let conv = Sequential(
        Conv2d(3, 64, kernelSize: 3, padding: 1), ReLU(),
        Conv2d(64, 64, kernelSize: 3, padding: 1), ReLU(), AvgPool2d(2),
        Conv2d(64, 64, kernelSize: 3, padding: 1), ReLU(),
        Conv2d(64, 64, kernelSize: 3, padding: 1), ReLU(), AvgPool2d(2),
        Conv2d(64, 64, kernelSize: 3, padding: 1), ReLU(),
        Conv2d(64, 64, kernelSize: 1), ReLU(),
        Conv2d(64, 16, kernelSize: 1), ReLU())
    let fc = Linear(16 * 8 * 8, 10)

    /// The network.
    public init() {}

    /// Scores of the ten classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try fc(conv(input).flatten()) }
}
