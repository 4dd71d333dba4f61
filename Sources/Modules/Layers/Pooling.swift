import IR

/// The largest element under a moving window. PyTorch's `torch.nn.MaxPool2d`.
public final class MaxPool2d: Module {
    private let window: Window
    private let ceilMode: Bool

    /// A pooling with PyTorch's defaults: the stride is the kernel's size unless given.
    public init(
        _ kernelSize: any AxisLengths, stride: (any AxisLengths)? = nil, padding: any AxisLengths = 0,
        dilation: any AxisLengths = 1, ceilMode: Bool = false
    ) {
        window = Window(kernel: kernelSize, stride: stride ?? kernelSize, padding: padding, dilation: dilation)
        self.ceilMode = ceilMode
    }

    /// The maxima under the window.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try checkImages(input)
        var attributes = try window.attributes(axes: 2)
        attributes["ceil_mode"] = .int(ceilMode ? 1 : 0)
        return try input.apply("MaxPool", attributes: attributes)
    }
}

/// The mean of the elements under a moving window. PyTorch's `torch.nn.AvgPool2d`.
public final class AvgPool2d: Module {
    private let window: Window
    private let ceilMode: Bool
    private let countIncludePad: Bool

    /// A pooling with PyTorch's defaults: the stride is the kernel's size unless given.
    public init(
        _ kernelSize: any AxisLengths, stride: (any AxisLengths)? = nil, padding: any AxisLengths = 0,
        ceilMode: Bool = false, countIncludePad: Bool = true
    ) {
        window = Window(kernel: kernelSize, stride: stride ?? kernelSize, padding: padding)
        self.ceilMode = ceilMode
        self.countIncludePad = countIncludePad
    }

    /// The means under the window.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try checkImages(input)
        var attributes = try window.attributes(axes: 2)
        attributes["dilations"] = nil
        attributes["ceil_mode"] = .int(ceilMode ? 1 : 0)
        attributes["count_include_pad"] = .int(countIncludePad ? 1 : 0)
        return try input.apply("AveragePool", attributes: attributes)
    }
}

/// The mean over as many equal parts of an image as asked for. PyTorch's `torch.nn.AdaptiveAvgPool2d`.
///
/// As PyTorch's exporter writes it: GlobalAveragePool for one part, else AveragePool, where the parts are equal.
public final class AdaptiveAvgPool2d: Module {
    private let outputSize: any AxisLengths

    /// A pooling to an image of that size.
    public init(_ outputSize: any AxisLengths) { self.outputSize = outputSize }

    /// The means of the parts.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try checkImages(input)
        let shape = try input.shape.dropFirst(2)
        guard let parts = outputSize.lengths(axes: 2), zip(shape, parts).allSatisfy({ $1 > 0 && $0 % $1 == 0 }) else {
            throw HarrierError("an image of size \(Array(shape)) cannot be divided into \(outputSize) equal parts")
        }
        if parts == [1, 1] { return try input.apply("GlobalAveragePool") }
        let lengths = zip(shape, parts).map { $0 / $1 }
        return try input.apply("AveragePool", attributes: ["kernel_shape": .ints(lengths), "strides": .ints(lengths)])
    }
}

/// Checks that a tensor is a batch of images.
private func checkImages(_ input: SymbolicTensor) throws {
    let shape = try input.shape
    guard shape.count == 4 else {
        throw HarrierError("takes batch, channels, height and width, but its input has shape \(shape)")
    }
}
