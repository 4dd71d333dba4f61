/// Activations as jax writes them and SPU's compiler lowers them.
extension SPU.FixedPoint {
    /// `jax.nn.sigmoid`: the compiler writes it out as 1 / (1 + exp(-x)).
    mutating func sigmoid(_ x: Ring) -> Ring { reciprocal(exp(0 &- x) &+ one) }

    /// `jax.nn.silu`, and its like with a factor in front of the sigmoid's operand.
    mutating func swish(_ x: Ring, alpha: Float) -> Ring {
        let inner = alpha == 1 ? x : fmul(x, by: alpha)
        return fmul(x, sigmoid(inner))
    }

    /// `jax.nn.softplus`: max(x, 0) + log(1 + exp(-|x|)).
    mutating func softplus(_ x: Ring) -> Ring {
        let positive = less(0, x) ? x : 0
        return positive &+ log1p(exp(0 &- abs(x)))
    }

    /// x tanh(softplus x)
    mutating func mish(_ x: Ring) -> Ring { fmul(x, tanh(softplus(x))) }

    /// x / (1 + |x|)
    mutating func softsign(_ x: Ring) -> Ring { divide(x, by: abs(x) &+ one) }

    /// `jax.nn.elu`: α (exp x - 1) where x is not positive.
    mutating func elu(_ x: Ring, alpha: Float) -> Ring {
        let isPositive = less(0, x)
        var below = exp(isPositive ? 0 : x) &- one
        if alpha != 1 { below = fmul(below, by: alpha) }
        return isPositive ? x : below
    }

    /// `jax.nn.selu`
    mutating func selu(_ x: Ring, alpha: Float, gamma: Float) -> Ring { fmul(elu(x, alpha: alpha), by: gamma) }

    /// `jax.nn.celu`: max(x, 0) + α (exp(min(x, 0) / α) - 1).
    mutating func celu(_ x: Ring, alpha: Float) -> Ring {
        let positive = less(0, x) ? x : 0
        var negative = less(x, 0) ? x : 0
        if alpha != 1 { negative = fmul(negative, by: 1 / alpha) }
        var power = exp(negative) &- one
        if alpha != 1 { power = fmul(power, by: alpha) }
        return positive &+ power
    }

    /// max(0, min(1, α x + β))
    mutating func hardSigmoid(_ x: Ring, alpha: Float, beta: Float) -> Ring {
        let line = fmul(x, by: alpha) &+ constant(beta)
        let positive = less(0, line) ? line : 0
        return less(positive, one) ? positive : one
    }

    /// `jax.nn.gelu`, by the hyperbolic tangent.
    mutating func tanhGelu(_ x: Ring) -> Ring {
        let cube = fmul(fmul(x, x), x)
        let inner = fmul(x &+ fmul(cube, by: 0.044715), by: 0.797884583)
        let factor = fmul(tanh(inner) &+ one, by: 0.5)
        return fmul(x, factor)
    }

    /// `jax.nn.gelu(approximate=False)`: x · erfc(-x/√2) / 2.
    mutating func erfGelu(_ x: Ring) -> Ring {
        let half = fmul(x, by: 0.5)
        return fmul(half, erfc(fmul(0 &- x, by: 0.707106769)))
    }

    /// `lax.erfc` as StableHLO expands it for 32-bit floats (`ChloLegalizeToStablehlo.cpp`, after the Cephes library's `ndtrf.c`):
    /// 1 - erf(x) by a polynomial up to 1, from there on exp(-x²) / |x| times one of two polynomials in 1/x².
    mutating func erfc(_ x: Ring) -> Ring {
        let (size, square) = (abs(x), fmul(x, x))
        let small = one &- fmul(x, horner(square, Self.erfCoefficients))
        let decay = fmul(exp(0 &- square), reciprocal(size))
        let argument = reciprocal(square)
        let tail = horner(argument, less(size, constant(2)) ? Self.middleCoefficients : Self.farCoefficients)
        let large = less(0 &- square, constant(-88.7228394)) ? 0 : fmul(decay, tail)
        if less(size, one) { return small }
        return less(x, 0) ? constant(2) &- large : large
    }

    /// A polynomial with public coefficients, that of the highest power first.
    private mutating func horner(_ x: Ring, _ coefficients: [Float]) -> Ring {
        var sum = fmul(x, by: coefficients[0]) &+ constant(coefficients[1])
        for coefficient in coefficients.dropFirst(2) { sum = fmul(sum, x) &+ constant(coefficient) }
        return sum
    }

    /// `kErfTCoefficient`: erf(x) / x up to 1, in x².
    private static var erfCoefficients: [Float] {
        [7.85386146e-5, -8.0101937e-4, 0.00518832775, -0.0268538129, 0.112835854, -0.37612626, 1.12837911]
    }

    /// `kErfcPCoefficient`: from 1 to 2, in 1/x².
    private static var middleCoefficients: [Float] {
        [
            2.326820e-2, -0.138703942, 0.368742466, -0.582473278, 0.621000468, -0.494451523, 3.404880e-1, -0.274112701,
            0.563825965,
        ]
    }

    /// `kErfcRCoefficient`: from 2 on, in 1/x².
    private static var farCoefficients: [Float] {
        [-10.477664, 1.297720e+1, -7.49551868, 2.92101908, -1.01526523, 0.42184633, -0.282076746, 0.564189494]
    }
}
