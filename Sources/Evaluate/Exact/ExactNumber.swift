/// A real number as a check of equality needs it: its image in a finite field, in which equal expressions have equal images
/// without any rounding, and an interval around it, which says which of two different numbers is larger.
///
/// The image of a rational number is the quotient of the images of numerator and denominator. Two different rational numbers
/// of numerators and denominators up to a billion have different images; larger ones have the same with a
/// probability of about 2^-60.
struct ExactNumber: Sendable {
    /// The image modulo p.
    let image: UInt64
    /// The image modulo q, which exponentials take; nil for what is itself an exponential or made of one.
    let exponent: UInt64?
    /// Where the real number lies.
    let real: Interval
    /// How it came about, where that is of use; equality does not depend on it.
    let origin: ExactOrigin?

    static let zero = ExactNumber(0)
    static let one = ExactNumber(1)

    init(image: UInt64, exponent: UInt64?, real: Interval, origin: ExactOrigin? = nil) {
        self.image = image
        self.exponent = exponent
        self.real = real
        self.origin = origin
    }

    /// An integer.
    init(_ value: Int) {
        self.init(
            image: PrimeField.values.image(value), exponent: PrimeField.exponents.image(value),
            real: abs(value) < 1 << 53
                ? Interval(Double(value)) : Interval(Double(value).nextDown, Double(value).nextUp))
    }

    /// A floating-point number, exactly.
    init(binary value: Double) {
        self.init(
            image: PrimeField.values.image(value), exponent: PrimeField.exponents.image(value),
            real: value.isFinite ? Interval(value) : .everything)
    }

    static func + (a: Self, b: Self) -> Self {
        var origin: ExactOrigin?
        if a.origin?.exponential != nil || b.origin?.exponential != nil, let one = a.exponential,
            let two = b.exponential
        {
            origin = ExactOrigin(exponential: one * two)
        }
        return Self(
            image: PrimeField.values.add(a.image, b.image), exponent: both(a, b, PrimeField.exponents.add),
            real: a.real + b.real, origin: origin)
    }

    static func - (a: Self, b: Self) -> Self { a + -b }

    static prefix func - (a: Self) -> Self {
        Self(
            image: PrimeField.values.negate(a.image), exponent: a.exponent.map(PrimeField.exponents.negate),
            real: -a.real, origin: a.origin?.exponential?.reciprocal.map { ExactOrigin(exponential: $0) })
    }

    static func * (a: Self, b: Self) -> Self {
        Self(
            image: PrimeField.values.multiply(a.image, b.image), exponent: both(a, b, PrimeField.exponents.multiply),
            real: a.real * b.real)
    }

    private static func both(_ a: Self, _ b: Self, _ combine: (UInt64, UInt64) -> UInt64) -> UInt64? {
        guard let one = a.exponent, let two = b.exponent else { return nil }
        return combine(one, two)
    }

    /// One divided by the number; nil for 0.
    var reciprocal: Self? {
        guard let inverse = PrimeField.values.inverse(image) else { return nil }
        return Self(
            image: inverse, exponent: exponent.flatMap(PrimeField.exponents.inverse), real: Interval(1) / real)
    }

    /// The number multiplied with itself that many times.
    func power(_ exponent: Int) -> Self? {
        guard exponent >= 0 else { return power(-exponent)?.reciprocal }
        var (result, factor, rest) = (Self.one, self, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = result * factor }
            factor = factor * factor
            rest >>= 1
        }
        return result
    }

    /// The square root: multiplicative, and a root of every number whose image is a square.
    var root: Self {
        Self(
            image: PrimeField.values.root(image), exponent: exponent.map(PrimeField.exponents.root),
            real: real.low >= 0 ? real.squareRoot : .everything)
    }

    /// The integer that it is; nil if it is none, or a large one.
    var integer: Int? {
        let middle = (real.low / 2 + real.high / 2).rounded()
        guard abs(middle) < 0x1p31, image == PrimeField.values.image(Int(middle)) else { return nil }
        return Int(middle)
    }
}
