/// The kernels of ABY3 (`src/libspu/mpc/aby3`): replicated sharing between three parties, one of which may be corrupted,
/// semi-honest. Rounds are those of the party that waits longest; which party that is changes from call to call, as a
/// random pivot hands out the roles.
public struct ABY3Kernels: SPUKernels {
    public let ringBits: Int

    /// The kernels over that ring.
    public init(ringBits: Int) { self.ringBits = ringBits }

    /// Two of the three summands.
    public var shareBytes: Int { 2 * ringBytes }

    public var hasObliviousMemory: Bool { true }

    /// Secret booleans that come from outside are boolean shares.
    public var sharesInputBitsAsBits: Bool { true }

    /// A step that sends that many bytes an element, over all parties.
    private func step(_ name: String, _ n: Int, bytes: Int, rounds: Int, bits: Int = 0) -> Call {
        Call(
            name, cost: Cost(online: Traffic(bytes: saturatingProduct(bytes, n), rounds: rounds)),
            sizes: Sizes(n: n, bits: bits))
    }

    /// Every party hands a share to its neighbour.
    private func rotate(_ name: String, _ n: Int) -> Call { step(name, n, bytes: 3 * ringBytes, rounds: 1) }

    public func mulAA(_ n: Int) -> Call { rotate("mul_aa", n) }

    /// Not registered: a product with itself.
    public func squareA(_ n: Int) -> Call? { nil }

    /// The result is shared again; the operands stay where they are.
    public func mmulAA(_ p: Int, _ q: Int, _ r: Int) -> Call {
        let n = saturatingProduct(p, r)
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

    public func msbA2B(_ n: Int) -> Call? {
        Call("msb_a2b", sizes: Sizes(n: n, bits: ringBits), [rotate("share", n)] + carry(n))
    }

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

    public func andBB(_ n: Int, bits: Int) -> Call {
        step("and_bb", n, bytes: 3 * backingBytes(bits), rounds: 1, bits: bits)
    }

    public func equalAA(_ n: Int) -> Call? { Call("equal_aa", sizes: Sizes(n: n, bits: ringBits), zeroTest(n)) }

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

    public func p2a(_ n: Int) -> Call { rotate("p2a", n) }

    public func a2p(_ n: Int) -> Call { rotate("a2p", n) }

    /// Two parties are handed masked values that the third permuted, and make three shares of theirs.
    public func permAM(_ n: Int) -> Call? { step("perm_am", n, bytes: 4 * ringBytes, rounds: 2) }
}
