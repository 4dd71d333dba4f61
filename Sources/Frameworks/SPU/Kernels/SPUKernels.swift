import IR
import Pricing

/// The kernels that one of SPU's protocols registers (`src/libspu/mpc/PROTOCOL/protocol.cc`), as pure values: what a
/// call sends. Everything else, from a comparison to a softmax, is built from these by ``SPU/Functions``, in the order in
/// which SPU's HAL calls them.
///
/// A call works on a whole tensor of `n` ring elements, which HAL hands over at once, so that a kernel may charge by the
/// call (slices, batches of ciphertexts) as well as by the element. Kernels that `vmap` runs together arrive as one call
/// on the elements of both. A kernel that a protocol does not register is nil, and its caller does what SPU's dispatcher
/// (`mpc/api.cc`) does then.
///
/// Source: github.com/secretflow/spu, version 0.9.5 (commit 45d13d9b).
protocol SPUKernels: Sendable {
    /// Names of the calls that its kernels make.
    var functions: Set<String> { get }

    /// Width of a ring element: 32, 64 or 128.
    var ringBits: Int { get }

    /// Bytes that a party keeps of an arithmetic share, by which HAL decides whether to cut matrix products in tiles.
    var shareBytes: Int { get }

    /// Whether secret booleans that come from outside are shared bit by bit, not as ring elements: whether the
    /// protocol's `v2s`/input path makes them boolean shares.
    var sharesInputBitsAsBits: Bool { get }

    /// Whether products open their operands under the masks of a triple.
    var opensMaskedOperands: Bool { get }

    /// How `trunc_a` rounds, and what it does with numbers near the ring's ends.
    var truncation: SPU.Truncation { get }

    /// `oram_onehot_aa`, `oram_onehot_ap`: a secret place among `size` as a one-hot row for reading a table that is secret or
    /// public; nil: not registered, the row is made of comparisons.
    func oramOneHot(_ size: Int, isTablePublic: Bool) -> Call?

    /// `oram_read_oa`, `oram_read_op`: n elements of a table by such a row.
    func oramRead(_ n: Int) -> Call

    /// `mul_aa`: product of two arithmetic shares, element by element.
    func mulAA(_ n: Int) -> Call

    /// `square_a`: square of an arithmetic share; nil: a `mul_aa` of the share with itself.
    func squareA(_ n: Int) -> Call?

    /// `mmul_aa`: p × q by q × r matrix product of two arithmetic shares.
    func mmulAA(_ p: Int, _ q: Int, _ r: Int) -> Call

    /// `trunc_a`: arithmetic right shift of an arithmetic share.
    ///
    /// - Parameters:
    ///   - bits: by how many bits.
    ///   - isPositive: whether HAL says that the value is not negative (`SignType::Positive`).
    func truncA(_ n: Int, bits: Int, isPositive: Bool) -> Call

    /// `mul_a1b`: product of an arithmetic share and a boolean share of one bit; nil: `b2a`, then `mul_aa`.
    func mulA1B(_ n: Int) -> Call?

    /// `msb_a2b`: the sign bit of an arithmetic share as a boolean share; nil: `a2b`, then a local shift.
    func msbA2B(_ n: Int) -> Call?

    /// `a2b`: arithmetic to boolean sharing of all bits.
    func a2b(_ n: Int) -> Call

    /// `b2a`: boolean to arithmetic sharing of values of that many bits.
    func b2a(_ n: Int, bits: Int) -> Call

    /// `and_bb`: AND of two boolean shares; `bits` is the width of the narrower one, and of the result.
    func andBB(_ n: Int, bits: Int) -> Call

    /// `equal_aa`: whether two arithmetic shares are equal, as a boolean share; nil: two comparisons and an AND.
    func equalAA(_ n: Int) -> Call?

    /// `equal_ap`: the same against a public value.
    func equalAP(_ n: Int) -> Call?

