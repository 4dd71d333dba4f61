import Pricing

/// Activations: `common/functions/approximations.py`.
extension CrypTen.Functions {
    /// `1 / (1 + exp(-x))`, of |x| with the sign put back; or through a Chebyshev series.
    func sigmoid(_ extent: Extent) -> Call {
        if settings.sigmoidMethod == .chebyshev {
            return call(.sigmoid, extent, [truncate(extent), tanh(extent), truncate(extent)])
        }
        // The numbers stand in CrypTen's source and are not configurable.
        let denominator = overriding {
            $0.expIterations = 9
            $0.reciprocalIterations = 3
            $0.reciprocalAllPositive = true
            $0.reciprocalInitial = 0.75
        }
        return call(
            .sigmoid, extent,
            [
                ltz(extent), mul(extent, extent, isScaled: false), exp(extent), denominator.reciprocal(extent),
                select(extent, extent, extent),
            ])
    }

    /// `2 sigmoid(2x) - 1`, or a Chebyshev series of odd terms, cut off outside [-1, 1].
    func tanh(_ extent: Extent) -> Call {
        guard settings.sigmoidMethod == .chebyshev else { return call(.tanh, extent, [sigmoid(extent)]) }
        let series = call(
            .chebyshev, extent,
            [square(extent), mul(extent, extent).repeated(settings.sigmoidTerms / 2 - 1), publicProduct(extent)])
        return call(.tanh, extent, [series, hardtanh(extent)])
    }

    /// Taylor series: every odd power from scratch.
    func erf(_ extent: Extent) -> Call {
        let terms = (0..<settings.erfIterations).flatMap { [pow(extent, 2 * $0 + 3), publicProduct(extent)] }
        return call(.erf, extent, terms + [publicProduct(extent)])
    }

    /// `exp(x - max) / sum`, along one axis. A row of one element is known to be 1.
    func softmax(_ extent: Extent, axis: Int) -> Call {
        guard extent.rank > 0, extent[axis] != 1 else { return call(.softmax, extent, []) }
        let row = extent.replacing(axis, with: 1)
        return call(
            .softmax, extent, along: axis,
            [maximum(extent, axis: axis), exp(extent), positiveReciprocal(row), mul(extent, row)])
    }

    /// `x - max - log(sum of exp(x - max))`
    func logSoftmax(_ extent: Extent, axis: Int) -> Call {
        guard extent.rank > 0, extent[axis] != 1 else { return call(.logSoftmax, extent, []) }
        let row = extent.replacing(axis, with: 1)
        return call(
            .logSoftmax, extent, along: axis, [maximum(extent, axis: axis), exp(extent), log(row)])
    }
}
