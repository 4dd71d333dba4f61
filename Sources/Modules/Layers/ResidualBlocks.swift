/// Two 3×3 convolutions beside a shortcut. torchvision's `BasicBlock`.
public final class BasicBlock: Module {
    let conv1: Conv2d
    let bn1: BatchNorm2d
    let relu = ReLU()
    let conv2: Conv2d
    let bn2: BatchNorm2d
    let downsample: Sequential?

    /// A block from that many channels to that many, which makes the image as many times smaller as its stride says.
    public init(_ channels: Int, _ width: Int, stride: Int = 1) {
        conv1 = Conv2d(channels, width, kernelSize: 3, stride: stride, padding: 1, bias: false)
        bn1 = BatchNorm2d(width)
        conv2 = Conv2d(width, width, kernelSize: 3, padding: 1, bias: false)
        bn2 = BatchNorm2d(width)
        downsample = .projection(from: channels, to: width, stride: stride)
    }

    /// The rectified sum of the convolutions and the shortcut.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let residual = try bn2(conv2(relu(bn1(conv1(input)))))
        return try relu(residual + (downsample?(input) ?? input))
    }
}

/// 1×1, 3×3 and 1×1 convolutions beside a shortcut. torchvision's `Bottleneck`.
public final class Bottleneck: Module {
    let conv1: Conv2d
    let bn1: BatchNorm2d
    let conv2: Conv2d
    let bn2: BatchNorm2d
    let conv3: Conv2d
    let bn3: BatchNorm2d
    let relu = ReLU()
    let downsample: Sequential?

    /// A block from that many channels to four times its width, which makes the image as many times smaller as its stride
    /// says.
    public init(_ channels: Int, _ width: Int, stride: Int = 1) {
        conv1 = Conv2d(channels, width, kernelSize: 1, bias: false)
        bn1 = BatchNorm2d(width)
        conv2 = Conv2d(width, width, kernelSize: 3, stride: stride, padding: 1, bias: false)
        bn2 = BatchNorm2d(width)
        conv3 = Conv2d(width, 4 * width, kernelSize: 1, bias: false)
        bn3 = BatchNorm2d(4 * width)
        downsample = .projection(from: channels, to: 4 * width, stride: stride)
    }

    /// The rectified sum of the convolutions and the shortcut.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        let inner = try relu(bn2(conv2(relu(bn1(conv1(input))))))
        return try relu(bn3(conv3(inner)) + (downsample?(input) ?? input))
    }
}

extension Sequential {
    /// The shortcut of a residual block that changes the image's shape: a strided 1×1 convolution and its normalization; nil
    /// if it changes nothing.
    static func projection(from channels: Int, to width: Int, stride: Int) -> Sequential? {
        if stride == 1 && channels == width { return nil }
        return Sequential(
            Conv2d(channels, width, kernelSize: 1, stride: stride, bias: false), BatchNorm2d(width))
    }
}
