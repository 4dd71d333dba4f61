import IR

/// Products of matrices, and convolutions.
let exactProducts: [OperatorName: ExactKernel] = [
    "MatMul": { call in
        let (one, other) = (try call.exact(0), try call.exact(1))
        let product = try ProductShape(one.shape, other.shape)
        return call.result(multiply(one.elements, other.elements, product), shape: product.shape, like: one)
    },
    "Gemm": { call in
        let (one, other) = (try call.exact(0).transposed(call, "transA"), try call.exact(1).transposed(call, "transB"))
        let product = try ProductShape(one.shape, other.shape)
        let alpha = try call.number("alpha")
        let terms = multiply(one.elements, other.elements, product).map { alpha * $0 }
        guard let bias = try call.optional(2) else { return call.result(terms, shape: product.shape, like: one) }
        let beta = try call.number("beta")
        let loop = try PairLoop(product.shape, bias.shape)
        return call.result(loop.map(terms, bias.elements) { $0 + beta * $1 }, shape: loop.shape, like: one)
    },
    "Conv": convolution,
]

extension ExactArray {
    /// A matrix, transposed if an attribute says so.
    fileprivate func transposed(_ call: ExactCall, _ attribute: String) throws -> ExactArray {
        guard shape.count == 2 else { throw HarrierError("Gemm takes matrices, not shape \(shape)") }
        guard try call.node.flag(attribute) else { return self }
        let moved = try positions(from: 0).transposed([1, 0])
        return ExactArray(
            elementType: elementType, shape: moved.shape, elements: try moved.integers().map { elements[Int($0)] })
    }
}

private func multiply(_ a: [ExactNumber], _ b: [ExactNumber], _ p: ProductShape) -> [ExactNumber] {
    var result = [ExactNumber](repeating: .zero, count: p.shape.reduce(1, *))
    for (index, start) in p.starts.enumerated() {
        for row in 0..<p.m {
            for column in 0..<p.n {
                var sum = ExactNumber.zero
                for inner in 0..<p.k {
                    sum =
                        sum + a[(start.left * p.m + row) * p.k + inner] * b[(start.right * p.k + inner) * p.n + column]
                }
                result[(index * p.m + row) * p.n + column] = sum
            }
        }
    }
    return result
}

private func convolution(_ call: ExactCall) throws -> [ExactValue?] {
    let (input, weights) = (try call.exact(0), try call.exact(1))
    let shape = try ConvolutionShape(call.node, input: input.shape, weights: weights.shape)
    let bias = try call.optional(2)?.elements
    if let bias, bias.count != shape.outputChannels {
        throw HarrierError("a bias of \(bias.count) elements for \(shape.outputChannels) channels")
    }
    let window = shape.window
    let windows = window.windows()
    var result: [ExactNumber] = []
    for image in 0..<shape.batch {
        for output in 0..<shape.outputChannels {
            let firstChannel = output / shape.groupOutputs * shape.groupChannels
            for taps in windows {
                var sum = bias?[output] ?? .zero
                for channel in 0..<shape.groupChannels {
                    let plane = (image * shape.channels + firstChannel + channel) * window.inputCount
                    let kernel = (output * shape.groupChannels + channel) * window.kernelCount
                    for tap in taps.inside {
                        sum = sum + input.elements[plane + tap.position] * weights.elements[kernel + tap.kernel]
                    }
                }
                result.append(sum)
            }
        }
    }
    return call.result(result, shape: shape.shape, like: input)
}
