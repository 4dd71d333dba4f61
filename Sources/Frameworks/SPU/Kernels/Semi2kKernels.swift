import IR
import Pricing

/// The kernels of SEMI2K (`src/libspu/mpc/semi2k`): additive sharing modulo 2^k between any number of parties, semi-honest,
/// with correlated randomness of a trusted dealer. Every kernel that communicates is a number of all-gathers, one round
/// each; the dealer's part never crosses the link between the parties.
struct Semi2kKernels: SPUKernels {
    /// Width of a ring element.
    let ringBits: Int
    /// Number of parties, two or more.
    let parties: Int
    /// `trunc_allow_msb_error`: truncation without care for a wrap around, which two parties do alone.
    let allowsTruncationError: Bool
    /// `experimental_enable_exp_prime`: registers the exponential by exponentiation (two parties, 128 bits).
    let hasPrimeExponential: Bool
    /// `experimental_disable_vectorization`: the two masked operands of a product are opened one after the other.
    let opensOneByOne: Bool

    /// The kernels for that many parties.
    init(
        ringBits: Int, parties: Int = 2, allowsTruncationError: Bool = false, hasPrimeExponential: Bool = false,
        opensOneByOne: Bool = false
    ) {
        self.ringBits = ringBits
        self.parties = parties
        self.allowsTruncationError = allowsTruncationError
        self.hasPrimeExponential = hasPrimeExponential && parties == 2 && ringBits == 128
        self.opensOneByOne = opensOneByOne
    }

    /// `makeSemi2kProtocol` chooses by the parties.
    var truncation: SPU.Truncation {
        if allowsTruncationError { return parties == 2 ? .local : .pair }
        return parties == 2 ? .wrapCorrected : .masked
    }

    /// Every party sends that many bytes to every other one.
    private func gather(_ bytes: Int, rounds: Int = 1) -> Cost {
        Cost(online: Traffic(bytes: parties * (parties - 1) *| bytes, rounds: rounds))
    }

    /// Both operands of a product, masked, are opened in one message.
    private func opening(_ left: Int, _ right: Int) -> Cost {
        gather(ringBytes *| (left +| right), rounds: opensOneByOne ? 2 : 1)
    }

    /// Beaver's triples.
    var opensMaskedOperands: Bool { true }

    /// Both masked operands are opened in one round.
    func mulAA(_ n: Int) -> Call { Call(Function.mulAA, cost: opening(n, n), sizes: Sizes(n: n)) }

    /// One masked operand is opened.
    func squareA(_ n: Int) -> Call? {
        Call(Function.squareA, cost: gather(ringBytes *| n), sizes: Sizes(n: n))
    }

    /// Both masked matrices are opened in one round.
    func mmulAA(_ p: Int, _ q: Int, _ r: Int) -> Call {
        Call(
            Function.mmulAA, cost: opening(p *| q, q *| r),
            sizes: Sizes(n: p *| r, p: p, q: q, r: r))
    }

    /// Whether parties shift their own shares.
    var truncatesLocally: Bool { parties == 2 && allowsTruncationError }

    /// Two parties: one product of private bits in the smallest ring that holds `bits` bits (`TruncAPr2`, eprint 2025/200,
    /// algorithm 4). More: the masked value is opened (`TruncAPr`).
    func truncA(_ n: Int, bits: Int, isPositive: Bool) -> Call {
        let bytes = parties > 2 ? ringBytes : max(4, backingBytes(bits))
        return Call(
            Function.truncA, cost: truncatesLocally ? .zero : gather(bytes *| n),
            sizes: Sizes(n: n, bits: bits)
        )
    }

    /// A product with a bit from the dealer, for two parties.
    func mulA1B(_ n: Int) -> Call? {
        parties == 2 ? Call(Function.mulA1B, cost: opening(n, n), sizes: Sizes(n: n)) : nil
    }

    /// The carry into the top bit of the sum of two shares.
    func msbA2B(_ n: Int) -> Call? {
        parties == 2 ? Call(Function.msbA2B, sizes: Sizes(n: n, bits: ringBits), carry(n)) : nil
    }

    /// The shares of all parties are shared bit by bit from common seeds, and added in a tree.
    func a2b(_ n: Int) -> Call {
        var additions: [Call] = []
        var summands = parties
        while summands > 1 {
            let pairs = (summands / 2) *| n
            additions.append(Call(Function.addBB, sizes: Sizes(n: pairs, bits: ringBits), adder(pairs)))
            summands -= summands / 2
        }
        return Call(
            Function.a2b, sizes: Sizes(n: n, bits: ringBits), additions.count == 1 ? additions[0].children : additions)
    }

    /// Masked by random bits of the dealer and opened, in the smallest integer that holds `bits` bits.
    func b2a(_ n: Int, bits: Int) -> Call {
        Call(
            Function.b2a, cost: bits == 0 ? .zero : gather(backingBytes(bits) *| n),
            sizes: Sizes(n: n, bits: bits))
    }

    /// Both masked operands are opened at the width of their type.
    func andBB(_ n: Int, bits: Int) -> Call {
        Call(Function.andBB, cost: gather(2 * backingBytes(bits) *| n), sizes: Sizes(n: n, bits: bits))
    }

    /// Opens the masked difference, and folds its bits by a tree of ANDs that stay at full width.
    func equalAA(_ n: Int) -> Call? { Call(Function.equalAA, sizes: Sizes(n: n, bits: ringBits), zeroTest(n)) }

    /// The same against a public value.
    func equalAP(_ n: Int) -> Call? { Call(Function.equalAP, sizes: Sizes(n: n, bits: ringBits), zeroTest(n)) }

    /// The share keeps the type that the ANDs have.
    var equalityBits: Int { ringBits }

    private func zeroTest(_ n: Int) -> [Call] {
        [
            Call(Function.open, cost: gather(ringBytes *| n), sizes: Sizes(n: n, bits: ringBits)),
            andBB(n, bits: ringBits).repeated(ringBits.ceilLog2),
        ]
    }

    /// Two steps: the product that turns the exponents' powers into shares modulo a Mersenne prime, and the conversion to
    /// the ring (`exp.cc`, `prime_utils.cc`).
    func expA(_ n: Int) -> Call? {
        guard hasPrimeExponential else { return nil }
        let step = Cost(online: Traffic(bytes: 2 * ringBytes *| n, rounds: 1))
        return Call(
            Function.expA, sizes: Sizes(n: n),
            [
                Call(Function.mulPriv, cost: step, sizes: Sizes(n: n)),
                Call(Function.conv, cost: step, sizes: Sizes(n: n)),
            ])
    }

    /// One party after the other permutes: it broadcasts its masked permutation of 64-bit indices, a header going before,
    /// and the others open the masked values to it. Rounds are one party's messages.
    func permAM(_ n: Int) -> Call? {
        let broadcast = Self.broadcastHeader +| (8 *| n)
        let opening = ringBytes *| n
        return Call(
            Function.permAM, cost: gather(broadcast +| opening, rounds: 1 + parties), sizes: Sizes(n: n))
    }

    /// Bytes that yacl's `Broadcast` sends before the data, as measured.
    private static let broadcastHeader = 5

    /// `a2p`: opens an arithmetic share to everybody.
    func a2p(_ n: Int) -> Call {
        Call(Function.a2p, cost: gather(ringBytes *| n), sizes: Sizes(n: n))
    }

    /// `b2a_disassemble`: every bit of a boolean share as an arithmetic share.
    func b2aDisassemble(_ n: Int, bits: Int) -> Call? { b2a(n, bits: bits).renamed(Function.b2aDisassemble) }
}