    /// The width that the result of `equal_aa` is typed with, which a conversion of it pays for.
    var equalityBits: Int { get }

    /// `p2a`: a public value made an arithmetic share.
    func p2a(_ n: Int) -> Call

    /// `exp_a`: the exponential by exponentiation in a prime field (`EXP_PRIME`); nil: not registered.
    func expA(_ n: Int) -> Call?

    /// `a2p`: an arithmetic share opened to everybody.
    func a2p(_ n: Int) -> Call

    /// `b2a_disassemble`: each of the bits of a boolean share as an arithmetic share of its own; nil: one `b2a` of the
    /// single bits.
    func b2aDisassemble(_ n: Int, bits: Int) -> Call?

    /// `perm_am`, `inv_perm_am`: a share of n elements permuted by a secret permutation; nil: not registered, so that
    /// sorting takes a network.
    func permAM(_ n: Int) -> Call?

    /// The calls of an operator, and what the protocol has to make for them from time to time.
    func completed(_ calls: [Call]) -> [Call]

    /// What a session that makes these calls sends once.
    func setup(for calls: [Call]) -> Cost
}

extension SPUKernels {
    /// Nothing is made ahead, unless the protocol says otherwise.
    func completed(_ calls: [Call]) -> [Call] { calls }

    /// Nothing is set up, unless the protocol says otherwise.
    func setup(for calls: [Call]) -> Cost { .zero }

    /// They do not, unless the protocol says otherwise.
    var opensMaskedOperands: Bool { false }

    /// Bytes of a ring element.
    var ringBytes: Int { ringBits / 8 }

    /// Not registered, unless the protocol says otherwise.
    func oramOneHot(_ size: Int, isTablePublic: Bool) -> Call? { nil }

    /// Not registered, unless the protocol says otherwise.
    func oramRead(_ n: Int) -> Call { Call("oram_read", cost: .zero) }

    /// One ring element, unless the protocol says otherwise.
    var shareBytes: Int { ringBytes }

    /// One bit, unless the protocol says otherwise.
    var equalityBits: Int { 1 }

    /// Inputs are arithmetic shares, unless the protocol says otherwise.
    var sharesInputBitsAsBits: Bool { false }

    /// Sharing a public value is local, unless the protocol says otherwise.
    func p2a(_ n: Int) -> Call { Call("p2a", cost: .zero) }

    /// Not registered, unless the protocol says otherwise.
    func expA(_ n: Int) -> Call? { nil }

    /// Not registered, unless the protocol says otherwise.
    func b2aDisassemble(_ n: Int, bits: Int) -> Call? { nil }

    /// Not registered, unless the protocol says otherwise.
    func permAM(_ n: Int) -> Call? { nil }
}

extension SPUKernels {
    /// A carry look-ahead adder (Kogge-Stone, `ppa_kogge_stone` in `mpc/ab_api.cc`) over n pairs of ring elements: the
    /// generate bits, then log2 k levels on generate and propagate bits together, all at full width.
    func adder(_ n: Int) -> [Call] {
        [andBB(n, bits: ringBits), andBB(2 *| n, bits: ringBits).repeated(ringBits.ceilLog2)]
    }

    /// The carry into the top bit of a sum (`carry_a2b` in `mpc/ab_api.cc`): like the adder, but every level folds pairs of
    /// neighbours, so that its width halves.
    func carry(_ n: Int) -> [Call] {
        var levels = [andBB(n, bits: ringBits)]
        var bits = ringBits - 1
        while bits > 1 {
            bits = (bits + 1) / 2
            levels.append(andBB(2 *| n, bits: bits))
        }
        return levels
    }
}

/// Bytes of the smallest unsigned integer that holds that many bits: 1, 2, 4, 8 or 16 (`getBacktype`).
func backingBytes(_ bits: Int) -> Int {
    switch bits {
    case ...8: 1
    case ...16: 2
    case ...32: 4
    case ...64: 8
    default: 16
    }
}
