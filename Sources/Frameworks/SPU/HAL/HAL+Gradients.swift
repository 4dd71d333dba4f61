import IR
import Pricing

/// Backward passes of layers, as jax differentiates them and SPU's compiler lowers them.
extension SPU.HAL {
    /// The gradient of `jax.nn.relu`: a comparison, and a product of its arithmetic form with a public number. Where what
    /// comes from above is secret, a product of two secrets takes its place.
    mutating func reluGradient(_ x: Value, of result: Value? = nil) {
        let isPositive = less(constant(0, like: x), x)
        _ = multiply(isPositive, result ?? constant(1, like: x))
    }

    /// The gradient of `jnp.maximum(x, 0)` times what comes from above: `lax._balanced_eq` tests both operands for equality with
    /// the result and divides, so that equal operands share the gradient.
    mutating func maximumGradient(_ x: Value) {
        scope(.balancedEq, x.count) { hal in
            let isLarger = hal.equal(x, x)
            let share = hal.select(isLarger, hal.constant(1, like: x), hal.constant(0, like: x))
            let isZero = hal.equal(hal.constant(0, like: x), x)
            let sharers = hal.select(isZero, hal.constant(2, like: x), hal.constant(1, like: x))
            _ = hal.fmul(x, hal.fdiv(share, sharers))
        }
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

    /// The gradient of a max pooling on its own (`SelectAndScatter`): the place of each window's maximum is found by folding
    /// values and places in pairs, compared with every place, and what comes from above is multiplied by the outcomes.
    ///
    /// - Parameter source: what comes from above, an element a window.
    mutating func maxPoolGradient(size: Int, source: Value) {
        scope(.selectAndScatter, source.count *| size) { hal in
            let windows = source.count
            var arePlacesPublic = true
            hal.treeReduce(rows: windows, length: size) { hal, pairs in
                let value = hal.secret(pairs)
                let isGreater = hal.logicalNot(hal.less(value, value))
                _ = hal.select(isGreater, value, value)
                let place = arePlacesPublic ? hal.plain(pairs, .integer) : hal.secret(pairs, .integer)
                _ = hal.select(isGreater, place, place)
                arePlacesPublic = false
            }
            let cells = windows *| size
            let isPlace = hal.equal(hal.secret(cells, .integer), hal.plain(cells, .integer))
            _ = hal.multiply(Value(count: cells, share: source.share), isPlace)
        }
    }

    /// A max pooling whose gradient follows in the same program (`ArgMax`): besides the maximum of each window, its place as
    /// a one-hot row.
    ///
    /// - Parameter isTwoByTwo: whether windows are 2 × 2 at steps of 2, for which there is a shorter way.
    mutating func argMaxPool(windows: Int, size: Int, isTwoByTwo: Bool) {
        scope(.argmaxPool, windows *| size) { hal in
            if isTwoByTwo {
                for count in [2 *| windows, windows] { hal.foldMaximum(count) }
                let places = hal.secret(2 *| windows, .integer)
                for _ in 0..<2 { _ = hal.multiply(places, places) }
                return
            }
            var arePlacesPublic = true
            hal.treeReduce(rows: windows, length: size) { hal, pairs in
                hal.foldMaximum(pairs)
                let count = pairs *| size
                let places = arePlacesPublic ? hal.plain(count, .integer) : hal.secret(count, .integer)
                _ = hal.select(hal.secret(count, .integer), places, places)
                arePlacesPublic = false
            }
        }
    }

    /// The larger of each pair, by a comparison whose outcome is used again.
    private mutating func foldMaximum(_ pairs: Int) {
        let value = secret(pairs)
        let isGreater = preferArithmetic(less(value, value))
        _ = select(isGreater, value, value)
    }

    /// The gradient that follows ``argMaxPool(windows:size:isTwoByTwo:)`` (`MaxPoolScatter`): a product of what comes from
    /// above with the one-hot rows.
    mutating func maxPoolScatter(windows: Int, size: Int) {
        let cells = windows *| size
        _ = multiply(secret(cells), secret(cells, .integer))
    }

    /// The gradient of an average pooling: what comes from above, scaled by a public number.
    mutating func averagePoolGradient(_ source: Value) { _ = trunc(source) }

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
