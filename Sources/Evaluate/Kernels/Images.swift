import IR

/// Operators on images: resampling, regions, and placing windows.
let imageKernels: [KernelRow] = [
    KernelRow("Resize", resize),
    KernelRow("GridSample", gridSample),
    KernelRow("AffineGrid", affineGrid),
    KernelRow("RoiAlign", roiAlign),
    KernelRow("MaxRoiPool", maxRoiPool),
    KernelRow("Col2Im", columnsToImage),
    KernelRow("CenterCropPad", centerCropPad),
    KernelRow("MaxUnpool", maxUnpool),
    KernelRow("DeformConv", deformableConvolution),
]

/// Inputs: columns [N, C × taps, positions], image lengths, block lengths. Overlapping taps are added.
private func columnsToImage(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    guard let image = try call.integers(1), let block = try call.integers(2), input.rank == 3 else {
        throw HarrierError("Col2Im needs columns of rank 3 and the lengths of image and block")
    }
    guard image.allSatisfy({ $0 >= 1 }) else { throw HarrierError("an image of lengths \(image)") }
    let window = try Window(call.node, spatial: image, kernel: block)
    guard input.shape[1] % window.kernelCount == 0, input.shape[2] == window.outputCount else {
        throw HarrierError("columns of shape \(input.shape) do not make an image of lengths \(image)")
    }
    let channels = input.shape[1] / window.kernelCount
    let shape = [input.shape[0], channels] + image
    var result = [Double](repeating: 0, count: try checkedCount(shape))
    let columns = try input.doubles()
    guard !result.isEmpty else { return try call.result(result, shape: shape, type: input.elementType) }
    columns.withUnsafeBufferPointer { columns in
        result.withUnsafeMutableBufferPointer { result in
            for entry in 0..<input.shape[0] {
                fold(
                    columns.baseAddress! + entry * input.shape[1] * input.shape[2], channels: channels, window,
                    into: result.baseAddress! + entry * channels * window.inputCount)
            }
        }
    }
    return try call.result(result, shape: shape, type: input.elementType)
}

/// The middle of the input along some axes, or the input in the middle of zeros.
private func centerCropPad(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    let axes = try normalizedAxes(try call.node.optionalInts("axes") ?? Array(input.shape.indices), rank: input.rank)
    guard let lengths = try call.integers(1), lengths.count == axes.count, lengths.allSatisfy({ $0 >= 0 }) else {
        throw HarrierError("CenterCropPad needs a length for each of \(axes.count) axes")
    }
    var pads = [Int](repeating: 0, count: 2 * axes.count)
    for (position, axis) in axes.enumerated() {
        let difference = lengths[position].subtractingReportingOverflow(input.shape[axis]).partialValue
        // What does not divide evenly is cut, or padded, at the end.
        pads[position] = difference >= 0 ? difference / 2 : -(-difference / 2)
        pads[axes.count + position] = difference - pads[position]
    }
    let node = Node(op: "Pad", inputs: call.node.inputs, outputs: call.node.outputs)
    let operands = [
        input, try call.result(pads.map { Int64($0) }, shape: [pads.count], type: .int64), nil,
        try call.result(axes.map { Int64($0) }, shape: [axes.count], type: .int64),
    ]
    return try pad(Call(node: node, inputs: operands, precision: call.precision))
}

/// Elements put back where MaxPool found them.
private func maxUnpool(_ call: Call) throws -> NumericArray {
    let (input, indices) = (try call.input(0), try call.input(1))
    guard input.rank >= 3, indices.shape == input.shape, case let kernel = try call.node.ints("kernel_shape") else {
        throw HarrierError("MaxUnpool needs an input of rank 3 or more, indices of its shape and 'kernel_shape'")
    }
    let window = try Window(transposed: call.node, spatial: Array(input.shape.dropFirst(2)), kernel: kernel)
    let inferredShape = Array(input.shape.prefix(2)) + window.inputShape
    let shape = try call.integers(2) ?? inferredShape
    var result = [Double](repeating: 0, count: try checkedCount(shape))
    // Indices count in the shape that was pooled, which the output may exceed.
    let own = rowMajorStrides(inferredShape)
    let strides = rowMajorStrides(shape)
    guard shape.count == input.rank else {
        throw HarrierError("an output of shape \(shape) for an input of shape \(input.shape)")
    }
    let pooled = try checkedCount(inferredShape)
    for (value, index) in zip(try input.doubles(), try indices.integers()) {
        let position = try normalizedIndex(index, length: pooled)
        let place = shape.indices.reduce(0) { $0 + position / own[$1] % inferredShape[$1] * strides[$1] }
        guard result.indices.contains(place) else {
            throw HarrierError("index \(index) of MaxUnpool is outside the output of shape \(shape)")
        }
        result[place] = value
    }
    return try call.result(result, shape: shape, type: input.elementType)
}

