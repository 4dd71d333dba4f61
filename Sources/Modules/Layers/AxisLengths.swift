import IR

/// One number for every spatial axis, or a list with a number for each: what PyTorch takes for kernel sizes and strides.
public protocol AxisLengths: Sendable {
    /// The numbers for that many axes; nil if there are not as many.
    func lengths(axes: Int) -> [Int]?
}

extension Int: AxisLengths {
    /// The same number for every axis.
    public func lengths(axes: Int) -> [Int]? { Array(repeating: self, count: axes) }
}

extension [Int]: AxisLengths {
    /// The list itself.
    public func lengths(axes: Int) -> [Int]? { count == axes ? self : nil }
}

/// A kernel that moves over the spatial axes of an image, as it was asked for.
struct Window {
    var kernel: any AxisLengths
    var stride: any AxisLengths
    var padding: any AxisLengths
    var dilation: any AxisLengths = 1

    /// ONNX's attributes for that many axes: the same padding on both sides.
    ///
    /// - Throws: ``HarrierError`` if a list has not as many numbers.
    func attributes(axes: Int) throws -> [String: Attribute] {
        let padding = try lengths("padding", padding, axes)
        return [
            "kernel_shape": .ints(try lengths("kernel_size", kernel, axes)),
            "strides": .ints(try lengths("stride", stride, axes)),
            "pads": .ints(padding + padding),
            "dilations": .ints(try lengths("dilation", dilation, axes)),
        ]
    }

    private func lengths(_ name: String, _ value: any AxisLengths, _ axes: Int) throws -> [Int] {
        guard let lengths = value.lengths(axes: axes) else {
            throw HarrierError("\(name) \(value) does not have \(axes) numbers, one for each spatial axis")
        }
        return lengths
    }
}
