import IR
import Pricing

/// The secure functions of a back end that has SCI's mathematical library (SCI/src/Math/math-functions.cpp).
protocol SCIMathFunctions: SCIFunctions {
    /// The format of operands and results.
    var format: SCI.FixedPoint { get }
    /// The protocols that the library runs.
    var library: SCI.Protocols { get }
}

extension SCIMathFunctions {
    /// The format, if the library takes it.
    private func checkedFormat() throws -> SCI.FixedPoint {
        // The longest intermediate result is the quotient before its exponent is taken back.
        guard format.scale >= 2, format.scale + 2 <= format.bits, 2 * format.bits - format.scale <= 64 else {
            throw Unpriced(
                "SCI's mathematical functions need a scale of 2 and more, and twice the bitlength without the scale within 64 bits"
            )
        }
        return format
    }

    /// `e^x` for `x ≤ 0`, the only half that SCI has.
    func exp(_ count: Int) throws -> Call { call(library.expNegative(try checkedFormat(), try SCI.checked(count))) }

    /// A quotient whose numerator is 1.
    func reciprocal(_ count: Int, isPositive: Bool) throws -> Call {
        let format = try checkedFormat()
        let one = SCI.FixedPoint(bits: 2, scale: 0, resultBits: format.bits, resultScale: format.scale)
        let step = library.quotient(
            numerator: one, denominator: format, try SCI.checked(count), isNormalized: false)
        guard !isPositive else { return call(step) }
        return Call(
            SCI.Function.reciprocal, sizes: Sizes(n: count),
            [try ltz(count), try select(count), call(step), try select(count)])
    }

    /// SCI divides by positive numbers; the sign of the divisor is taken off and put back.
    func quotient(_ count: Int) throws -> Call {
        let format = try checkedFormat()
        let step = library.quotient(
            numerator: format, denominator: format, try SCI.checked(count), isNormalized: false)
        return Call(
            SCI.Function.div, sizes: Sizes(n: count),
            [try ltz(count), try select(count), call(step), try select(count)])
    }

    /// `1/√x`
    func inverseSqrt(_ count: Int) throws -> Call {
        call(library.squareRoot(try checkedFormat(), isInverse: true, try SCI.checked(count)))
    }

    /// `√x`
    func sqrt(_ count: Int) throws -> Call {
        call(library.squareRoot(try checkedFormat(), isInverse: false, try SCI.checked(count)))
    }

    /// Logistic function.
    func sigmoid(_ count: Int) throws -> Call { call(library.sigmoid(try checkedFormat(), try SCI.checked(count))) }

    /// Hyperbolic tangent.
    func tanh(_ count: Int) throws -> Call { call(library.tanh(try checkedFormat(), try SCI.checked(count))) }
}
