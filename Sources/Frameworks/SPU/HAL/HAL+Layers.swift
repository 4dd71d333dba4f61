import Pricing

/// Layers as jax writes them and SPU's compiler lowers them.
extension SPU.HAL {
    /// `jax.nn.relu`: a comparison, and a product with its result, to which the compiler turns a selection against zero.
    mutating func relu(_ x: Value) -> Value {
        if x.isPublic { return x }
        let isPositive = less(constant(0, like: x), x)
        return multiply(isPositive.typed(.integer), x)
    }

    /// `jnp.clip` and `jax.nn.relu6`: a comparison and a selection for each bound.
    mutating func clip(_ x: Value, low: Value?, high: Value?) -> Value {
        var x = x
        if let low { x = maximum(low, x) }
        if let high {
            let isBelow = less(x, high)
            x = select(isBelow, x, high)
        }
        return x
    }

    /// The largest element of each row as `jnp.max(..., initial=-inf)` finds it: compared once more, with the initial value.
    private mutating func rowMaximum(_ rows: Rows) -> Value {
        let largest = reduceMax(rows)
        return maximum(largest, constant(-1, like: largest))
    }

    /// `jax.nn.softmax`. The division is per element, unless the compiler is told to divide once a row.
    mutating func softmax(_ rows: Rows) {
        let elements = secret(rows.elements)
        _ = rowMaximum(rows)
        let powers = exp(elements)
        let sums = reduceSum(rows)
        if settings.optimizesDenominators {
            _ = reciprocal(sums)
            _ = fmul(powers, elements)
        } else {
            _ = fdiv(powers, elements)
        }
    }

    /// `jax.nn.log_softmax`
    mutating func logSoftmax(_ rows: Rows) {
        _ = rowMaximum(rows)
        _ = exp(secret(rows.elements))
        _ = log(reduceSum(rows))
    }

    /// `jax.nn.logsumexp`, which also asks whether the maximum is finite, by its size.
    mutating func logSumExp(_ rows: Rows) {
        let largest = rowMaximum(rows)
        _ = abs(largest)
        _ = exp(secret(rows.elements))
        _ = log(reduceSum(rows))
    }

    /// Layer normalisation over rows: mean, variance, and one or two products per element.
    ///
    /// - Parameter scale: by what the normalised elements are multiplied, if by anything.
    mutating func layerNorm(_ rows: Rows, scale: Value?) {
        let elements = secret(rows.elements)
        func average(_ hal: inout Self, _ sum: Value) -> Value { rows.length == 1 ? sum : hal.trunc(sum) }
        let mean = average(&self, reduceSum(rows))
        _ = fmul(elements, elements)
        // The second sum starts from the same shared zero.
        let variance = average(&self, mean)
        let inverse = rsqrt(variance)
        _ = fmul(elements, Value(count: elements.count, share: inverse.share))
        if let scale { _ = fmul(elements, scale) }
    }

    /// `jax.nn.sigmoid`: the compiler writes it out as 1 / (1 + exp(-x)).
    mutating func sigmoid(_ x: Value) -> Value {
        let power = exp(negate(x))
        return reciprocal(power)
    }

    /// `jax.nn.gelu`, by the hyperbolic tangent.
    mutating func tanhGelu(_ x: Value) -> Value {
        let square = fmul(x, x)
        let cube = fmul(square, x)
        let inner = fmul(fmul(cube, constant(0.0447, like: x)), constant(0.7979, like: x))
        let factor = fmul(tanh(inner), constant(0.5, like: x))
        return fmul(x, factor)
    }

    /// `jax.nn.gelu(approximate=False)`: x · erfc(-x/√2) / 2.
    mutating func erfGelu(_ x: Value) -> Value {
        let scaled = fmul(x, constant(0.7071, like: x))
        let complement = erfc(scaled)
        let half = fmul(x, constant(0.5, like: x))
        return fmul(half, complement)
    }

    /// `lax.erfc` as StableHLO expands it for 32-bit floats: 1 - erf(x) by a polynomial up to 1, from there on
    /// exp(-x²) / |x| times one of two polynomials in 1/x². All three are computed for every element.
    mutating func erfc(_ x: Value) -> Value {
        scope(.erfc, x.count) { hal in
            let (square, size) = (hal.fmul(x, x), hal.abs(x))
            let decay = hal.fmul(hal.exp(hal.negate(square)), hal.reciprocal(size))
            let argument = hal.reciprocal(square)
            let (middle, far) = (hal.horner(argument, degree: 8), hal.horner(argument, degree: 7))
            let tail = hal.choose(size, below: 2, middle, far)
            let large = hal.choose(square, below: 88, hal.fmul(decay, tail), hal.constant(0, like: x))
            let signed = hal.choose(x, below: 0, hal.negate(large), large)
            let small = hal.fmul(x, hal.horner(square, degree: 6))
            return hal.choose(size, below: 1, small, signed)
        }
    }

    /// A polynomial with public coefficients, one power after the other.
    private mutating func horner(_ x: Value, degree: Int) -> Value {
        scope(.polynomial, x.count) { hal in
            var sum = hal.fmul(x, hal.constant(1, like: x))
            for _ in 1..<degree { sum = hal.fmul(sum, x) }
            return sum
        }
    }

    /// One of two values by a comparison with a public bound.
    private mutating func choose(_ x: Value, below bound: Double, _ a: Value, _ b: Value) -> Value {
        let isBelow = less(x, constant(bound, like: x))
        return select(isBelow, a, b)
    }

    /// `jax.nn.softplus`, log(exp x + 1): also asks for not-a-number, by a test for equality with itself.
    mutating func softplus(_ x: Value) -> Value {
        scope(.softplus, x.count) { hal in
            let positive = hal.relu(x)
            let isNumber = hal.equal(x, x)
            let power = hal.exp(hal.negate(hal.abs(x)))
            let logarithm = hal.log(power)
            let sum = hal.add(positive, logarithm)
            return hal.select(hal.logicalNot(isNumber), x, sum)
        }
    }

    /// `jax.nn.elu`: exp x - 1 where x is not positive. Two selections share a condition, which the compiler converts once.
    mutating func elu(_ x: Value, alpha: Double) -> Value {
        scope(.elu, x.count) { hal in
            var isPositive = hal.less(hal.constant(0, like: x), x)
            if !hal.settings.disablesSelectOptimization { isPositive = hal.preferArithmetic(isPositive) }
            let safe = hal.select(isPositive, hal.constant(0, like: x), x)
            var below = hal.exp(safe)
            if alpha != 1 { below = hal.fmul(below, hal.constant(alpha, like: x)) }
            return hal.select(isPositive, x, below)
        }
    }

    /// `jax.nn.leaky_relu`
    mutating func leakyRelu(_ x: Value, slope: Value) -> Value {
        let isNegative = less(x, constant(0, like: x))
        let scaled = fmul(slope, x)
        return select(isNegative, scaled, x)
    }
}
