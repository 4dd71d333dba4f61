import IR

/// Convolutions.
let convolutionKernels: [KernelRow] = [
    KernelRow("Conv") { call in
        if case .floats = try call.input(0).storage { return try convolution(call, Float.self) }
        return try convolution(call, Double.self)
    },
    KernelRow("ConvTranspose") { call in
        if case .floats = try call.input(0).storage { return try transposedConvolution(call, Float.self) }
        return try transposedConvolution(call, Double.self)
    },
]

/// The checked sizes of a convolution: input [N, C, spatial...], weights [M, C/groups, kernel...].
struct ConvolutionShape {
    let batch: Int
    let channels: Int
    let outputChannels: Int
    let groups: Int
    let window: Window

    /// Channels of one group.
    var groupChannels: Int { channels / groups }
    /// Output channels of one group.
    var groupOutputs: Int { outputChannels / groups }
    /// The result's shape.
    var shape: [Int] { [batch, outputChannels] + window.outputShape }
    /// Whether the operator is a plain product of matrices: every tap at its own output.
    var isPointwise: Bool {
        window.axes.allSatisfy { $0.kernel == 1 && $0.stride == 1 && $0.before == 0 && $0.after == 0 }
    }

    init(_ node: Node, input: [Int], weights: [Int]) throws {
        guard input.count >= 3, weights.count == input.count else {
            throw HarrierError("\(node.op) of an input of shape \(input) and weights of shape \(weights)")
        }
        groups = try node.int("group")
        (batch, channels, outputChannels) = (input[0], input[1], weights[0])
        guard groups > 0, groups <= max(1, channels),
            weights[1].multipliedReportingOverflow(by: groups) == (channels, false),
            outputChannels % groups == 0
        else {
            throw HarrierError(
                "an input of shape \(input) does not fit weights of shape \(weights) in \(groups) groups")
        }
        let kernel = Array(weights.dropFirst(2))
        if let declared = try node.optionalInts("kernel_shape"), declared != kernel {
            throw HarrierError("attribute 'kernel_shape' is \(declared), but the weights have shape \(weights)")
        }
        window = try Window(node, spatial: Array(input.dropFirst(2)), kernel: kernel)
        _ = try checkedCount(shape)
        // One row of the unfolded image at least must fit.
        _ = try checkedCount([groupChannels, window.kernelCount, window.axes[2].output])
    }
}

/// Elements of the matrix that an image is unfolded into at a time: it should stay in the cache.
private let unfoldedElements = 1 << 19

func convolution<R: Real>(_ call: Call, _: R.Type) throws -> NumericArray {
    let (input, weights) = (try call.input(0), try call.input(1))
    let shape = try ConvolutionShape(call.node, input: input.shape, weights: weights.shape)
    let (x, w) = (try R.elements(of: input), try R.elements(of: weights))
    let bias = try call.optional(2).map { try R.elements(of: $0) }
    if let bias, bias.count != shape.outputChannels {
        throw HarrierError("a bias of \(bias.count) elements for \(shape.outputChannels) channels")
    }
    let plane = shape.window.outputCount
    var result = [R](repeating: 0, count: try checkedCount(shape.shape))
    if let bias {
        result.withUnsafeMutableBufferPointer { y in
            for row in 0..<shape.batch * shape.outputChannels {
                y[row * plane..<(row + 1) * plane].update(repeating: bias[row % shape.outputChannels])
            }
        }
    }
    if !result.isEmpty && !x.isEmpty && !w.isEmpty {
        result.withUnsafeMutableBufferPointer { y in
            x.withUnsafeBufferPointer { x in
                w.withUnsafeBufferPointer { w in
                    for image in 0..<shape.batch {
                        let source = x.baseAddress! + image * shape.channels * shape.window.inputCount
                        let target = y.baseAddress! + image * shape.outputChannels * plane
                        if shape.groupChannels == 1 && shape.groups > 1 {
                            convolveDepthwise(shape, source, w.baseAddress!, target)
                        } else {
                            convolveGroups(shape, source, w.baseAddress!, target)
                        }
                    }
                }
            }
        }
    }
    return NumericArray(unchecked: input.elementType, shape.shape, R.storage(result))
}

