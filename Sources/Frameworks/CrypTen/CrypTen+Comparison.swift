import Pricing

/// Comparisons and what is made of them: `mpc/mpc.py`, `common/functions/logic.py`, `sampling.py`, `dropout.py`.
/// Their results carry no fixed-point scale, so that products with them are not truncated.
extension CrypTen.Functions {
    /// `x < 0`: the whole sum of the shares is computed for its top bit.
    func ltz(_ extent: Extent) -> Call { call(.ltz, extent, [a2b(extent), b2a(extent)]) }

    /// `x == 0`: with two parties a comparison of one share with the other's negative, else two sign tests.
    func eqz(_ extent: Extent) -> Call {
        guard parties == 2 else { return call(.eq, extent, [ltz(extent.stacked(2))]) }
        return call(.eq, extent, [and(extent).repeated(6), b2a(extent)])
    }

    /// Selection by a secret bit between two secrets: two products, one after the other.
    func select(_ condition: Extent, _ left: Extent, _ right: Extent) -> Call {
        call(
            .select, condition.broadcast(with: left).broadcast(with: right),
            [mul(condition, left, isScaled: false), mul(condition, right, isScaled: false)])
    }

    /// 1 or -1.
    func sign(_ extent: Extent) -> Call { call(.sign, extent, [ltz(extent)]) }

    /// `x · sign(x)`
    func abs(_ extent: Extent) -> Call {
        call(.abs, extent, [sign(extent), mul(extent, extent, isScaled: false)])
    }

    /// `x · (x ≥ 0)`
    func relu(_ extent: Extent) -> Call {
        call(.relu, extent, [ltz(extent), mul(extent, extent, isScaled: false)])
    }

    /// `relu(x - low) - relu(x - high) + low`, both at once. This is what the `Hardtanh` and `ReLU6` modules and
    /// `Clip` run without autograd.
    func hardtanh(_ extent: Extent) -> Call { call(.hardtanh, extent, [relu(extent.stacked(2))]) }

    /// The tensor method `relu6`, and `hardtanh` with autograd: both comparisons at once, then one product.
    func relu6(_ extent: Extent) -> Call {
        call(.relu6, extent, [ltz(extent.stacked(2)), mul(extent, extent, isScaled: false)])
    }

    /// Uniformly random numbers in [0, 1): as many random bits as the encoding has after its point.
    func rand(_ extent: Extent) -> Call { call(.rand, extent, [b2a(extent, bits: settings.precisionBits)]) }

    /// A position along an axis at random, by weight, as a one-hot vector: how ties of a maximum are broken.
    ///
    /// - Parameter isScaled: whether the weights carry the fixed-point scale; results of comparisons do not.
    func weightedIndex(_ extent: Extent, axis: Int, isScaled: Bool = false) -> Call {
        let row = extent.replacing(axis, with: 1)
        return call(.weightedIndex, extent, [rand(row), mul(row, row, isScaled: isScaled), ltz(extent)])
    }

    /// Dropout in training without autograd: a secret mask.
    func dropout(_ extent: Extent) -> Call {
        call(.dropout, extent, [rand(extent), ltz(extent), truncate(extent), mul(extent, extent, isScaled: false)])
    }
}
