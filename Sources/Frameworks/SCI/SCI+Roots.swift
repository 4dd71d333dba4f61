import Pricing

// MARK: Roots (SCI/src/Math/math-functions.cpp, function sqrt)

extension SCI.Protocols {
    /// Bits that the first guesses have more than their index (SCI: SQRT_LOOKUP_SCALE).
    private static let lookupScale = 2

    /// `√x`, or `1/√x`: the operand is normalised, a table gives a first guess of `1/√x`, and Goldschmidt's method refines it
    /// once, or twice above 14 bits.
    func squareRoot(_ format: FixedPoint, isInverse: Bool, _ count: Int) -> Step {
        let (bits, scale) = (format.bits, format.resultScale)
        let refinements = scale <= 14 ? 1 : 2
        let index =
            scale <= 14 ? scale.dividedRoundingUp(by: 2) : scale.dividedRoundingUp(by: 2).dividedRoundingUp(by: 2)
        let guess = index + Self.lookupScale + 1
        var parts = [
            leadingOne(bits: bits - 1, count), b2a(bits: bits - 1, count * (bits - 1)),
            hadamard(count, leftBits: bits - 1, rightBits: bits - 1, bits: bits - 1),
            truncateAndReduce(bits: bits - 2, shift: bits - index - 2, count),
            lookup(index: index + 1, bits: guess, count), extend(from: bits - 1, to: bits, count),
            multiplexer(bits: bits, count),
        ]
        if !isInverse {
            parts.append(
                product(
                    leftBits: bits, rightBits: guess, bits: bits - 2 + guess, shift: bits - 3 + guess - scale, count))
        }
        parts.append(truncateAndReduce(bits: bits, shift: bits - 2 - scale, count))
        parts += (0..<refinements).map {
            refinement($0, guess: guess, scale: scale, isInverse: isInverse, count)
        }
        // The result is shifted back by half the exponent, which is known on shares of half the width.
        let (half, shift) = (bits / 2, isInverse ? (bits - 1 - format.scale) / 2 : (format.scale + 1) / 2)
        let width = scale + 1 + half
        parts += [
            product(leftBits: scale + 1, rightBits: half, bits: width, shift: shift, count),
            extend(from: width - shift, to: format.resultBits, count),
        ]
        return Step(isInverse ? .rsqrt : .sqrt, parts, bits, count)
    }

    /// A step of Goldschmidt's method on `b ≈ 1` and on the root.
    private func refinement(_ step: Int, guess: Int, scale: Int, isInverse: Bool, _ count: Int) -> Step {
        let isFirst = step == 0
        let parts: [Step]
        if isFirst {
            // 2 guess - 1 bits hold the square of the guess.
            let square = 2 * guess - 1
            parts = [
                hadamard(count, leftBits: guess, rightBits: guess, bits: square),
                product(
                    leftBits: square, rightBits: scale + 2, bits: square + scale + 1, shift: square - 1, count),
            ]
        } else {
            parts = [
                product(leftBits: scale + 2, rightBits: scale + 2, bits: 2 * scale + 3, shift: scale + 2, count),
                product(leftBits: scale + 1, rightBits: scale + 2, bits: 2 * scale + 2, shift: scale, count),
            ]
        }
        let root =
            isFirst && isInverse
            ? product(leftBits: guess, rightBits: scale + 2, bits: scale + guess + 1, shift: guess, count)
            : product(leftBits: scale + 1, rightBits: scale + 2, bits: 2 * scale + 2, shift: scale + 1, count)
        return Step(.goldschmidt, sizes: Sizes(n: count), parts + [root])
    }

    /// A product of factors of unknown sign bits, brought back to a scale.
    private func product(leftBits: Int, rightBits: Int, bits: Int, shift: Int, _ count: Int) -> Step {
        Step(
            .product, sizes: Sizes(n: count),
            [
                hadamard(count, leftBits: leftBits, rightBits: rightBits, bits: bits),
                truncateAndReduce(bits: bits, shift: shift, count),
            ])
    }
}
