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

    private func send(_ bytesPerElement: Int, _ n: Int, rounds: Int) -> Cost {
        Cost(online: Traffic(bytes: saturatingProduct(bytesPerElement, n), rounds: rounds))
    }

    /// Every party hands a share to its neighbour.
    private func rotate(_ n: Int) -> Cost { send(3 * ringBytes, n, rounds: 1) }

    public func mulAA(_ n: Int) -> Call { Call("mul_aa", cost: rotate(n)) }

    /// Not registered: a product with itself.
    public func squareA(_ n: Int) -> Call? { nil }

    /// The result is shared again; the operands stay where they are.
    public func mmulAA(_ p: Int, _ q: Int, _ r: Int) -> Call { Call("mmul_aa", cost: rotate(saturatingProduct(p, r))) }

    /// `TruncAPr2`: a product of two private bits with a helper in the smallest ring that holds `bits` bits, then two
    /// parties make three shares of theirs.
    public func truncA(_ n: Int, bits: Int, isPositive: Bool) -> Call {
        Call("trunc_a", cost: send(2 * ringBytes + 3 * max(4, backingBytes(bits)), n, rounds: 2))
    }

    /// Two three-party oblivious transfers at once: two masked values and the helper's choice each, and the result to the
    /// neighbour.
    public func mulA1B(_ n: Int) -> Call? { Call("mul_a1b", cost: send(8 * ringBytes, n, rounds: 2)) }

    public func msbA2B(_ n: Int) -> Call? { Call("msb_a2b", [Call("share", cost: rotate(n))] + carry(n)) }

    public func a2b(_ n: Int) -> Call { Call("a2b", [Call("share", cost: rotate(n))] + adder(n)) }

    /// Up to 8 bits by oblivious transfer of each bit (`B2AByOT`), more by adding a random mask and opening the sum
    /// (`B2AByPPA`).
    public func b2a(_ n: Int, bits: Int) -> Call {
        if bits == 0 { return Call("b2a", cost: .zero) }
        if bits <= 8 { return Call("b2a", cost: send((3 * bits + 1) * ringBytes, n, rounds: 2)) }
        return Call(
            "b2a",
            [Call("share", cost: rotate(n))] + adder(n) + [
                Call("open", cost: send(ringBytes, n, rounds: 1)), Call("share", cost: rotate(n)),
            ])
    }

    public func andBB(_ n: Int, bits: Int) -> Call {
        Call("and_bb", cost: send(3 * backingBytes(bits), n, rounds: 1))
    }

    public func equalAA(_ n: Int) -> Call? { Call("equal_aa", zeroTest(n)) }

    public func equalAP(_ n: Int) -> Call? { Call("equal_ap", zeroTest(n)) }

    /// A mask in both sharings from one party to another, the masked difference to the third, its comparison with the
    /// mask back; then the bits are folded in halves, bytes at least.
    private func zeroTest(_ n: Int) -> [Call] {
        var calls = [Call("open", cost: send(4 * ringBytes, n, rounds: 3))]
        var bits = ringBits
        while bits > 1 {
            bits /= 2
            calls.append(andBB(n, bits: bits))
        }
        return calls
    }

    /// The result of a test for equality is the byte that is left over, not a bit.
    public var equalityBits: Int { 8 }

    public func p2a(_ n: Int) -> Call { Call("p2a", cost: rotate(n)) }

    public func a2p(_ n: Int) -> Call { Call("a2p", cost: rotate(n)) }

    /// Two parties are handed masked values that the third permuted, and make three shares of theirs.
    public func permAM(_ n: Int) -> Call? { Call("perm_am", cost: send(4 * ringBytes, n, rounds: 2)) }
}
