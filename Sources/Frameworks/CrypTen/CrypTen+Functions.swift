import Pricing

/// Iterative functions: `common/functions/approximations.py` and `power.py`. Truncations cost only from three parties
/// on; products with Python integers need none.
extension CrypTen.Functions {
    /// The same functions under a changed configuration, as CrypTen's `temp_override` gives them.
    func overriding(_ change: (inout CrypTen.Settings) -> Void) -> Self {
        var copy = self
        change(&copy.settings)
        return copy
    }

    /// `(1 + x / 2^I)^(2^I)`
    func exp(_ extent: Extent) -> Call {
        call(.exp, extent, [truncate(extent), square(extent).repeated(settings.expIterations)])
    }

    /// Householder iterations on an exponential first guess.
    func log(_ extent: Extent) -> Call {
        let inner = overriding { $0.expIterations = settings.logExpIterations }
        let step = call(
            .householder, extent, count: settings.logIterations,
            [inner.exp(extent), mul(extent, extent), polynomial(extent, degree: settings.logOrder)])
        return call(.log, extent, [truncate(extent), exp(extent), step])
    }

    /// A polynomial with public coefficients; its powers are computed in a doubling tree.
    func polynomial(_ extent: Extent, degree: Int) -> Call {
        guard degree > 1 else { return call(.polynomial, extent, [publicProduct(extent)]) }
        var calls = [square(extent)]
        var terms = 2
        while terms < degree {
            calls.append(mul(extent.stacked(terms), extent.stacked(1)))
            terms *= 2
        }
        return call(.polynomial, extent, calls + [publicProduct(extent.stacked(degree))])
    }

    /// `1/x`: the sign is taken off and put back unless operands are known to be positive.
    func reciprocal(_ extent: Extent) -> Call {
        if !settings.reciprocalAllPositive {
            let signed = mul(extent, extent, isScaled: false)
            let positive = overriding { $0.reciprocalAllPositive = true }.reciprocal(extent)
            return call(.reciprocal, extent, [sign(extent), signed, positive, signed])
        }
        guard settings.reciprocalMethod == .newtonRaphson else {
            return call(.reciprocal, extent, [log(extent), exp(extent)])
        }
        let step = call(.newton, extent, [square(extent), mul(extent, extent)])
        // With a public first guess the first step is a product with a public number.
        let start = settings.reciprocalInitial == nil ? exp(extent) : publicProduct(extent)
        let steps = settings.reciprocalIterations - (settings.reciprocalInitial == nil ? 0 : 1)
        return call(.reciprocal, extent, [start, step.repeated(steps)])
    }

    /// `reciprocal` of operands known to be positive (softmax's sum, `input_in_01=True`).
    func positiveReciprocal(_ extent: Extent) -> Call {
        overriding { $0.reciprocalAllPositive = true }.reciprocal(extent)
    }

    /// `1/√x` by Newton's method on an exponential first guess.
    func inverseSqrt(_ extent: Extent) -> Call {
        let step = call(
            .newton, extent, count: settings.sqrtIterations,
            [square(extent), mul(extent, extent), mul(extent, extent), truncate(extent)])
        return call(.inverseSqrt, extent, [truncate(extent), exp(extent), truncate(extent).repeated(2), step])
    }

    /// `x / √x`
    func sqrt(_ extent: Extent) -> Call { call(.sqrt, extent, [inverseSqrt(extent), mul(extent, extent)]) }

    /// Sine and cosine together, by repeated squaring of `1 + ix / 2^K`.
    func cossin(_ extent: Extent) -> Call {
        let step = call(
            .squaring, extent, count: settings.trigonometryIterations - 1,
            [square(extent), square(extent), mul(extent, extent)])
        return call(.cossin, extent, [truncate(extent), square(extent), step])
    }

    /// `x / y` with a secret divisor; the numerator is expanded to the size of the result first.
    func div(_ dividend: Extent, _ divisor: Extent) -> Call {
        call(
            .div, dividend.broadcast(with: divisor),
            [reciprocal(divisor), mul(dividend.broadcast(with: divisor), divisor)])
    }

    /// `x^p` for an integer p. Odd powers recurse on the cube, which costs what it costs and is wrong from the fifth
    /// power on.
    func pow(_ extent: Extent, _ exponent: Int) -> Call { call(.pow, extent, powCalls(extent, exponent)) }

    private func powCalls(_ extent: Extent, _ exponent: Int) -> [Call] {
        if exponent < 0 {
            return [reciprocal(extent)] + (exponent == .min ? [] : powCalls(extent, -exponent))
        }
        var calls: [Call] = []
        var rest = exponent
        while rest > 1 {
            calls.append(square(extent))
            if rest > 2, !rest.isMultiple(of: 2) { calls.append(mul(extent, extent)) }
            rest = rest == 2 ? 1 : rest.isMultiple(of: 2) ? rest / 2 : (rest - 1) / 2
        }
        return calls
    }

    /// `x^p` for positive x and any other exponent: `exp(p log x)`.
    func positivePow(_ extent: Extent) -> Call {
        call(.positivePow, extent, [log(extent), publicProduct(extent), exp(extent)])
    }

    /// Product along an axis, halving it.
    func prod(_ extent: Extent, axis: Int) -> Call {
        var calls: [Call] = []
        var length = extent[axis]
        while length > 1 {
            let half = extent.replacing(axis, with: length / 2)
            calls.append(mul(half, half))
            length -= length / 2
        }
        return call(.prod, extent, calls)
    }
}
