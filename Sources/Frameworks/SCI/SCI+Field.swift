import Pricing

// MARK: Protocols on shares modulo a prime (OpenCheetah's build SCI_HE of CryptFlow2)

extension SCI {
    /// Primes that SCI shares numbers modulo, by their bits (SCI/src/utils/constants.h, `default_prime_mod`).
    static let primes: [Int: Int] = [
        32: 4_293_918_721, 33: 8_585_084_929, 34: 17_171_218_433, 35: 34_359_214_081, 36: 68_686_184_449,
        37: 137_352_314_881, 38: 274_824_036_353, 39: 549_753_716_737, 40: 1_099_480_956_929, 41: 2_198_100_901_889,
    ]

    /// Comparisons, divisions and poolings on shares modulo a prime (SCI/src/NonLinear/drelu-field.h, relu-field.h;
    /// `funcFieldDiv` in functionalities_uniform.h). Numbers come in multiples of 8.
    struct FieldProtocols: Hashable, Sendable {
        /// Bits of the prime.
        let bits: Int
        /// The prime.
        let prime: Int
        /// What is the same as on a ring: one connection, leaves of the size they need.
        let ring = Protocols(isUniform: false, hasTwoConnections: false)

        /// Shares modulo SCI's prime of that many bits; nil if it has none.
        init?(bits: Int) {
            guard let prime = SCI.primes[bits] else { return nil }
            self.bits = bits
            self.prime = prime
        }

        /// The sign: whether the shares wrap around is compared for both cases of the sign of one share, with common leaves.
        func drelu(_ count: Int) -> Step {
            let count = count.roundedUpTo8
            let digits = (bits + 1).dividedRoundingUp(by: 4)
            let (levels, comparisons) = (digits.ceilLog2, 2 * count)
            let perComparison = 2 * digits - 2 - levels
            return Step(
                .drelu,
                ring.trimmedLeaves(bits: bits + 1, count, first: 2, others: 4)
                    + ring.unevenTriples(perComparison: perComparison, levels: levels, comparisons) + [
                        ring.opening(perComparison * comparisons, levels: levels), ring.msbToWrap(count),
                    ], bits, count)
        }

        /// `max(x, 0)`
        func relu(_ count: Int) -> Step {
            let count = count.roundedUpTo8
            let select = ring.bothWays(ring.transfer.oneOfTwo(bits: bits, count: count))
            return Step(.relu, [drelu(count), Step(.select, select, sizes: Sizes(n: count))], bits, count)
        }

        /// Division by a public number: like ``Protocols/divide(bits:by:_:)``, but the sum goes through an unsplit IKNP with
        /// chosen messages.
        ///
        /// - Parameter signIsKnown: after a relu, whose result is not negative.
        func divide(by divisor: Int, _ count: Int, signIsKnown: Bool = false) -> Step {
            let count = count.roundedUpTo8
            let small = SCI.divisionBits(divisor)
            let comparisons = count * (SCI.needsTwoComparisons(remainder: prime % divisor, divisor) ? 2 : 3)
            let sent = ring.transfer.oneOfTwo(bits: bits, count: comparisons).server
            return Step(
                .divide,
                (signIsKnown ? [] : [drelu(count)]) + [
                    ring.correction(bits: bits, small: small, count), ring.millionaires(bits: small - 1, comparisons),
                    Step(
                        .b2a, ObliviousTransfer.unsplit(sent: sent, count: comparisons), sizes: Sizes(n: comparisons)),
                ], bits, count)
        }

        /// The position of the maximum of a vector.
        func argMax(length: Int) -> Step { ring.argMax(bits: bits, length: length) { drelu($0) } }
    }
}
