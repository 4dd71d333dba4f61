import IR

/// Poolings over windows and over whole planes.
let poolingKernels: [KernelRow] = [
    KernelRow(outputs: "MaxPool", maxPool),
    KernelRow("AveragePool") { call in
        let countsPads = try call.node.flag("count_include_pad")
        return try call.pool { taps, padded in taps.sum / Double(countsPads ? padded : taps.count) }
    },
    KernelRow("LpPool") { call in
        let p = Double(try call.node.int("p"))
        return try call.pool(transform: { power(abs($0), p) }) { taps, _ in power(taps.sum, 1 / p) }
    },
    KernelRow("GlobalAveragePool") { try $0.poolPlanes { $0.reduce(0, +) / Double($0.count) } },
    KernelRow("GlobalMaxPool") { try $0.poolPlanes { $0.max() ?? -.infinity } },
    KernelRow("GlobalLpPool") { call in
        let p = Double(try call.node.int("p"))
        return try call.poolPlanes { power($0.reduce(0) { $0 + power(abs($1), p) }, 1 / p) }
    },
]

/// What a window sees: the sum and the number of taps inside the input.
private struct Taps {
    var sum = 0.0
    var count = 0
}

extension Window.Axis {
    /// The kernel positions that read inside the input at that output.
    @inline(__always)
    func taps(output: Int) -> Range<Int> {
        let start = output * stride - before
        let low = start < 0 ? (dilation - 1 - start) / dilation : 0
        let high = min(kernel, input > start ? (input - 1 - start) / dilation + 1 : 0)
        return low..<max(low, high)
    }

    /// Kernel positions that read inside the input or its padding at that output.
    func paddedTaps(output: Int) -> Int {
        let start = output * stride - before
        return min(kernel, max(0, (input + after - 1 - start) / dilation + 1))
    }
}

extension Window {
    /// The window of a pooling over an input [N, C, spatial...].
    init(pooling node: Node, _ input: NumericArray) throws {
        guard input.rank >= 3 else {
            throw HarrierError("\(node.op) needs an input of rank 3 or more, not \(input.rank)")
        }
        try self.init(node, spatial: Array(input.shape.dropFirst(2)), kernel: try node.ints("kernel_shape"))
    }

    /// Calls `body` for every output position with its number and its ranges of taps.
    @inline(__always)
    fileprivate func forEachOutput(_ body: (_ output: Int, _ position: (d: Int, h: Int, w: Int)) -> Void) {
        var output = 0
        for d in 0..<axes[0].output {
            for h in 0..<axes[1].output {
                for w in 0..<axes[2].output {
                    body(output, (d, h, w))
                    output += 1
                }
            }
        }
    }
}

extension Call {
    /// A pooling whose result is a function of the sum of the (transformed) taps.
    @inline(__always)
    fileprivate func pool(
        transform: (Double) -> Double = { $0 }, _ finish: (_ taps: Taps, _ padded: Int) -> Double
    ) throws -> NumericArray {
        let input = try input(0)
        let window = try Window(pooling: node, input)
        let shape = [input.shape[0], input.shape[1]] + window.outputShape
        let (depth, height, width) = (window.axes[0], window.axes[1], window.axes[2])
        let x = try input.doubles()
        var result = [Double](repeating: 0, count: try checkedCount(shape))
        let planes = input.shape[0] * input.shape[1]
        x.withUnsafeBufferPointer { x in
            for plane in 0..<planes {
                let base = plane * window.inputCount
                window.forEachOutput { output, at in
                    var taps = Taps()
                    for d in depth.taps(output: at.d) {
                        let slice = at.d * depth.stride + d * depth.dilation - depth.before
                        for h in height.taps(output: at.h) {
                            let line = at.h * height.stride + h * height.dilation - height.before
                            let start = base + (slice * height.input + line) * width.input
                            let inside = width.taps(output: at.w)
                            let shift = at.w * width.stride - width.before
                            for w in inside { taps.sum += transform(x[start + w * width.dilation + shift]) }
                            taps.count += inside.count
                        }
                    }
                    let padded = depth.paddedTaps(output: at.d) * height.paddedTaps(output: at.h)
                    result[plane * window.outputCount + output] = finish(taps, padded * width.paddedTaps(output: at.w))
                }
            }
        }
        return try self.result(result, shape: shape, type: input.elementType)
    }

    /// A pooling of each plane to one number.
    @inline(__always)
    fileprivate func poolPlanes(_ body: (UnsafeBufferPointer<Double>) -> Double) throws -> NumericArray {
        let input = try input(0)
        guard input.rank >= 2 else {
            throw HarrierError("\(node.op) needs an input of rank 2 or more, not \(input.rank)")
        }
        let rows = try Rows(input, axes: Array(2..<input.rank))
        let shape = Array(input.shape.prefix(2)) + Array(repeating: 1, count: input.rank - 2)
        return try result(try rows.reduce(body), shape: shape, type: input.elementType)
    }
}

/// The largest element under each window and, if asked for, its flat index in the whole input.
private func maxPool(_ call: Call) throws -> [NumericArray?] {
    let input = try call.input(0)
    let window = try Window(pooling: call.node, input)
    let isColumnMajor = try call.node.flag("storage_order")
    let shape = [input.shape[0], input.shape[1]] + window.outputShape
    let (depth, height, width) = (window.axes[0], window.axes[1], window.axes[2])
    let x = try input.doubles()
    let count = try checkedCount(shape)
    var result = [Double](repeating: 0, count: count)
    var indices = [Int64](repeating: 0, count: call.wants(1) ? count : 0)
    let wantsIndices = call.wants(1)
    x.withUnsafeBufferPointer { x in
        for plane in 0..<input.shape[0] * input.shape[1] {
            let base = plane * window.inputCount
            window.forEachOutput { output, at in
                var (best, place) = (-Double.infinity, (d: 0, h: 0, w: 0))
                for d in depth.taps(output: at.d) {
                    let slice = at.d * depth.stride + d * depth.dilation - depth.before
                    for h in height.taps(output: at.h) {
                        let line = at.h * height.stride + h * height.dilation - height.before
                        let start = base + (slice * height.input + line) * width.input
                        let shift = at.w * width.stride - width.before
                        for w in width.taps(output: at.w) {
                            let value = x[start + w * width.dilation + shift]
                            // Not `value > best`: a NaN wins and stays.
                            if !(value <= best) && !best.isNaN {
                                (best, place) = (value, (slice, line, w * width.dilation + shift))
                            }
                        }
                    }
                }
                let target = plane * window.outputCount + output
                result[target] = best
                guard wantsIndices else { return }
                let flat =
                    isColumnMajor
                    ? (place.w * height.input + place.h) * depth.input + place.d
                    : (place.d * height.input + place.h) * width.input + place.w
                indices[target] = Int64(base + flat)
            }
        }
    }
    let places = wantsIndices ? try call.result(indices, shape: shape, type: .int64) : nil
    guard input.elementType.isFloatingPoint else {
        let integers = result.map { Int64(saturating: $0) }
        return [try call.result(integers, shape: shape, type: input.elementType), places]
    }
    return [try call.result(result, shape: shape, type: input.elementType), places]
}
