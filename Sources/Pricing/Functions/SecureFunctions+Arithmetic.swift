import IR

/// Recipes over products.
extension SecureFunctions {
    /// CrypTen's iteration counts.
    package var recipe: Recipe { Recipe() }

    /// Every window written out as a row (im2col), one matrix product a group.
    package func convolution(_ convolution: Convolution) throws -> Call {
        Call(SecureFunction.convolution, sizes: convolution.unfolded.sizes, [try matmul(convolution.unfolded)])
    }

    /// A product with the numbers repeated over each channel.
    package func scaleChannels(_ images: Extent, sides: Sides) throws -> Call {
        try mul(ElementwiseProduct(left: images.count, right: images[1], result: images.count, sides: sides))
    }

    /// Division of the sums by a public number, which is a product with a fixed-point constant.
    package func mean(_ count: Int) throws -> Call { try truncate(count, isNonNegative: false) }

    /// Product of two fixed-point numbers, truncated.
    package func scaledProduct(_ count: Int) throws -> [Call] {
        [try mul(ElementwiseProduct(count)), try truncate(count, isNonNegative: false)]
    }

    /// Square of a fixed-point number, truncated.
    package func scaledSquare(_ count: Int) throws -> [Call] {
        [try square(count), try truncate(count, isNonNegative: true)]
    }

    /// A polynomial with public coefficients. Its powers are computed by doubling: x², then x³ and x⁴ at once, and so on.
    package func polynomial(_ count: Int, degree: Int) throws -> Call {
        guard degree > 1 else {
            return Call(SecureFunction.polynomial, sizes: Sizes(n: count), [try truncate(count, isNonNegative: false)])
        }
        var calls = try scaledSquare(count)
        var terms = 2
        while terms < degree {
            calls += try scaledProduct(count *| min(terms, degree - terms))
            terms *= 2
        }
        return Call(
            SecureFunction.polynomial, sizes: Sizes(n: count), calls + [try truncate(count, isNonNegative: false)])
    }

    /// `(1 + x / 2^I)^(2^I)`: the limit approximation of CrypTen (Knott et al. 2021, section 4.2) and of HawkEye's `exp_fx`.
    package func exp(_ count: Int) throws -> Call {
        let square = Call(SecureFunction.squaring, sizes: Sizes(n: count), try scaledSquare(count))
        return Call(
            SecureFunction.exp, sizes: Sizes(n: count),
            [try truncate(count, isNonNegative: false), square.repeated(recipe.expIterations)])
    }

    /// Householder steps on an exponential first guess (Knott et al. 2021, appendix C).
    package func log(_ count: Int) throws -> Call {
        let step = Call(
            SecureFunction.householder, sizes: Sizes(n: count),
            [try exp(count)] + (try scaledProduct(count)) + [try polynomial(count, degree: recipe.logOrder)])
        return Call(
            SecureFunction.log, sizes: Sizes(n: count),
            [try truncate(count, isNonNegative: false), try exp(count), step.repeated(recipe.logIterations)])
    }

    /// Newton steps `y ← y (2 - x y)` on the first guess `3 exp(1 - 2x) + 0.003` (Knott et al. 2021, appendix C).
    package func reciprocal(_ count: Int, isPositive: Bool) throws -> Call {
        let newton = Call(SecureFunction.newton, sizes: Sizes(n: count), try scaledSquare(count) + scaledProduct(count))
        let calls = [try exp(count), newton.repeated(recipe.reciprocalIterations)]
        guard !isPositive else { return Call(SecureFunction.reciprocal, sizes: Sizes(n: count), calls) }
        return Call(
            SecureFunction.reciprocal, sizes: Sizes(n: count),
            [try ltz(count), try select(count)] + calls + [try select(count)])
    }

    /// Newton steps `y ← y (3 - x y²) / 2` on an exponential first guess (Knott et al. 2021, appendix C).
    package func inverseSqrt(_ count: Int) throws -> Call {
        let rescaling = try truncate(count, isNonNegative: false)
        let newton = Call(
            SecureFunction.newton, sizes: Sizes(n: count),
            try scaledSquare(count) + scaledProduct(count) + scaledProduct(count) + [rescaling])
        return Call(
            SecureFunction.inverseSqrt, sizes: Sizes(n: count),
            [rescaling, try exp(count), rescaling.repeated(2), newton.repeated(recipe.sqrtIterations)])
    }

    /// `x / √x`
    package func sqrt(_ count: Int) throws -> Call {
        Call(SecureFunction.sqrt, sizes: Sizes(n: count), [try inverseSqrt(count)] + (try scaledProduct(count)))
    }

    /// `1 / (1 + exp(-|x|))` with the sign put back. The operand of the reciprocal lies between 1 and 2, so that a few Newton
    /// steps on the guess 0.75 do, of which the first is a product with a public number.
    package func sigmoid(_ count: Int) throws -> Call {
        let newton = Call(SecureFunction.newton, sizes: Sizes(n: count), try scaledSquare(count) + scaledProduct(count))
        let reciprocal = Call(
            SecureFunction.reciprocal, sizes: Sizes(n: count),
            [try truncate(count, isNonNegative: true), newton.repeated(max(0, recipe.sigmoidIterations - 1))])
        return Call(
            SecureFunction.sigmoid, sizes: Sizes(n: count),
            [try ltz(count), try select(count), try exp(count), reciprocal, try select(count)])
    }

    /// `2 sigmoid(2x) - 1`
    package func tanh(_ count: Int) throws -> Call {
        Call(SecureFunction.tanh, sizes: Sizes(n: count), [try sigmoid(count)])
    }

    /// `1 - (a₁ t + … + a₅ t⁵) exp(-x²)` with `t = 1 / (1 + p |x|)` (Abramowitz and Stegun 7.1.26), the sign put back. A
    /// Taylor series would send less and be wrong outside a small interval.
    package func erf(_ count: Int) throws -> Call {
        let scale = try truncate(count, isNonNegative: true)
        let sign = [try ltz(count), try select(count)]
        let parts =
            [scale, try reciprocal(count, isPositive: true), try polynomial(count, degree: 5)]
            + (try scaledSquare(count)) + [try exp(count)] + (try scaledProduct(count))
        return Call(SecureFunction.erf, sizes: Sizes(n: count), sign + parts + [try select(count)])
    }

    /// One reciprocal a row.
    package func softmax(rows: Int, length: Int) throws -> Call {
        let count = rows *| length
        let product = ElementwiseProduct(left: count, right: rows, result: count)
        return Call(
            SecureFunction.softmax, sizes: Sizes(n: count, p: rows, q: length),
            [
                try maximum(rows: rows, length: length), try exp(count), try reciprocal(rows, isPositive: true),
                try mul(product), try truncate(count, isNonNegative: true),
            ])
    }

    /// One logarithm a row.
    package func logSoftmax(rows: Int, length: Int) throws -> Call {
        Call(
            SecureFunction.logSoftmax, sizes: Sizes(n: rows *| length, p: rows, q: length),
            [
                try maximum(rows: rows, length: length), try exp(rows *| length), try log(rows),
            ])
    }
}
