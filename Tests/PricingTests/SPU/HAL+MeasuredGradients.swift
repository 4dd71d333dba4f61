import Pricing

import IR

@testable import Frameworks

/// Gradients that were measured on their own. In a training step they are nodes like any other.
extension SPU.HAL {
    /// The gradient of `jax.nn.relu`: a comparison, and a product of its arithmetic form with a public number. Where what
    /// comes from above is secret, a product of two secrets takes its place.
    mutating func reluGradient(_ x: Value, of result: Value? = nil) {
        let isPositive = less(constant(0, like: x), x)
        _ = multiply(isPositive, result ?? constant(1, like: x))
    }

    /// The gradient of `jax.nn.log_softmax` times secret weights (a cross-entropy): the weights scaled by a public number, a
    /// division a row, and a product an element.
    mutating func crossEntropyGradient(_ rows: Rows) {
        let elements = secret(rows.elements)
        let largest = reduceMax(rows)
        _ = maximum(largest, constant(-1, like: largest))
        let powers = exp(elements)
        let sums = reduceSum(rows)
        _ = trunc(elements)
        _ = fdiv(sums, sums)
        _ = fmul(powers, elements)
    }

    /// The gradients of a convolution with respect to images and kernels.
    mutating func convolutionGradient(_ forward: SPU.LoweredConvolution) {
        for convolution in [forward.imageGradient, forward.kernelGradient] {
            let (p, q, r) = convolution.unfolded
            let (images, kernels) = (secret(p *| q), secret(q *| r))
            if convolution.isPadded { _ = share(Value(count: 1, share: .plain(bits: 0))) }
            _ = matmul(images, kernels, p, q, r)
        }
    }
}

extension SPU.LoweredConvolution {
    /// What comes from above, with zeros between its elements, convolved with the turned kernels.
    var imageGradient: Self {
        var result = self
        (result.inputChannels, result.outputChannels) = (outputChannels, inputChannels)
        (result.input, result.output) = (output, input)
        result.strides = strides.map { _ in 1 }
        result.baseDilations = strides
        let reach = zip(kernel, windowDilations).map { ($0 - 1) *| $1 }
        result.padsBegin = zip(reach, padsBegin).map { $0 - $1 }
        result.padsEnd = zip(reach, padsEnd).map { $0 - $1 }
        return result
    }

    /// The images convolved with what comes from above, the batch being what is summed over.
    var kernelGradient: Self {
        var result = self
        (result.batch, result.inputChannels) = (inputChannels, batch)
        (result.kernel, result.output) = (output, kernel)
        (result.strides, result.windowDilations) = (windowDilations, strides)
        return result
    }
}