/// Adds one image's convolution to `y`: per group a product of the weights with the unfolded image.
private func convolveGroups<R: Real>(
    _ shape: ConvolutionShape, _ x: UnsafePointer<R>, _ w: UnsafePointer<R>, _ y: UnsafeMutablePointer<R>
) {
    let window = shape.window
    let depth = shape.groupChannels * window.kernelCount
    let (plane, last) = (window.outputCount, window.axes[2].output)
    let rowsAtOnce = max(1, min(plane / last, unfoldedElements / (depth * last)))
    var unfolded = [R](repeating: 0, count: shape.isPointwise ? 0 : depth * rowsAtOnce * last)
    for group in 0..<shape.groups {
        let source = x + group * shape.groupChannels * window.inputCount
        let weights = w + group * shape.groupOutputs * depth
        let target = y + group * shape.groupOutputs * plane
        if shape.isPointwise {
            R.multiply(
                MatrixProduct(
                    m: shape.groupOutputs, n: plane, k: depth, a: weights, aStride: depth, b: source, bStride: plane,
                    c: target, cStride: plane, alpha: 1, beta: 1))
            continue
        }
        unfolded.withUnsafeMutableBufferPointer { columns in
            var row = 0
            while row < plane / last {
                let rows = min(rowsAtOnce, plane / last - row)
                unfold(
                    source, channels: shape.groupChannels, window, rows: row..<row + rows, into: columns.baseAddress!)
                R.multiply(
                    MatrixProduct(
                        m: shape.groupOutputs, n: rows * last, k: depth, a: weights, aStride: depth,
                        b: UnsafePointer(columns.baseAddress!), bStride: rows * last, c: target + row * last,
                        cStride: plane, alpha: 1, beta: 1))
                row += rows
            }
        }
    }
}

/// Writes for every channel and tap a row of what that tap reads at the outputs of the given rows (of the last axis);
/// zeros where it reads padding.
private func unfold<R: Real>(
    _ x: UnsafePointer<R>, channels: Int, _ window: Window, rows: Range<Int>, into columns: UnsafeMutablePointer<R>
) {
    let (depth, height, width) = (window.axes[0], window.axes[1], window.axes[2])
    var target = columns
    for channel in 0..<channels {
        let plane = x + channel * window.inputCount
        for tapD in 0..<depth.kernel {
            for tapH in 0..<height.kernel {
                for tapW in 0..<width.kernel {
                    let inside = width.outputs(tap: tapW)
                    let shift = tapW * width.dilation - width.before
                    for row in rows {
                        let d = row / height.output * depth.stride + tapD * depth.dilation - depth.before
                        let h = row % height.output * height.stride + tapH * height.dilation - height.before
                        if d >= 0 && d < depth.input && h >= 0 && h < height.input && !inside.isEmpty {
                            let line = plane + (d * height.input + h) * width.input
                            for i in 0..<inside.lowerBound { target[i] = 0 }
                            if width.stride == 1 {
                                (target + inside.lowerBound).update(
                                    from: line + inside.lowerBound + shift, count: inside.count)
                            } else {
                                for i in inside { target[i] = line[i &* width.stride &+ shift] }
                            }
                            for i in inside.upperBound..<width.output { target[i] = 0 }
                        } else {
                            target.update(repeating: 0, count: width.output)
                        }
                        target += width.output
                    }
                }
            }
        }
    }
}

/// Adds one image's convolution to `y` where every group has one input channel.
private func convolveDepthwise<R: Real>(
    _ shape: ConvolutionShape, _ x: UnsafePointer<R>, _ w: UnsafePointer<R>, _ y: UnsafeMutablePointer<R>
) {
    let window = shape.window
    let (depth, height, width) = (window.axes[0], window.axes[1], window.axes[2])
    for channel in 0..<shape.outputChannels {
        let source = x + channel / shape.groupOutputs * window.inputCount
        let target = y + channel * window.outputCount
        var tap = w + channel * window.kernelCount
        for tapD in 0..<depth.kernel {
            for tapH in 0..<height.kernel {
                for tapW in 0..<width.kernel {
                    let (weight, inside) = (tap.pointee, width.outputs(tap: tapW))
                    tap += 1
                    let shift = tapW * width.dilation - width.before
                    for d in depth.outputs(tap: tapD) {
                        let slice = d * depth.stride + tapD * depth.dilation - depth.before
                        for h in height.outputs(tap: tapH) {
                            let line = h * height.stride + tapH * height.dilation - height.before
                            let from = source + (slice * height.input + line) * width.input + shift
                            let to = target + (d * height.output + h) * width.output
                            if width.stride == 1 {
                                for i in inside { to[i] += weight * from[i] }
                            } else {
                                for i in inside { to[i] += weight * from[i &* width.stride] }
                            }
                        }
                    }
                }
            }
        }
    }
}
