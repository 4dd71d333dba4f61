import IR

/// Iterative functions: `common/functions/approximations.py`.
extension CrypTen.FixedPoint {
    /// `(1 + x / 2^I)^(2^I)`
    mutating func exp(_ x: CrypTen.Secret) -> CrypTen.Secret { exp(x, iterations: settings.expIterations) }

    private mutating func exp(_ x: CrypTen.Secret, iterations: Int) -> CrypTen.Secret {
        var result = quotient(x, by: 1 << Int64(iterations)) + one
        for _ in 0..<iterations { result = square(result) }
        return result
    }

    /// Householder steps `y - Σ h^k / k`, `h = 1 - x exp(-y)`, from the first guess `x / 120 - 20 exp(-2x - 1) + 3`.
    mutating func log(_ x: CrypTen.Secret) -> CrypTen.Secret {
        let line = quotient(x, by: 120)
        let curve = exp(-(x * 2 + one)) * 20
        var y = line - curve + 3 &* one
        let coefficients = (1...settings.logOrder).map { encode(single: 1 / Double($0)) }
        for _ in 0..<settings.logIterations {
            let h = -product(x, exp(-y, iterations: settings.logExpIterations)) + one
            y = y - polynomial(h, coefficients)
        }
        return y
    }

    /// `polynomial` of `common/functions/power.py`: powers in a doubling tree, each then multiplied by its known coefficient and
    /// truncated. There is no constant term.
    mutating func polynomial(_ x: CrypTen.Secret, _ coefficients: [Int64]) -> CrypTen.Secret {
        guard coefficients.count > 1 else { return product(x, known: coefficients[0]) }
        var terms = [x, square(x)]
        while terms.count < coefficients.count {
            let highest = terms[terms.count - 1]
            for term in terms { terms.append(product(term, highest)) }
        }
        var sum = CrypTen.Secret(value: 0, share: 0)
        for (term, coefficient) in zip(terms, coefficients) { sum = sum + product(term, known: coefficient) }
        return sum
    }

    /// `reciprocal`: of the magnitude, with the sign put back, unless all numbers are known to be positive.
    mutating func reciprocal(_ x: CrypTen.Secret) -> CrypTen.Secret {
        if settings.reciprocalAllPositive { return positiveReciprocal(x) }
        let isNegative = x.value < 0
        let magnitude = share(isNegative ? 0 &- x.value : x.value)
        let result = positiveReciprocal(magnitude)
        return share(isNegative ? 0 &- result.value : result.value)
    }

    /// Newton steps `2y - y² x` from the first guess `3 exp(1 - 2x) + 0.003` or a known one; or `exp(-log x)`.
    mutating func positiveReciprocal(_ x: CrypTen.Secret) -> CrypTen.Secret {
        if settings.reciprocalMethod == .logarithm { return exp(-log(x)) }
        var steps = settings.reciprocalIterations
        var y: CrypTen.Secret
        if let guess = settings.reciprocalInitial {
            // The first step is one with known numbers.
            y = -product(x, known: encode(guess * guess)) + encode(2 * guess)
            steps -= 1
        } else {
            y = exp(-(x * 2) + one) * 3 + encode(0.003)
        }
        for _ in 0..<steps { y = y + (y - product(square(y), x)) }
        return y
    }

    /// Newton steps `y (3 - x y²) / 2` from the first guess `2.2 exp(-(x / 2 + 0.2)) + 0.2 - x / 1024`.
    mutating func inverseSqrt(_ x: CrypTen.Secret) -> CrypTen.Secret {
        let half = quotient(x, by: 2)
        var y = product(exp(-(half + encode(0.2))), known: encode(2.2)) + encode(0.2)
        y = y - quotient(x, by: 1024)
        for _ in 0..<settings.sqrtIterations {
            let factor = -product(x, square(y)) + 3 &* one
            y = quotient(product(y, factor), by: 2)
        }
        return y
    }

    /// `x / √x`
    mutating func sqrt(_ x: CrypTen.Secret) -> CrypTen.Secret { product(inverseSqrt(x), x) }

    /// Cosine and sine as the parts of `exp(ix)`, by repeated squaring of `1 + ix / 2^K`: `_eix`.
    mutating func cossin(_ x: CrypTen.Secret) -> (cos: CrypTen.Secret, sin: CrypTen.Secret) {
        var imaginary = quotient(x, by: 1 << Int64(settings.trigonometryIterations))
        var real = -square(imaginary) + one
        imaginary = imaginary * 2
        for _ in 1..<settings.trigonometryIterations {
            let squares = (square(real), square(imaginary))
            imaginary = product(imaginary, real) * 2
            real = squares.0 - squares.1
        }
        return (real, imaginary)
    }

    /// `x^p` for an integer: `pow` of `common/functions/power.py`. Odd powers recurse on the cube, which gives the sixth power for the
    /// fifth, the ninth for the seventh, and so on.
    mutating func pow(_ x: CrypTen.Secret, _ exponent: Int) -> CrypTen.Secret {
        if exponent == 0 { return share(one) }
        var (result, rest) = (exponent < 0 ? reciprocal(x) : x, exponent.magnitude)
        while rest > 1 {
            let isOdd = !rest.isMultiple(of: 2)
            let base = result
            result = square(base)
            if isOdd { result = product(result, base) }
            rest = isOdd ? (rest - 1) / 2 : rest / 2
        }
        return result
    }

    /// `x^p` for positive x and any known exponent: `exp(p log x)`, `pos_pow`.
    mutating func positivePow(_ x: CrypTen.Secret, _ exponent: Double) -> CrypTen.Secret {
        exp(product(log(x), known: encode(exponent)))
    }
}
