import Pricing

extension OpenCheetah {
    /// Cheetah's protocols on shares modulo `2^bits` (Huang et al., Cheetah, USENIX Security 2022), as OpenCheetah f71d4d4 runs
    /// them, as pure values: what a call sends.
    struct Protocols: Hashable, Sendable {
        /// Bits of a share.
        let bits: Int
        /// SCI's protocols over Ferret's silent transfers.
        let sci = SCI.Protocols(transfer: .silent, isUniform: true, hasTwoConnections: false)

        /// What a buffer of correlations costs when it has run dry: 1295 trees of 13 levels, two blocks a level and one a tree,
        /// and one block (emp-ot 7f3d4f0, parameters with regular noise; measured exactly).
        static let refillBytes = 1295 * (13 * 32 + 16) + 16
        /// Correlations that a refill gives: the code's length less what the next refill uses up (the secret, 13 correlations
        /// a tree, and 128 for a check that is not made).
        static let refillCorrelations = 10_608_640 - (589_824 + 13 * 1295 + 128)
        /// Base transfers of the old IKNP extension, which average pooling makes when it first runs: measured.
        static let averagePoolSetup = SCI.Exchange(server: 8832, client: 12_997)
        /// One warm-up of Ferret in each direction and four public keys, measured at 37 bits; the keys vary by a few bytes.
        static let setup = SCI.Exchange(server: 1_748_076, client: 1_997_722)

        /// `max(x, 0)` by the exact sign.
        func exactRelu(_ count: Int) -> SCI.Step { sci.multiplexedRelu(bits: bits, count.roundedUpTo8) }

        /// `max(x, 0)` as OpenCheetah ships it: the sign of what is left when the low bits are dropped and the width is brought
        /// to a multiple of four, which errs near zero (Maeng and Suh).
        ///
        /// - Parameter dropped: low bits that do not decide.
        func approximateRelu(dropped: Int, _ count: Int) -> SCI.Step {
            let count = count.roundedUpTo8
            return SCI.Step(
                .relu,
                [
                    SCI.Step(
                        .drelu, [sci.millionaires(bits: Self.comparedBits(bits, dropped: dropped), count)], bits, count),
                    sci.multiplexer(bits: bits, count),
                ], bits, count)
        }

        /// Bits that the approximate comparison compares.
        static func comparedBits(_ bits: Int, dropped: Int) -> Int {
            let left = bits - dropped
            return left - (left - 1) % 4 - 1
        }

        /// Division by `2^shift` with an error of one in the last place: shares are offset so that the sign is known, which leaves
        /// a transfer for the wrap bit and one that brings it to `shift` bits.
        func truncate(shift: Int, _ count: Int) -> SCI.Step {
            guard shift > 0 else { return SCI.Step(nothing: .truncate) }
            let count = count.roundedUpTo8
            return SCI.Step(
                .truncate,
                [
                    SCI.Step(
                        .msbToWrap, sci.transfer.oneOfTwo(bits: 1, count: count, word: 8), sizes: Sizes(n: count)),
                    sci.b2a(bits: shift, count),
                ], shift, count)
        }

        /// Maxima of rows, by exact relus one after another.
        func maxPool(rows: Int, length: Int) -> SCI.Step {
            sci.maxPool(rows: rows, length: length, relu: exactRelu(rows))
        }

        /// The position of the maximum of a vector.
        func argMax(length: Int) -> SCI.Step {
            sci.argMax(bits: bits, length: length) { sci.drelu(bits: bits, $0) }
        }

        /// Division of sums by a public number.
        func divide(by divisor: Int, _ count: Int) -> SCI.Step {
            sci.divide(bits: bits, by: divisor, count.roundedUpTo8)
        }
    }
}
