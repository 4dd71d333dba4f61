import Foundation

/// `EXP_PRIME`: two parties of SEMI2K raise 2 to their shares of the whole part in a prime field, whose product is the power, and
/// bring it back into the ring: `mpc/semi2k/exp.cc`, `prime_utils.cc`.
extension SPU.FixedPoint {
    /// `exp_prime`, with the bounds that keep the power within the field.
    mutating func primeExponential(_ x: Ring) -> Ring {
        guard settings.enablesPrimeExponential, Ring.bitWidth == 128 else {
            hasFailed = true
            return x
        }
        var x = x
        let used = 2 * fractionBits + settings.primeExponentialOffset
        if !settings.primeExponentialHasNoLowerBound {
            let low = encode(Double(48 - used) / PrimeField.log2E)
            if less(x, low) { x = low }
        }
        if settings.primeExponentialHasUpperBound {
            let high = encode(Double(124 - used) / PrimeField.log2E)
            if !less(x, high) { x = high }
        }
        return exponentialInField(shares(x))
    }

    /// `ExpA::proc`
    private mutating func exponentialInField(_ x: Shares) -> Ring {
        let scaled = x.scaled(by: Ring(PrimeField.scale)) + Ring(settings.primeExponentialOffset) << scaledFractionBits
        let product = PrimeField.product(power(scaled.first, isFirst: true), power(scaled.second, isFirst: false))
        return fromField(product, cuttingOff: settings.primeExponentialOffset + fractionBits)
    }

    /// Bits behind the binary point of what log₂ e has been multiplied into.
    private var scaledFractionBits: Int { PrimeField.scaleBits + fractionBits }

    /// Two to the power of one party's share, in the field; `ProbConvRing2k` of the whole part, and the rest in floating point.
    private func power(_ share: Ring, isFirst: Bool) -> UInt128 {
        let kept = UInt128(1) << (128 - fractionBits)
        let whole = UInt128(truncatingIfNeeded: share >> scaledFractionBits) & (kept - 1)
        // Over shares of numbers modulo p - 1 the second party takes back what the sum of both has too much.
        let exponent = isFirst ? whole : whole &+ (PrimeField.modulus - 1) &- kept
        let fraction = Double(share & lowest(scaledFractionBits)) * exp2(-Double(scaledFractionBits))
        let rest = Float(pow(2, fraction) * exp2(Double(fractionBits))).rounded()
        return PrimeField.product(PrimeField.powerOfTwo(exponent), UInt128(rest))
    }

    /// `ConvMP`: a number of the field below half of it, in shares there, becomes a number of the ring without its lowest bits. Each share
    /// loses its own, so that the last bit is random.
    private mutating func fromField(_ number: UInt128, cuttingOff bits: Int) -> Ring {
        let first = UInt128(truncatingIfNeeded: uniform()) & PrimeField.modulus
        let second = number >= first ? number - first : number &+ PrimeField.modulus - first
        let half = PrimeField.modulus >> 1
        let wraps = first >= half || second >= half
        let sum = (first >> bits) &+ (second >> bits)
        return Ring(truncatingIfNeeded: wraps ? sum &- PrimeField.modulus >> bits : sum)
    }
}

/// The integers modulo the prime 2¹²⁷ - 1: `mpc/utils/gfmp.h`.
private enum PrimeField {
    static let modulus = (UInt128(1) << 127) - 1
    static let log2E = 1.4426950408889634
    /// Bits that log₂ e has behind the binary point: `kExpFxp` of 128-bit rings.
    static let scaleBits = 24
    /// log₂ e in fixed point.
    static let scale = Float(log2E * exp2(Double(scaleBits))).rounded()

    /// A product: what is above 127 bits counts once more, since 2¹²⁷ = 1.
    static func product(_ x: UInt128, _ y: UInt128) -> UInt128 {
        let wide = x.multipliedFullWidth(by: y)
        let sum = (wide.low & modulus) &+ ((wide.high << 1) | (wide.low >> 127))
        return sum >= modulus ? sum - modulus : sum
    }

    /// A power of two; 2 has order 127, which divides the field's number of units.
    static func powerOfTwo(_ exponent: UInt128) -> UInt128 { UInt128(1) << (exponent % (modulus - 1) % 127) }
}