/// A value of a plane between its grid points, bilinearly; zero outside.
struct Plane {
    let values: UnsafePointer<Double>
    let height: Int
    let width: Int

    subscript(y: Int, x: Int) -> Double {
        y >= 0 && y < height && x >= 0 && x < width ? values[y * width + x] : 0
    }

    /// The value at a place, from its four neighbours.
    func interpolated(_ y: Double, _ x: Double) -> Double {
        guard y > -1, y < Double(height), x > -1, x < Double(width) else { return 0 }
        let (top, left) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
        let (down, right) = (y - Double(top), x - Double(left))
        return (1 - down) * ((1 - right) * self[top, left] + right * self[top, left + 1])
            + down * ((1 - right) * self[top + 1, left] + right * self[top + 1, left + 1])
    }
}

/// Inputs: X [N, C, H, W], weights [M, C/groups, kh, kw], offsets [N, offset groups × taps × 2, OH, OW], bias, mask [N, offset groups × taps, OH, OW].
private func deformableConvolution(_ call: Call) throws -> NumericArray {
    let (input, weights, offsets) = (try call.input(0), try call.input(1), try call.input(2))
    guard input.rank == 4 else { throw HarrierError("the interpreter runs DeformConv over 2 spatial axes") }
    let shape = try ConvolutionShape(call.node, input: input.shape, weights: weights.shape)
    let offsetGroups = try call.node.int("offset_group")
    let (height, width) = (shape.window.axes[1], shape.window.axes[2])
    let (taps, plane) = (shape.window.kernelCount, shape.window.outputCount)
    guard offsetGroups > 0, offsetGroups <= max(1, shape.channels), shape.channels % offsetGroups == 0,
        offsets.shape == [shape.batch, offsetGroups * taps * 2, height.output, width.output]
    else { throw HarrierError("offsets of shape \(offsets.shape) do not fit this DeformConv") }
    let mask = try call.optional(4)?.doubles()
    guard mask.map({ $0.count == offsets.count / 2 }) ?? true else {
        throw HarrierError("a mask that does not fit this DeformConv")
    }
    let bias = try call.optional(3).map { _ in try call.perChannel(3, shape.outputChannels) }
    let (x, w, shifts) = (try input.doubles(), try weights.doubles(), try offsets.doubles())
    var result = [Double](repeating: 0, count: try checkedCount(shape.shape))
    x.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress else { return }
        for index in result.indices {
            let (image, output) = (index / plane / shape.outputChannels, index / plane % shape.outputChannels)
            let (row, column) = (index % plane / width.output, index % width.output)
            var sum = bias?[output] ?? 0
            for inner in 0..<shape.groupChannels {
                let channel = output / shape.groupOutputs * shape.groupChannels + inner
                let view = Plane(
                    values: x + (image * shape.channels + channel) * shape.window.inputCount, height: height.input,
                    width: width.input)
                let group = image * offsetGroups + channel / (shape.channels / offsetGroups)
                for tap in 0..<taps {
                    let shift = (group * taps + tap) * 2 * plane + index % plane
                    let y = Double(row * height.stride - height.before + tap / width.kernel * height.dilation)
                    let z = Double(column * width.stride - width.before + tap % width.kernel * width.dilation)
                    let value = view.interpolated(y + shifts[shift], z + shifts[shift + plane])
                    let factor = mask?[(group * taps + tap) * plane + index % plane] ?? 1
                    sum += w[(output * shape.groupChannels + inner) * taps + tap] * value * factor
                }
            }
            result[index] = sum
        }
    }
    return try call.result(result, shape: shape.shape, type: input.elementType)
}
