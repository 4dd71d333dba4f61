import IR
import Pricing

/// Backward passes of layers, as jax differentiates them and SPU's compiler lowers them.
extension SPU.HAL {
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
            hal.treeReduce(rows: windows, length: size) { hal, left, _ in
                let pairs = left.count
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
}
