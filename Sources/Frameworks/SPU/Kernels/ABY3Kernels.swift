import IR
import Pricing

/// The kernels of ABY3 (`src/libspu/mpc/aby3`): replicated sharing between three parties, one of which may be corrupted,
/// semi-honest. Rounds are those of the party that waits longest; which party that is changes from call to call, as a
/// random pivot hands out the roles.
public struct ABY3Kernels: SPUKernels {
    /// Width of a ring element.
    public let ringBits: Int

    /// The kernels over that ring.
    public init(ringBits: Int) { self.ringBits = ringBits }

    /// Two of the three summands.
    public var shareBytes: Int { 2 * ringBytes }

    /// Secret booleans that come from outside are boolean shares.
    public var sharesInputBitsAsBits: Bool { true }

    /// A step that sends that many bytes an element, over all parties.
    private func step(_ name: String, _ n: Int, bytes: Int, rounds: Int, bits: Int = 0) -> Call {
        Call(
            name, cost: Cost(online: Traffic(bytes: bytes *| n, rounds: rounds)),
            sizes: Sizes(n: n, bits: bits))
    }

    /// Every party hands a share to its neighbour.
    private func rotate(_ name: String, _ n: Int) -> Call { step(name, n, bytes: 3 * ringBytes, rounds: 1) }

    /// Results are re-shared.
    public func mulAA(_ n: Int) -> Call { rotate("mul_aa", n) }

    /// Not registered: a product with itself.
    public func squareA(_ n: Int) -> Call? { nil }

    /// The result is shared again; the operands stay where they are.
    public func mmulAA(_ p: Int, _ q: Int, _ r: Int) -> Call {
        let n = p *| r
        return Call("mmul_aa", cost: rotate("mmul_aa", n).cost, sizes: Sizes(n: n, p: p, q: q, r: r))
    }

    /// `TruncAPr2`: a product of two private bits with a helper in the smallest ring that holds `bits` bits, then two
    /// parties make three shares of theirs.
    public func truncA(_ n: Int, bits: Int, isPositive: Bool) -> Call {
        step("trunc_a", n, bytes: 2 * ringBytes + 3 * max(4, backingBytes(bits)), rounds: 2, bits: bits)
    }

    /// Two three-party oblivious transfers at once: two masked values and the helper's choice each, and the result to the
    /// neighbour.
    public func mulA1B(_ n: Int) -> Call? { step("mul_a1b", n, bytes: 8 * ringBytes, rounds: 2) }

    /// A carry circuit over two summands.
    public func msbA2B(_ n: Int) -> Call? {
        Call("msb_a2b", sizes: Sizes(n: n, bits: ringBits), [rotate("share", n)] + carry(n))
    }

    /// The whole sum of two summands.
    public func a2b(_ n: Int) -> Call {
        Call("a2b", sizes: Sizes(n: n, bits: ringBits), [rotate("share", n)] + adder(n))
    }

    /// Up to 8 bits by oblivious transfer of each bit (`B2AByOT`), more by adding a random mask and opening the sum
    /// (`B2AByPPA`).
    public func b2a(_ n: Int, bits: Int) -> Call {
        if bits <= 8 {
            return step(
                "b2a", n, bytes: bits == 0 ? 0 : (3 * bits + 1) * ringBytes, rounds: bits == 0 ? 0 : 2, bits: bits)
        }
        let opening = step("open", n, bytes: ringBytes, rounds: 1)
        return Call(
            "b2a", sizes: Sizes(n: n, bits: bits), [rotate("share", n)] + adder(n) + [opening, rotate("share", n)])
    }

    /// Results are re-shared at the width of their type.
    public func andBB(_ n: Int, bits: Int) -> Call {
        step("and_bb", n, bytes: 3 * backingBytes(bits), rounds: 1, bits: bits)
    }

    /// A test of the difference against zero.
    public func equalAA(_ n: Int) -> Call? { Call("equal_aa", sizes: Sizes(n: n, bits: ringBits), zeroTest(n)) }

    /// The same.
    public func equalAP(_ n: Int) -> Call? { Call("equal_ap", sizes: Sizes(n: n, bits: ringBits), zeroTest(n)) }

    /// A mask in both sharings from one party to another, the masked difference to the third, its comparison with the
    /// mask back; then the bits are folded in halves, bytes at least.
    private func zeroTest(_ n: Int) -> [Call] {
        var calls = [step("open", n, bytes: 4 * ringBytes, rounds: 3)]
        var bits = ringBits
        while bits > 1 {
            bits /= 2
            calls.append(andBB(n, bits: bits))
        }
        return calls
    }

    /// The result of a test for equality is the byte that is left over, not a bit.
    public var equalityBits: Int { 8 }

    /// A sharing of zero is sent around.
    public func p2a(_ n: Int) -> Call { rotate("p2a", n) }

    /// Each party sends one share on.
    public func a2p(_ n: Int) -> Call { rotate("a2p", n) }

    /// Two parties are handed masked values that the third permuted, and make three shares of theirs.
    public func permAM(_ n: Int) -> Call? { step("perm_am", n, bytes: 4 * ringBytes, rounds: 2) }

    /// A distributed point function between two parties, the third of which helps (`oram.cc`); for secret tables one between
    /// each two, one after another, because everybody takes part in all three.
    public func oramOneHot(_ size: Int, isTablePublic: Bool) -> Call? {
        let keys = step("aes_key", 1, bytes: isTablePublic ? 2 * 16 : 3 * 16, rounds: 1)
        return Call(
            "oram_onehot", sizes: Sizes(n: size),
            [a2b(1), keys, pointFunction(size).repeated(isTablePublic ? 1 : 3)])
    }

    /// Two products of 128-bit words a level, whose triples the helper corrects, with the exchange of correction words and
    /// bits; then the conversion to arithmetic shares: two openings and a product.
    private func pointFunction(_ size: Int) -> Call {
        let depth = size.ceilLog2
        let help = step("adjust", 1, bytes: 2 * depth * 16 + ringBytes, rounds: 1)
        let level = step("level", 1, bytes: 2 * (4 * 16 + 16 + 2), rounds: 3)
        let conversion = step("b2a", 1, bytes: 8 * ringBytes, rounds: 3)
        return Call("dpf", [help, level.repeated(depth), conversion])
    }

    /// The product of row and table is shared again.
    public func oramRead(_ n: Int) -> Call { rotate("oram_read", n) }
}
