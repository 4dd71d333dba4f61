import IR

/// What convolutions of one, two and three spatial axes have in common. PyTorch's `_ConvNd`.
public class Convolution: Module {
    let weight: Parameter
    let bias: Parameter?
    private let axes: Int
    private let inChannels: Int
    private let outChannels: Int
    private let groups: Int
    private let window: Window

    init(axes: Int, _ inChannels: Int, _ outChannels: Int, _ window: Window, groups: Int, bias: Bool) {
        self.axes = axes
        self.inChannels = inChannels
        self.outChannels = outChannels
        self.groups = groups
        self.window = window
        // Impossible sizes are reported when the network is built, where the module's path is known.
        let kernel = window.kernel.lengths(axes: axes) ?? []
        let shape = [outChannels, inChannels / max(1, groups)] + kernel
        let bound = 1 / Float(max(1, shape.dropFirst().saturatingProduct())).squareRoot()
        weight = Parameter(shape, .uniform(bound: bound))
        self.bias = bias ? Parameter([outChannels], .uniform(bound: bound)) : nil
    }

    /// The convolution of the images, plus the bias.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try checkChannels(of: input, axes: axes, inChannels)
        guard groups > 0, inChannels % groups == 0, outChannels % groups == 0 else {
            throw HarrierError("\(groups) groups do not divide \(inChannels) and \(outChannels) channels")
        }
        var attributes = try window.attributes(axes: axes)
        attributes["group"] = .int(groups)
        let weight = try input.model.tensor(of: weight)
        return try input.apply("Conv", weight, bias.map(input.model.tensor(of:)), attributes: attributes)
    }
}

/// Checks that a tensor is a batch of images with that many channels.
func checkChannels(of input: SymbolicTensor, axes: Int, _ channels: Int) throws {
    let shape = try input.shape
    guard shape.count == axes + 2, shape[1] == channels else {
        let axes = axes == 1 ? "one spatial axis" : "\(axes) spatial axes"
        throw HarrierError("takes \(channels) channels and \(axes), but its input has shape \(shape)")
    }
}

/// A convolution over one spatial axis. PyTorch's `torch.nn.Conv1d`.
public final class Conv1d: Convolution {
    /// A convolution with PyTorch's defaults.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any AxisLengths, stride: any AxisLengths = 1,
        padding: any AxisLengths = 0, dilation: any AxisLengths = 1, groups: Int = 1, bias: Bool = true
    ) {
        let window = Window(kernel: kernelSize, stride: stride, padding: padding, dilation: dilation)
        super.init(axes: 1, inChannels, outChannels, window, groups: groups, bias: bias)
    }
}

/// A convolution over two spatial axes. PyTorch's `torch.nn.Conv2d`.
public final class Conv2d: Convolution {
    /// A convolution with PyTorch's defaults.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any AxisLengths, stride: any AxisLengths = 1,
        padding: any AxisLengths = 0, dilation: any AxisLengths = 1, groups: Int = 1, bias: Bool = true
    ) {
        let window = Window(kernel: kernelSize, stride: stride, padding: padding, dilation: dilation)
        super.init(axes: 2, inChannels, outChannels, window, groups: groups, bias: bias)
    }
}

/// A convolution over three spatial axes. PyTorch's `torch.nn.Conv3d`.
public final class Conv3d: Convolution {
    /// A convolution with PyTorch's defaults.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any AxisLengths, stride: any AxisLengths = 1,
        padding: any AxisLengths = 0, dilation: any AxisLengths = 1, groups: Int = 1, bias: Bool = true
    ) {
        let window = Window(kernel: kernelSize, stride: stride, padding: padding, dilation: dilation)
        super.init(axes: 3, inChannels, outChannels, window, groups: groups, bias: bias)
    }
}

/// The transpose of a convolution over two spatial axes. PyTorch's `torch.nn.ConvTranspose2d`.
public final class ConvTranspose2d: Module {
    let weight: Parameter
    let bias: Parameter?
    private let groups: Int
    private let window: Window
    private let outputPadding: any AxisLengths

    /// A transposed convolution with PyTorch's defaults.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any AxisLengths, stride: any AxisLengths = 1,
        padding: any AxisLengths = 0, outputPadding: any AxisLengths = 0, groups: Int = 1, bias: Bool = true,
        dilation: any AxisLengths = 1
    ) {
        self.groups = groups
        self.outputPadding = outputPadding
        window = Window(kernel: kernelSize, stride: stride, padding: padding, dilation: dilation)
        let shape = [inChannels, outChannels / max(1, groups)] + (kernelSize.lengths(axes: 2) ?? [])
        // PyTorch takes the second axis and the kernel for the fan-in of any weight.
        let bound = 1 / Float(max(1, shape.dropFirst().saturatingProduct())).squareRoot()
        weight = Parameter(shape, .uniform(bound: bound))
        self.bias = bias ? Parameter([outChannels], .uniform(bound: bound)) : nil
    }

    /// The transposed convolution of the images, plus the bias.
    public func forward(_ input: SymbolicTensor) throws -> SymbolicTensor {
        try checkChannels(of: input, axes: 2, weight.shape[0])
        var attributes = try window.attributes(axes: 2)
        attributes["group"] = .int(groups)
        guard let outputPadding = outputPadding.lengths(axes: 2) else {
            throw HarrierError("output_padding \(outputPadding) does not have 2 numbers, one for each spatial axis")
        }
        attributes["output_padding"] = .ints(outputPadding)
        let weight = try input.model.tensor(of: weight)
        return try input.apply("ConvTranspose", weight, bias.map(input.model.tensor(of:)), attributes: attributes)
    }
}
