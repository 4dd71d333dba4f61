import IR

/// Poolings over windows and over whole planes.
let exactWindows: [OperatorName: ExactKernel] = [
    "MaxPool": { call in
        guard call.node.output(1) == nil else { throw HarrierError("the indices of MaxPool are not computed exactly") }
        return try pool(call) { trace, elements, _ in
            guard let first = elements.first else {
                trace.fail("a window of MaxPool that holds nothing")
                return .zero
            }
            return elements.dropFirst().reduce(first) { trace.larger($0, $1) }
        }
    },
    "AveragePool": { call in
        let countsPads = try call.node.flag("count_include_pad")
        return try pool(call) { trace, elements, padded in
            let count = countsPads ? padded : elements.count
            return elements.reduce(.zero, +) * trace.reciprocal(ExactNumber(count))
        }
    },
    "GlobalAveragePool": planes { trace, elements in
        elements.reduce(.zero, +) * trace.reciprocal(ExactNumber(elements.count))
    },
    "GlobalMaxPool": planes { trace, elements in
        guard let first = elements.first else { return .zero }
        return elements.dropFirst().reduce(first) { trace.larger($0, $1) }
    },
]

extension Window {
    /// What one window sees.
    struct Taps {
        /// Element of the input plane, and of the kernel, for every tap inside the input.
        var inside: [(position: Int, kernel: Int)] = []
        /// Taps inside the input or its padding.
        var padded = 0
    }

    /// What every window sees, in the order of the outputs.
    func windows() -> [Taps] {
        let (depth, height, width) = (axes[0], axes[1], axes[2])
        var result: [Taps] = []
        for d in 0..<depth.output {
            for h in 0..<height.output {
                for w in 0..<width.output { result.append(taps((d, h, w))) }
            }
        }
        return result
    }

    private func taps(_ at: (d: Int, h: Int, w: Int)) -> Taps {
        let (depth, height, width) = (axes[0], axes[1], axes[2])
        var taps = Taps()
        for tapD in depth.taps(output: at.d) {
            let slice = at.d * depth.stride + tapD * depth.dilation - depth.before
            for tapH in height.taps(output: at.h) {
                let line = at.h * height.stride + tapH * height.dilation - height.before
                for tapW in width.taps(output: at.w) {
                    let column = at.w * width.stride + tapW * width.dilation - width.before
                    taps.inside.append(
                        (
                            (slice * height.input + line) * width.input + column,
                            (tapD * height.kernel + tapH) * width.kernel + tapW
                        ))
                }
            }
        }
        taps.padded =
            depth.paddedTaps(output: at.d) * height.paddedTaps(output: at.h) * width.paddedTaps(output: at.w)
        return taps
    }
}

private func pool(
    _ call: ExactCall, _ finish: (ExactTrace, _ elements: [ExactNumber], _ padded: Int) -> ExactNumber
) throws -> [ExactValue?] {
    let input = try call.exact(0)
    let window = try Window(pooling: call.node, input.positions(from: 0))
    let windows = window.windows()
    var result: [ExactNumber] = []
    for plane in 0..<input.shape[0] * input.shape[1] {
        for taps in windows {
            let seen = taps.inside.map { input.elements[plane * window.inputCount + $0.position] }
            result.append(finish(call.trace, seen, taps.padded))
        }
    }
    return call.result(result, shape: Array(input.shape.prefix(2)) + window.outputShape, like: input)
}

private func planes(_ finish: @escaping @Sendable (ExactTrace, [ExactNumber]) -> ExactNumber) -> ExactKernel {
    { call in
        let input = try call.exact(0)
        guard input.shape.count >= 2 else { throw HarrierError("\(call.node.op) of an input of shape \(input.shape)") }
        let rows = try ExactRows(input, axes: Array(2..<input.shape.count))
        let shape = Array(input.shape.prefix(2)) + Array(repeating: 1, count: input.shape.count - 2)
        return call.result(rows.rows.map { finish(call.trace, $0) }, shape: shape, like: input)
    }
}
