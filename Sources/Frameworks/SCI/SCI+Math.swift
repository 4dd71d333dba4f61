import Pricing

// MARK: Mathematical functions (Rathee et al., SIRNN, IEEE S&P 2021; SCI/src/Math/math-functions.cpp, aux-protocols.cpp)

extension SCI {
    /// Widths and scales of the operand and the result of a mathematical function.
    struct FixedPoint: Hashable, Sendable {
        /// Bits of the operand's shares.
        var bits: Int
        /// Bits after its binary point.
        var scale: Int
        /// Bits of the result's shares.
        var resultBits: Int
        /// Bits after its binary point.
        var resultScale: Int

        init(bits: Int, scale: Int, resultBits: Int? = nil, resultScale: Int? = nil) {
            self.bits = bits
            self.scale = scale
            self.resultBits = resultBits ?? bits
            self.resultScale = resultScale ?? scale
        }
    }

    /// Bits of the digits that tables are looked up by.
    fileprivate static let digitBits = 8
}

extension SCI.Protocols {
    typealias FixedPoint = SCI.FixedPoint

    /// `e^-x` for `x ≥ 0`: the digits of x are looked up in tables of powers, and the powers multiplied.
    func expNegative(_ format: FixedPoint, _ count: Int) -> Step {
        let (digits, last) = Self.digits(format.bits)
        let (short, scale) = (format.resultScale + 2, format.resultScale)
        let full = last == SCI.digitBits ? digits : digits - 1
        var parts = [digitDecomposition(bits: format.bits, count)]
        parts.append(lookup(index: SCI.digitBits, bits: short, full * count))
        if full < digits { parts.append(lookup(index: last, bits: short, count)) }
        let multiplied = Step(
            .product, count: digits - 1, sizes: Sizes(n: count),
            [
                hadamard(
                    count, leftBits: short, rightBits: short, bits: 2 * scale + 2, leftSign: true, rightSign: true),
                truncateAndReduce(bits: 2 * scale + 2, shift: scale, count),
            ])
        parts += [multiplied, extend(from: short, to: format.resultBits, count, signIsKnown: true)]
        return Step(.exp, parts, format.bits, count)
    }

    /// `1 / (1 + e^-x)`
    func sigmoid(_ format: FixedPoint, _ count: Int) -> Step {
        let (short, scale) = (format.resultScale + 2, format.resultScale)
        let denominator = FixedPoint(bits: short, scale: scale)
        let parts =
            exponentialOfMagnitude(format, count) + [
                // The numerator is 1, on shares of two bits.
                quotient(
                    numerator: FixedPoint(bits: 2, scale: 0, resultBits: short, resultScale: scale),
                    denominator: denominator, count, isNormalized: true),
                multiplexer(bits: short, count),
                hadamard(
                    count, leftBits: short, rightBits: short, bits: 2 * scale + 2, leftSign: true, rightSign: true),
                truncateAndReduce(bits: 2 * scale + 2, shift: scale, count),
                extend(from: short, to: format.resultBits, count, signIsKnown: true),
            ]
        return Step(.sigmoid, parts, format.bits, count)
    }

    /// `(1 - e^-2x) / (1 + e^-2x)`
    func tanh(_ format: FixedPoint, _ count: Int) -> Step {
        let short = format.resultScale + 2
        let denominator = FixedPoint(bits: short, scale: format.resultScale)
        let parts =
            exponentialOfMagnitude(format, count) + [
                quotient(numerator: denominator, denominator: denominator, count, isNormalized: true),
                multiplexer(bits: short, count),
                extend(from: short, to: format.resultBits, count, signIsKnown: true),
            ]
        return Step(.tanh, parts, format.bits, count)
    }

    /// The sign of x, `e^-|x|`, and its sum with 1 brought below 2.
    private func exponentialOfMagnitude(_ format: FixedPoint, _ count: Int) -> [Step] {
        let short = format.resultScale + 2
        var exponential = format
        exponential.resultBits = short
        return [
            drelu(bits: format.bits, count), multiplexer(bits: format.bits, count), expNegative(exponential, count),
            drelu(bits: short, count), b2a(bits: short, count),
        ]
    }

