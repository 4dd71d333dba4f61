/// Sums of Chebyshev's polynomials, the error function and angles: `hal/fxp_approx.cc`.
extension SPU.FixedPoint {
    /// `compute_chebyshev_polynomials`, and the sum of them with public weights: those of odd degree.
    private mutating func chebyshev(_ x: Ring, _ weights: [Float]) -> Ring {
        let factor = 4 &* fsquare(x) &- constant(2)
        var terms = [x, fmul(x, factor &- one)]
        while terms.count < weights.count {
            terms.append(fmul(factor, terms[terms.count - 1]) &- terms[terms.count - 2])
        }
        return weightedSum(terms, weights.map(constant))
    }

    /// `tanh_chebyshev`: clamped to ±5, a sum of 9 polynomials.
    mutating func tanh(_ x: Ring) -> Ring {
        let scaled = fmul(clamp(x, constant(-5), constant(5)), by: 0.2)
        return chebyshev(
            scaled,
            [
                1.2514045938932097, -0.3655987797163166, 0.17253141478140663, -0.08943445792774211,
                0.047703017901250824, -0.025830290571688078, 0.014338801903468182, -0.008541730970059077,
                0.0061230685785789475,
            ])
    }

    /// `sin_chebyshev`: brought to ±π, a sum of 5 polynomials.
    mutating func sine(_ x: Ring) -> Ring {
        let turns = floor(fmul(x &+ encode(.pi), by: encode(1 / (2 * .pi))))
        let rest = x &- fmul(turns, by: encode(2 * .pi))
        return chebyshev(
            fmul(rest, by: 0.25464790894703254),
            [
                -0.07570787578233389, -0.8532364056408055, 0.2474789050491474, -0.02719844932262742,
                0.0016750058127101841,
            ])
    }

    /// `cos_chebyshev`
    mutating func cosine(_ x: Ring) -> Ring { sine(encode(.pi / 2) &- x) }

    /// `f_erf`: one minus the reciprocal of a polynomial's fourth power (7.1.27 of the "Handbook of Mathematical Functions"), one
    /// from 3 on.
    mutating func erf(_ x: Ring) -> Ring {
        let size = abs(x)
        let coefficients: [Float] = [1, 0.278393, 0.230389, 0.000972, 0.078108]
        var value = polynomial(size, coefficients, isPositive: true, isResultPositive: true)
        value = fsquare(fsquare(value))
        value = one &- positiveReciprocal(value)
        if !less(size, constant(3)) { value = one }
        return less(x, 0) ? 0 &- value : value
    }

    /// `atan2_minimax`: a polynomial on the smaller tangent, brought to the octant.
    mutating func atan2(_ y: Ring, _ x: Ring) -> Ring {
        let (width, height) = (abs(x), abs(y))
        let isSteep = less(width, height)
        let larger = isSteep ? height : width
        let tangent = divide(width &+ height &- larger, by: larger, isPositive: true)
        var angle = arcTangent(tangent)
        if isSteep { angle = encode(.pi / 2) &- angle }
        if isNegative(x) { angle = encode(.pi) &- angle }
        return isNegative(y) ? 0 &- angle : angle
    }

    /// `AtanApproxLocal`
    private mutating func arcTangent(_ x: Ring) -> Ring {
        let small: [Float] = [
            6.3893490851163976e-06, 0.99938232039482577, 0.0096717091887422429, -0.38851091678439126,
            0.13850820695354954, 0.065822467870128534, -0.039488402923576769,
        ]
        let large: [Float] = [
            7.3035884235708622e-09, 0.99999906394905635, 3.5324890092487464e-05, -0.33393042345794194,
            0.0054765660426422556, 0.16982068444578205, 0.10531189733914688, -0.37905943050720364,
            0.32946653597875702, -0.1337452245060563, 0.022023163399866309,
        ]
        return polynomial(x, fractionBits <= 20 ? small : large, isPositive: true, isResultPositive: true)
    }

    /// `jnp.arccos`: 2 atan2(√(1 - x²), 1 + x), and π for -1.
    mutating func arcCosine(_ x: Ring) -> Ring {
        let root = sqrt(one &- fmul(x, x))
        let angle = fmul(atan2(root, one &+ x), by: 2)
        return x == constant(-1) ? constant(.pi) : angle
    }

    /// `jnp.arcsin`: 2 atan2(x, 1 + √((1 - x)(1 + x))).
    mutating func arcSine(_ x: Ring) -> Ring {
        let root = sqrt(fmul(one &- x, one &+ x))
        let angle = atan2(x, one &+ root)
        return angle &+ angle
    }
}
