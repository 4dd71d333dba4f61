import Pricing

/// Normalisation: `gradients.py` (`AutogradBatchNorm`, which also runs without autograd), `common/functions/regular.py`.
extension CrypTen.Functions {
    /// Which operands of a batch normalisation are secret.
    struct BatchNormSecrets: Hashable, Sendable {
        /// The scale.
        var scale: Bool
        /// The variance.
        var variance: Bool

        /// The given operands are secret.
        init(scale: Bool = true, variance: Bool = true) {
            self.scale = scale
            self.variance = variance
        }
    }

    /// Batch normalisation with given statistics: the inverse root of the variance is computed in every forward pass.
    func batchNorm(
        _ extent: Extent, secrets: BatchNormSecrets = BatchNormSecrets(), isInverseCached: Bool = false
    ) -> Call {
        let channels: Extent = [extent[1]]
        let row = Extent(extent.lengths.indices.map { $0 == 1 ? extent[1] : 1 })
        var calls: [Call] = []
        if secrets.variance, !isInverseCached { calls.append(inverseSqrt(channels)) }
        calls.append(secrets.variance ? mul(extent, row) : publicProduct(extent))
        calls.append(secrets.scale ? mul(extent, row) : publicProduct(extent))
        return call(.batchnorm, extent, calls)
    }

    /// Batch normalisation in training: statistics of the batch, and an update of the running ones.
    func trainingBatchNorm(_ extent: Extent) -> Call {
        let channels: Extent = [extent[1]]
        let reduced = extent.lengths.indices.filter { $0 != 1 }
        let update = truncate(channels).repeated(4)
        return call(
            .batchnorm, extent,
            [
                mean(channels), variance(extent, axes: Array(reduced), isUnbiased: true), update, inverseSqrt(channels),
                batchNorm(extent, isInverseCached: true),
            ])
    }

    /// A mean: a local sum and a division by a public number.
    func mean(_ result: Extent) -> Call { call(.mean, result, [truncate(result)]) }

    /// `x.var(dims)`. CrypTen has the meaning of `unbiased` reversed.
    func variance(_ extent: Extent, axes: [Int], isUnbiased: Bool = false) -> Call {
        let row = axes.reduce(extent) { $0.replacing($1, with: 1) }
        let divisor = extent.count / max(1, row.count) - (isUnbiased ? 0 : 1)
        let division = divisor == 0 || divisor == 1 ? [] : [truncate(row)]
        return call(.variance, extent, [mean(row), square(extent)] + division)
    }
}
