import IR
import Pricing

/// The kernels of ABY3 (`src/libspu/mpc/aby3`): replicated sharing between three parties, one of which may be corrupted,
/// semi-honest. Rounds are those of the party that waits longest; which party that is changes from call to call, as a
/// random pivot hands out the roles.
struct ABY3Kernels: SPUKernels {
    /// Width of a ring element.
    let ringBits: Int

    /// The kernels over that ring.
    init(ringBits: Int) { self.ringBits = ringBits }

    /// Between two of the parties, after a re-sharing.
    var truncation: SPU.Truncation { .wrapCorrected }

    /// Two of the three summands.
    var shareBytes: Int { 2 * ringBytes }

    /// Secret booleans that come from outside are boolean shares.
    var sharesInputBitsAsBits: Bool { true }

    /// A step that sends that many bytes an element, over all parties.
    private func step(_ function: Function, _ n: Int, bytes: Int, rounds: Int, bits: Int = 0) -> Call {
        Call(
            function, cost: Cost(online: Traffic(bytes: bytes *| n, rounds: rounds)),
            sizes: Sizes(n: n, bits: bits))
    }

    /// Every party hands a share to its neighbour.
    private func rotate(_ function: Function, _ n: Int) -> Call { step(function, n, bytes: 3 * ringBytes, rounds: 1) }

    /// Results are re-shared.
    func mulAA(_ n: Int) -> Call { rotate(.mulAA, n) }

    /// Not registered: a product with itself.
    func squareA(_ n: Int) -> Call? { nil }

    /// The result is shared again; the operands stay where they are.
    func mmulAA(_ p: Int, _ q: Int, _ r: Int) -> Call {
        let n = p *| r
        return Call(Function.mmulAA, cost: rotate(.mmulAA, n).cost, sizes: Sizes(n: n, p: p, q: q, r: r))
    }

    /// `TruncAPr2`: a product of two private bits with a helper in the smallest ring that holds `bits` bits, then two
    /// parties make three shares of theirs.
    func truncA(_ n: Int, bits: Int, isPositive: Bool) -> Call {
        step(.truncA, n, bytes: 2 * ringBytes + 3 * max(4, backingBytes(bits)), rounds: 2, bits: bits)
    }

    /// Two three-party oblivious transfers at once: two masked values and the helper's choice each, and the result to the
    /// neighbour.
    func mulA1B(_ n: Int) -> Call? { step(.mulA1B, n, bytes: 8 * ringBytes, rounds: 2) }

    /// A carry circuit over two summands.
    func msbA2B(_ n: Int) -> Call? {
        Call(Function.msbA2B, sizes: Sizes(n: n, bits: ringBits), [rotate(.share, n)] + carry(n))
    }

    /// The whole sum of two summands.
    func a2b(_ n: Int) -> Call {
        Call(Function.a2b, sizes: Sizes(n: n, bits: ringBits), [rotate(.share, n)] + adder(n))
    }

    /// Up to 8 bits by oblivious transfer of each bit (`B2AByOT`), more by adding a random mask and opening the sum
    /// (`B2AByPPA`).
    func b2a(_ n: Int, bits: Int) -> Call {
        if bits <= 8 {
            return step(
                Function.b2a, n, bytes: bits == 0 ? 0 : (3 * bits + 1) * ringBytes, rounds: bits == 0 ? 0 : 2,
                bits: bits)
        }
        let opening = step(.open, n, bytes: ringBytes, rounds: 1)
        return Call(
            Function.b2a, sizes: Sizes(n: n, bits: bits), [rotate(.share, n)] + adder(n) + [opening, rotate(.share, n)])
    }

    /// Results are re-shared at the width of their type.
    func andBB(_ n: Int, bits: Int) -> Call {
        step(.andBB, n, bytes: 3 * backingBytes(bits), rounds: 1, bits: bits)
    }

    /// A test of the difference against zero.
    func equalAA(_ n: Int) -> Call? { Call(Function.equalAA, sizes: Sizes(n: n, bits: ringBits), zeroTest(n)) }

    /// The same.
    func equalAP(_ n: Int) -> Call? { Call(Function.equalAP, sizes: Sizes(n: n, bits: ringBits), zeroTest(n)) }

    /// A mask in both sharings from one party to another, the masked difference to the third, its comparison with the
    /// mask back; then the bits are folded in halves, bytes at least.
    private func zeroTest(_ n: Int) -> [Call] {
        var calls = [step(.open, n, bytes: 4 * ringBytes, rounds: 3)]
        var bits = ringBits
        while bits > 1 {
            bits /= 2
            calls.append(andBB(n, bits: bits))
        }
        return calls
    }

    /// The result of a test for equality is the byte that is left over, not a bit.
    var equalityBits: Int { 8 }

    /// A sharing of zero is sent around.
    func p2a(_ n: Int) -> Call { rotate(.p2a, n) }

    /// Each party sends one share on.
    func a2p(_ n: Int) -> Call { rotate(.a2p, n) }

    /// Two parties are handed masked values that the third permuted, and make three shares of theirs.
    func permAM(_ n: Int) -> Call? { step(.permAM, n, bytes: 4 * ringBytes, rounds: 2) }

    /// A distributed point function between two parties, the third of which helps (`oram.cc`); for secret tables one between
    /// each two, one after another, because everybody takes part in all three.
    func oramOneHot(_ size: Int, isTablePublic: Bool) -> Call? {
        let keys = step(.aesKey, 1, bytes: isTablePublic ? 2 * 16 : 3 * 16, rounds: 1)
        return Call(
            Function.oramOneHot, sizes: Sizes(n: size),
            [a2b(1), keys, pointFunction(size).repeated(isTablePublic ? 1 : 3)])
    }

    /// Two products of 128-bit words a level, whose triples the helper corrects, with the exchange of correction words and
    /// bits; then the conversion to arithmetic shares: two openings and a product.
    private func pointFunction(_ size: Int) -> Call {
        let depth = size.ceilLog2
        let help = step(.adjust, 1, bytes: 2 * depth * 16 + ringBytes, rounds: 1)
        let level = step(.level, 1, bytes: 2 * (4 * 16 + 16 + 2), rounds: 3)
        let conversion = step(.b2a, 1, bytes: 8 * ringBytes, rounds: 3)
        return Call(Function.dpf, sizes: Sizes(n: size), [help, level.repeated(depth), conversion])
    }

    /// The product of row and table is shared again.
    func oramRead(_ n: Int) -> Call { rotate(.oramRead, n) }
}
