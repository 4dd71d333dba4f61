/// MobileNetV3 as torchvision has it (Howard et al., "Searching for MobileNetV3", 2019).
public final class MobileNetV3: Module {
    /// A row of the paper's tables 1 and 2.
    public struct Row {
        var kernel: Int
        var expanded: Int
        var output: Int
        var squeezes: Bool
        var isHard: Bool
        var stride: Int

        /// A block with that kernel, that many channels inside and behind it.
        ///
        /// - Parameters:
        ///   - squeezes: whether channels are weighted (squeeze and excitation).
        ///   - isHard: whether the activation is the hard swish; else it is the rectifier.
        public init(_ kernel: Int, _ expanded: Int, _ output: Int, squeezes: Bool, isHard: Bool, stride: Int) {
            self.kernel = kernel
            self.expanded = expanded
            self.output = output
            self.squeezes = squeezes
            self.isHard = isHard
            self.stride = stride
        }
    }

    let features: Sequential
    let avgpool = AdaptiveAvgPool2d(1)
    let classifier: Sequential

    /// A network of those blocks.
    public init(_ rows: [Row], last: Int, classes: Int = 1000) {
        var channels = 16
        var modules: [any Module] = [
            Sequential.convolution(3, channels, kernel: 3, stride: 2, activation: Hardswish())
        ]
        for row in rows {
            modules.append(InvertedResidual(channels, row))
            channels = row.output
        }
        modules.append(Sequential.convolution(channels, 6 * channels, kernel: 1, activation: Hardswish()))
        features = Sequential(modules)
        classifier = Sequential(Linear(6 * channels, last), Hardswish(), Dropout(0.2), Linear(last, classes))
    }

    /// MobileNetV3-Small, the paper's table 2.
    public static func small() -> MobileNetV3 {
        MobileNetV3(
            [
                Row(3, 16, 16, squeezes: true, isHard: false, stride: 2),
                Row(3, 72, 24, squeezes: false, isHard: false, stride: 2),
                Row(3, 88, 24, squeezes: false, isHard: false, stride: 1),
                Row(5, 96, 40, squeezes: true, isHard: true, stride: 2),
                Row(5, 240, 40, squeezes: true, isHard: true, stride: 1),
                Row(5, 240, 40, squeezes: true, isHard: true, stride: 1),
                Row(5, 120, 48, squeezes: true, isHard: true, stride: 1),
                Row(5, 144, 48, squeezes: true, isHard: true, stride: 1),
                Row(5, 288, 96, squeezes: true, isHard: true, stride: 2),
                Row(5, 576, 96, squeezes: true, isHard: true, stride: 1),
                Row(5, 576, 96, squeezes: true, isHard: true, stride: 1),
            ], last: 1024)
    }

    /// Scores of the classes.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try classifier(avgpool(features(input)).flatten())
    }
}

extension Sequential {
    /// A convolution that keeps the image's size but for its stride, its normalization, and an activation. torchvision's
    /// `Conv2dNormActivation` with MobileNetV3's normalization.
    fileprivate static func convolution(
        _ channels: Int, _ width: Int, kernel: Int, stride: Int = 1, groups: Int = 1, activation: (any Module)? = nil
    ) -> Sequential {
        let convolution = Conv2d(
            channels, width, kernelSize: kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false)
        let normalization = BatchNorm2d(width, eps: 0.001, momentum: 0.01)
        return Sequential([convolution, normalization] + (activation.map { [$0] } ?? []))
    }
}

/// A wide depthwise convolution between two 1×1 convolutions, beside a shortcut if the shape stays.
private final class InvertedResidual: Module {
    let block: Sequential
    private let hasShortcut: Bool

    init(_ channels: Int, _ row: MobileNetV3.Row) {
        func activation() -> any Module { row.isHard ? Hardswish() : ReLU() }
        var modules: [any Module] = []
        if row.expanded != channels {
            modules.append(Sequential.convolution(channels, row.expanded, kernel: 1, activation: activation()))
        }
        modules.append(
            Sequential.convolution(
                row.expanded, row.expanded, kernel: row.kernel, stride: row.stride, groups: row.expanded,
                activation: activation()))
        if row.squeezes { modules.append(SqueezeExcitation(row.expanded)) }
        modules.append(Sequential.convolution(row.expanded, row.output, kernel: 1))
        block = Sequential(modules)
        hasShortcut = row.stride == 1 && channels == row.output
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let output = try block(input)
        return try hasShortcut ? output + input : output
    }
}

/// Channels weighted by what a small network makes of their means. torchvision's `SqueezeExcitation`.
private final class SqueezeExcitation: Module {
    let avgpool = AdaptiveAvgPool2d(1)
    let fc1: Conv2d
    let fc2: Conv2d
    let activation = ReLU()
    let scaleActivation = Hardsigmoid()

    init(_ channels: Int) {
        let squeezed = Self.divisibleByEight(channels / 4)
        fc1 = Conv2d(channels, squeezed, kernelSize: 1)
        fc2 = Conv2d(squeezed, channels, kernelSize: 1)
    }

    func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try scaleActivation(fc2(activation(fc1(avgpool(input))))) * input
    }

    /// The nearest multiple of 8, at least 8 and not below 90 % of the number. torchvision's `_make_divisible`.
    private static func divisibleByEight(_ number: Int) -> Int {
        let rounded = max(8, (number + 4) / 8 * 8)
        return rounded * 10 < number * 9 ? rounded + 8 : rounded
    }
}