    /// `x / y`: a table gives a first guess of `1/y`, which Goldschmidt's method refines if more than 18 bits are asked for.
    ///
    /// - Parameters:
    ///   - numerator: formats of x and of the result.
    ///   - isNormalized: y is known to lie between 1 and 2; else its leading one is found first.
    func quotient(numerator: FixedPoint, denominator: FixedPoint, _ count: Int, isNormalized: Bool) -> Step {
        let (bits, scale) = (numerator.resultBits, numerator.resultScale)
        let guess =
            scale <= 18
            ? (scale - 2).dividedRoundingUp(by: 2) : (scale.dividedRoundingUp(by: 2) - 2).dividedRoundingUp(by: 2)
        let point = isNormalized ? denominator.scale : denominator.bits - 1
        var parts: [Step] = []
        if !isNormalized {
            let width = denominator.bits
            parts += [
                leadingOne(bits: width, count), b2a(bits: width + 1, count * width),
                hadamard(count, leftBits: width, rightBits: width + 1, bits: width + 1),
            ]
        }
        parts += [
            reciprocalGuess(guess, scale: point, count),
            truncateAndReduce(bits: point + guess + 4, shift: point + guess + 3 - scale, count),
            drelu(bits: numerator.bits, count),
            hadamard(
                count, leftBits: numerator.bits, rightBits: scale + 1, bits: scale + numerator.bits, leftSign: true,
                rightSign: true),
            truncateAndReduce(bits: scale + numerator.bits, shift: numerator.scale, count),
            extend(from: scale + numerator.bits - numerator.scale, to: bits, count, signIsKnown: true),
        ]
        if !isNormalized { parts += denormalization(bits: bits, denominator, count) }
        if scale > 18 {
            parts += [
                scaledProduct(leftBits: scale + 1, rightBits: point + 2, shift: point, bits: scale + point + 2, count),
                scaledProduct(leftBits: bits, rightBits: scale + 2, shift: scale, bits: bits + scale, count),
            ]
        }
        return Step(.div, parts, bits, count)
    }

    /// The quotient times the power of two that the denominator was multiplied by.
    private func denormalization(bits: Int, _ denominator: FixedPoint, _ count: Int) -> [Step] {
        let shift = denominator.bits - 1 - denominator.scale
        let product = hadamard(
            count, leftBits: bits, rightBits: denominator.bits + 1, bits: max(bits + shift, denominator.bits + 1),
            leftSign: true, rightSign: true)
        return [product, truncateAndReduce(bits: bits + shift, shift: shift, count)]
    }

    /// A linear approximation of `1/y` whose coefficients are looked up by `index` bits.
    private func reciprocalGuess(_ index: Int, scale: Int, _ count: Int) -> Step {
        Step(
            .reciprocalGuess, sizes: Sizes(n: count),
            [
                truncateAndReduce(bits: scale, shift: scale - index, count),
                lookup(index: index, bits: 3 * index + 7, count),
                hadamard(count, leftBits: index + 4, rightBits: scale - index, bits: scale + 4, leftSign: true),
                extend(from: scale + 4, to: scale + index + 4, count, signIsKnown: true),
            ])
    }

    /// A product whose factors have known signs, brought back to a scale.
    private func scaledProduct(leftBits: Int, rightBits: Int, shift: Int, bits: Int, _ count: Int) -> Step {
        Step(
            .product, sizes: Sizes(n: count),
            [
                hadamard(
                    count, leftBits: leftBits, rightBits: rightBits, bits: bits, leftSign: true, rightSign: true),
                truncateAndReduce(bits: bits, shift: shift, count),
            ])
    }
}

// MARK: Digits

extension SCI.Protocols {
    /// How many digits of 8 bits a number has, and the bits of the last.
    static func digits(_ bits: Int) -> (count: Int, last: Int) {
        let count = bits.dividedRoundingUp(by: SCI.digitBits)
        return (count, bits - (count - 1) * SCI.digitBits)
    }

    /// Shares of each digit: carries are compared at once and handed on one by one.
    func digitDecomposition(bits: Int, _ count: Int) -> Step {
        let digits = Self.digits(bits).count
        return Step(
            .digitDecomposition,
            [
                comparisonWithEquality(bits: SCI.digitBits, count * (digits - 1)),
                Step(.carry, count: digits - 1, sizes: Sizes(n: count), [and(count)]),
                b2a(bits: SCI.digitBits, digits * count),
            ], bits, count)
    }

    /// The position of the leading one as a vector of bits.
    func leadingOne(bits: Int, _ count: Int) -> Step {
        let (digits, last) = Self.digits(bits)
        let (inDigit, position) = (SCI.digitBits.ceilLog2 + 1, bits.ceilLog2)
        let full = last == SCI.digitBits ? digits : digits - 1
        var parts = [digitDecomposition(bits: bits, count), lookup(index: SCI.digitBits, bits: inDigit, full * count)]
        if full < digits { parts.append(lookup(index: last, bits: inDigit, count)) }
        parts += [
            extend(from: inDigit - 1, to: position, digits * count),
            Step(.zeroRun, count: max(0, digits - 2), sizes: Sizes(n: count), [and(count)]), and((digits - 1) * count),
            multiplexer(bits: position, digits * count), lookup(index: position, bits: bits, count),
        ]
        return Step(.msnzb, parts, bits, count)
    }
}
