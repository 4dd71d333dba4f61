import IR

/// Adds rows of taps, as unfolding makes them of an image, back to the image: `columns` is [channels × taps, outputs of the window].
func fold<R: Real>(
    _ columns: UnsafePointer<R>, channels: Int, _ window: Window, into x: UnsafeMutablePointer<R>
) {
    let (depth, height, width) = (window.axes[0], window.axes[1], window.axes[2])
    var source = columns
    for channel in 0..<channels {
        let plane = x + channel * window.inputCount
        for tapD in 0..<depth.kernel {
            for tapH in 0..<height.kernel {
                for tapW in 0..<width.kernel {
                    let inside = width.outputs(tap: tapW)
                    let shift = tapW * width.dilation - width.before
                    for d in depth.outputs(tap: tapD) {
                        let slice = d * depth.stride + tapD * depth.dilation - depth.before
                        for h in height.outputs(tap: tapH) {
                            let line = h * height.stride + tapH * height.dilation - height.before
                            let to = plane + (slice * height.input + line) * width.input + shift
                            let from = source + (d * height.output + h) * width.output
                            for i in inside { to[i * width.stride] += from[i] }
                        }
                    }
                    source += window.outputCount
                }
            }
        }
    }
}

/// A transposed convolution: input [N, C, spatial...], weights [C, M/groups, kernel...]. It is the convolution's gradient, so
/// the window runs over the output, and its outputs are the input's positions.
func transposedConvolution<R: Real>(_ call: Call, _: R.Type) throws -> NumericArray {
    let (input, weights) = (try call.input(0), try call.input(1))
    guard input.rank >= 3, weights.rank == input.rank else {
        throw HarrierError("ConvTranspose of an input of shape \(input.shape) and weights of shape \(weights.shape)")
    }
    let groups = try call.node.int("group")
    let (batch, channels) = (input.shape[0], input.shape[1])
    guard groups > 0, groups <= max(1, channels), weights.shape[0] == channels, channels % groups == 0 else {
        throw HarrierError("an input of shape \(input.shape) does not fit weights of shape \(weights.shape)")
    }
    let window = try Window(
        transposed: call.node, spatial: Array(input.shape.dropFirst(2)), kernel: Array(weights.shape.dropFirst(2)))
    let groupOutputs = weights.shape[1]
    let shape = [batch, groupOutputs * groups] + window.inputShape
    let bias = try call.optional(2).map { try R.elements(of: $0) }
    if let bias, bias.count != shape[1] {
        throw HarrierError("a bias of \(bias.count) elements for \(shape[1]) channels")
    }
    let (x, w) = (try R.elements(of: input), try R.elements(of: weights))
    let (plane, positions) = (window.inputCount, window.outputCount)
    var result = [R](repeating: 0, count: try checkedCount(shape))
    if let bias {
        for index in result.indices { result[index] = bias[index / plane % shape[1]] }
    }
    let (depth, height) = (channels / groups, groupOutputs * window.kernelCount)
    var columns = [R](repeating: 0, count: try checkedCount([height, positions]))
    guard !result.isEmpty, !x.isEmpty, !w.isEmpty else {
        return NumericArray(unchecked: input.elementType, shape, R.storage(result))
    }
    for image in 0..<batch {
        for group in 0..<groups {
            columns.withUnsafeMutableBufferPointer { columns in
                x.withUnsafeBufferPointer { x in
                    w.withUnsafeBufferPointer { w in
                        R.multiply(
                            MatrixProduct(
                                m: height, n: positions, k: depth, a: w.baseAddress! + group * depth * height,
                                aStride: height, transposesA: true,
                                b: x.baseAddress! + (image * channels + group * depth) * positions,
                                bStride: positions, c: columns.baseAddress!, cStride: positions, alpha: 1, beta: 0))
                    }
                }
                result.withUnsafeMutableBufferPointer { y in
                    fold(
                        columns.baseAddress!, channels: groupOutputs, window,
                        into: y.baseAddress! + (image * shape[1] + group * groupOutputs) * plane)
                }
            }
        }
    }
    return NumericArray(unchecked: input.elementType, shape, R.storage(result))
}
