extension SPU {
    /// How a protocol divides shared numbers by a power of two, its kernel `trunc_a`.
    enum Truncation: Hashable, Sendable {
        /// SEMI2K's and ABY3's `TruncAPr2`: both shares are shifted, and what their sum wraps around is taken back (Algorithm 4 of
        /// "Improved secure two-party computation from a geometric perspective", eprint 2025/200). It holds below a quarter of the
        /// ring.
        case wrapCorrected
        /// SEMI2K's `TruncAPr` for three and more parties: the number is opened under a mask whose shifted bits are shared (3.2.2 of
        /// eprint 2019/131 by Dalskov, Escudero and Keller). It holds below a quarter of the ring.
        case masked
        /// SEMI2K's `TruncA` between two parties (`trunc_allow_msb_error`): either shifts its share. The larger the number, the more
        /// often the top bits are wrong (Theorem 1 of SecureML, eprint 2017/396).
        case local
        /// SEMI2K's `TruncA` for three and more parties: a truncation pair (5.1.2 of ABY3, eprint 2018/403), wrong as often.
        case pair
        /// CHEETAH's `TruncateProtocol`: shifted shares, a wrap found by oblivious transfer, and one added to half of the results.
        case obliviousTransfer
        /// Of public numbers: an arithmetic shift.
        case plain
    }
}

extension SPU.FixedPoint {
    /// A number in two additive shares. Protocols between more parties truncate in two shares, too, or whatever the shares are.
    struct Shares {
        /// The share to which public numbers are added.
        var first: Ring
        /// The other share.
        var second: Ring

        /// The number.
        var sum: Ring { first &+ second }

        /// A product with a public number: either share is multiplied, so that the lowest bits of both are zero where those of the
        /// number are.
        func scaled(by factor: Ring) -> Shares { Shares(first: first &* factor, second: second &* factor) }

        /// A sum.
        static func + (left: Shares, right: Shares) -> Shares {
            Shares(first: left.first &+ right.first, second: left.second &+ right.second)
        }

        /// A sum with a public number.
        static func + (left: Shares, right: Ring) -> Shares {
            Shares(first: left.first &+ right, second: left.second)
        }
    }

    /// A ring element that is as likely as any other.
    mutating func uniform() -> Ring {
        var bits = Ring(truncatingIfNeeded: random.bits())
        if Ring.bitWidth > 64 { bits = (bits << 64) | Ring(truncatingIfNeeded: random.bits()) }
        return bits
    }

    /// A secret in shares as they come from a product or an input.
    mutating func shares(_ x: Ring) -> Shares {
        let first = uniform()
        return Shares(first: first, second: x &- first)
    }

    /// `_trunc`
    ///
    /// - Parameters:
    ///   - bits: how many are cut off; nil for as many as a number has behind the binary point.
    ///   - isPositive: whether the caller claims that it knows the sign, which only CHEETAH heeds.
    mutating func trunc(_ x: Ring, _ bits: Int? = nil, isPositive: Bool = false) -> Ring {
        trunc(shares(x), bits, isPositive: isPositive)
    }

    /// `trunc_a`
    mutating func trunc(_ x: Shares, _ bits: Int? = nil, isPositive: Bool = false) -> Ring {
        let bits = bits ?? fractionBits
        guard bits > 0 else { return x.sum }
        return switch truncation {
        case .wrapCorrected: wrapCorrected(x, bits)
        case .masked: masked(x.sum, bits)
        case .local: (x.first >> bits) &+ (x.second >> bits)
        case .pair: pair(x.sum, bits)
        case .obliviousTransfer: obliviousTransfer(x, bits, isPositive: isPositive)
        case .plain: x.sum >> bits
        }
    }

    /// A logical shift to the right.
    func rshift(_ x: Ring, _ bits: Int) -> Ring {
        Ring(truncatingIfNeeded: Ring.Magnitude(truncatingIfNeeded: x) >> bits)
    }

    /// `TruncAPr2::proc` and `computeMW` in `mpc/semi2k/arithmetic.cc`.
    private func wrapCorrected(_ x: Shares, _ bits: Int) -> Ring {
        typealias Word = Ring.Magnitude
        let (first, second) = (Word(truncatingIfNeeded: x.first), Word(truncatingIfNeeded: x.second))
        let quarter = Word(1) << (Ring.bitWidth - 2)
        let half = quarter << 1
        var wraps: Ring = first < quarter ? 0 : 1
        if first &- quarter >= half, second >= half { wraps += 1 }
        return rshift(x.first, bits) &+ rshift(x.second, bits) &- wraps << (Ring.bitWidth - bits) &+ 1
    }

    /// `TruncAPr::proc` in `mpc/semi2k/arithmetic.cc`.
    private mutating func masked(_ x: Ring, _ bits: Int) -> Ring {
        let (width, quarter) = (Ring.bitWidth, Ring(1) << (Ring.bitWidth - 2))
        let mask = uniform()
        let opened = x &+ quarter &+ mask
        let borrow = rshift(mask, width - 1) ^ rshift(opened, width - 1)
        let rest = rshift(opened << 1, bits + 1) &- rshift(mask << 1, bits + 1)
        return rest &+ borrow << (width - 1 - bits) &- Ring(1) << (width - 2 - bits)
    }

    /// `TruncA::proc` in `mpc/semi2k/arithmetic.cc`, for more than two parties.
    private mutating func pair(_ x: Ring, _ bits: Int) -> Ring {
        let mask = uniform()
        return (mask >> bits) &+ ((x &- mask) >> bits)
    }

    /// `TruncateProtocol::Compute` in `mpc/cheetah/nonlinear/truncate_prot.cc`. A number whose sign is not known is made positive by
    /// adding a quarter of the ring.
    private func obliviousTransfer(_ x: Shares, _ bits: Int, isPositive: Bool) -> Ring {
        let width = Ring.bitWidth
        let offset = isPositive ? 0 : Ring(1) << (width - 2)
        // The two-component form: negative numbers become the lower half of the ring.
        let first = x.first &+ offset &+ Ring.min
        let wrap = rshift(first, width - 1) & rshift(x.second, width - 1)
        let lifted = rshift(first, bits) &+ rshift(x.second, bits) &- wrap << (width - bits)
        let result = lifted &- Ring(1) << (width - bits - 1) &- rshift(offset, bits)
        return result &+ (rshift(first, bits) & 1)
    }
}
