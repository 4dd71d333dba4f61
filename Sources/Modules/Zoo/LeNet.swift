/// LeNet-5 on 28×28 digits (LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998) with rectifiers,
/// as papers on secure inference use it.
public final class LeNet: Module {
    let conv = Sequential(
        Conv2d(1, 6, kernelSize: 5), ReLU(), AvgPool2d(2), Conv2d(6, 16, kernelSize: 5), ReLU(), AvgPool2d(2))
    let fc = Sequential(Linear(16 * 4 * 4, 120), ReLU(), Linear(120, 84), ReLU(), Linear(84, 10))

    /// The network.
    public init() {}

    /// Scores of the ten digits.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor { try fc(conv(input).flatten()) }
}
