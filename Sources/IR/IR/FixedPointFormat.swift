/// How a framework writes real numbers: as integers of a ring, a power of two apart.
public struct FixedPointFormat: Hashable, Sendable {
    /// What a product, which has twice the fraction bits, becomes when the extra ones are cut off.
    public enum Truncation: String, Hashable, Sendable {
        /// The largest multiple of the resolution that is not above it, always.
        case floor
        /// One of its two neighbours, the nearer one more often: shares are cut off each by itself, or with a random mask.
        case probabilistic
    }

    /// Which number of the format stands for a real one that lies between two.
    public enum Encoding: String, Hashable, Sendable {
        /// The nearer one.
        case nearest
        /// The one nearer to zero: a conversion to integers that cuts the fraction off.
        case towardZero
    }

    /// Bits of a ring element; numbers are signed.
    public var ringBits: Int
    /// Bits after the binary point.
    public var fractionBits: Int
    /// How products are cut off.
    public var truncation: Truncation
    /// How inputs, parameters and public numbers are encoded.
    public var encoding: Encoding

    /// A format with the given parts.
    public init(
        ringBits: Int, fractionBits: Int, truncation: Truncation = .probabilistic, encoding: Encoding = .nearest
    ) {
        self.ringBits = ringBits
        self.fractionBits = fractionBits
        self.truncation = truncation
        self.encoding = encoding
    }

    /// The distance of two neighbouring numbers.
    public var resolution: Double { Double(sign: .plus, exponent: -fractionBits, significand: 1) }

    /// From this part of a result's largest element on an error is worth telling.
    private static let notablePart = 0.01
    /// And from this many units in the last place on: small results have few digits anywhere.
    private static let notableUnits = 32.0

    /// Whether an error is worth telling beside the largest element of what it is an error of.
    public func isNotable(_ error: Double, of magnitude: Double) -> Bool {
        error > Self.notablePart * magnitude && error > Self.notableUnits * resolution
    }

    /// Numbers of this magnitude and more do not fit.
    public var limit: Double { Double(sign: .plus, exponent: ringBits - 1 - fractionBits, significand: 1) }

    /// Products of this magnitude and more do not fit before they are cut off.
    public var productLimit: Double { limit * resolution }
}
