/// Fixed-point arithmetic: `hal/fxp_base.cc`.
extension SPU.FixedPoint {
    /// `f_mul` of two secrets.
    mutating func fmul(_ x: Ring, _ y: Ring, isPositive: Bool = false) -> Ring {
        trunc(x &* y, isPositive: isPositive)
    }

    /// `f_mul` by a public number.
    mutating func fmul(_ x: Ring, by factor: Ring, isPositive: Bool = false) -> Ring {
        trunc(shares(x).scaled(by: factor), isPositive: isPositive)
    }

    /// `f_mul` by a public 32-bit floating-point number.
    mutating func fmul(_ x: Ring, by factor: Float) -> Ring { fmul(x, by: constant(factor)) }

    /// `f_square`
    mutating func fsquare(_ x: Ring) -> Ring { trunc(x &* x, isPositive: true) }

    /// A sum of secrets with public weights, truncated once (`f_mmul`).
    mutating func weightedSum(_ terms: [Ring], _ weights: [Ring], plus start: Ring = 0, isPositive: Bool = false)
        -> Ring
    {
        var sum = Shares(first: start, second: 0)
        for (term, weight) in zip(terms, weights) { sum = sum + shares(term).scaled(by: weight) }
        return trunc(sum, isPositive: isPositive)
    }

    /// `polynomial`: all powers by a tree of products, then one truncation of their weighted sum.
    ///
    /// - Parameter coefficients: that of the power 0 first.
    mutating func polynomial(
        _ x: Ring, _ coefficients: [Float], isPositive: Bool = false, isResultPositive: Bool = false
    ) -> Ring {
        let degree = coefficients.count - 1
        var powers = [x]
        while powers.count < degree {
            let (next, last) = (min(powers.count, degree - powers.count), powers[powers.count - 1])
            for index in 0..<next { powers.append(fmul(powers[index], last, isPositive: isPositive)) }
        }
        let weights = coefficients.dropFirst().map(constant)
        return weightedSum(powers, weights, plus: one &* constant(coefficients[0]), isPositive: isResultPositive)
    }

    /// `reciprocal_goldschmidt_normalized_approx`: Goldschmidt's iteration on a number scaled to between ½ and 1.
    mutating func normalizedReciprocal(_ x: Ring, factor: Ring) -> Ring {
        let normalized = fmul(x, factor, isPositive: true)
        var result = constant(2.9142) &- 2 &* normalized
        var error = one &- fmul(normalized, result, isPositive: true)
        let iterations = fractionBits >= 30 ? max(3, settings.divisionIterations) : settings.divisionIterations
        for iteration in 1...max(1, iterations) {
            result = fmul(result, error &+ one, isPositive: true)
            if iteration < iterations { error = fsquare(error) }
        }
        return result
    }

    /// Two to the number of places by which a positive number has to be shifted to lie between ½ and 1; zero if it has none.
    mutating func scalingFactor(_ x: Ring) -> Ring {
        mask(bitrev(highestOneBit(x), end: 2 * fractionBits), bits: 2 * fractionBits)
    }

    /// `div_goldschmidt_general`
    ///
    /// - Parameters:
    ///   - isPublic: whether everybody knows the dividend.
    ///   - isPositive: whether the signs of dividend and divisor are known to be positive.
    mutating func divide(_ x: Ring, isPublic: Bool = false, by y: Ring, isPositive: Bool = false) -> Ring {
        let size = isPositive ? y : abs(y)
        let factor = scalingFactor(size)
        let inverse = normalizedReciprocal(size, factor: factor)
        let quotient = isPublic ? fmul(inverse, by: x) : fmul(inverse, x, isPositive: isPositive)
        let scaled = fmul(quotient, factor, isPositive: isPositive)
        return !isPositive && isNegative(y) ? 0 &- scaled : scaled
    }

    /// `f_reciprocal`
    mutating func reciprocal(_ x: Ring) -> Ring {
        let result = positiveReciprocal(abs(x))
        return isNegative(x) ? 0 &- result : result
    }

    /// `reciprocal_goldschmidt_positive`
    mutating func positiveReciprocal(_ x: Ring) -> Ring {
        let factor = scalingFactor(x)
        let inverse = normalizedReciprocal(x, factor: factor)
        return fmul(inverse, factor, isPositive: true)
    }

    /// `f_floor`
    func floor(_ x: Ring) -> Ring { (x >> fractionBits) << fractionBits }

    /// `f_ceil`
    func ceil(_ x: Ring) -> Ring { floor(x &+ one &- 1) }
}
