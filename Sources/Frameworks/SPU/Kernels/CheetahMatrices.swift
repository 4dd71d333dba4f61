import IR
import Pricing

/// The ciphertexts of CHEETAH's matrix products: RLWE over several primes (`arith/cheetah_dot.cc`).
///
/// They travel as SEAL writes them, compressed by zstd; sizes are means of measured runs of version 0.9.5 and vary by
/// about 0.02 % (FM32 and FM128: two runs each).
struct CheetahMatrixCiphertexts: Hashable, Sendable {
    /// Coefficients of a ciphertext's polynomial.
    let degree: Int
    /// Primes of a result.
    let resultPrimes: Int
    /// Bytes of a fresh ciphertext, of which one half is a seed.
    let fresh: Int
    /// Bytes of a result all of whose coefficients are needed.
    let packed: Int
    /// Bytes of a result with one coefficient left in the first half.
    let sparse: Int
    /// Bytes that both parties send once: the keys, and with packing those of the automorphisms.
    let keys: Int
    /// Whether the ring has parameters with packing, and it is not switched off.
    let packs: Bool

    /// The ciphertexts over a ring (`DecideSEALParameters`).
    init(ringBits: Int, packs: Bool) {
        switch ringBits {
        case ...32:
            // Primes of 59 and 37 bits; no packing, and no keys for it.
            (degree, resultPrimes, fresh, packed, sparse) = (4096, 1, 57_974, 64_485, 32_326)
            keys = 2 * fresh
        case ...64:
            // Primes of 59, 55, 49 and 49 bits. Three digits a key for each of log2 8192 automorphisms, and the public key.
            (degree, resultPrimes, fresh, packed, sparse) = (8192, 2, 184_945, 254_384, 127_309)
            keys = 19_428_600
        default:
            // Primes of 59, 59, 59, 59, 49 and 49 bits. The keys are 2 · (14 · 5 + 1) polynomials of six primes each.
            (degree, resultPrimes, fresh, packed, sparse) = (16384, 3, 630_070, 772_095, 386_141)
            keys = 2 * (14 * 5 + 1) * 745_500
        }
        self.packs = packs && ringBits > 32
    }

    /// Bytes of the results of a plan that packs nothing: each keeps one whole half, and in the other those coefficients
    /// that are outputs, `stride` apart, the rest being zero. A kept word takes its eight bytes and what zstd spends on the
    /// gap before it, which grows with the gap (simulated with zstd, and within 1 % of the measured sizes of that half).
    func sparseResults(_ count: Int, outputs: Int, stride: Int) -> Int {
        let words = Double(resultPrimes *| max(0, outputs - count))
        let bytes = (words * (8 + Double(stride.ceilLog2) / 6)).rounded()
        return (count *| sparse) +| (Int(exactly: bytes) ?? .max)
    }
}

extension CheetahKernels {
    /// Both cross products of the shares at the same time, each of them under encryption (`MatMulAA`, `DotOLE`): the party
    /// whose factor takes fewer ciphertexts sends it, and the other multiplies, masks and sends back. Batches of 16 wait
    /// for each other on the way there.
    func mmulAA(_ p: Int, _ q: Int, _ r: Int) -> Call {
        let sizes = Sizes(p: p, q: q, r: r)
        guard p > 0, q > 0, r > 0 else { return Call(Function.mmulAA, cost: .zero, sizes: Sizes()) }
        let plan = CheetahMatrixPlan(p, q, r, ciphertexts: matrices)
        let results =
            plan.packing == .none
            ? matrices.sparseResults(plan.results, outputs: p *| r, stride: plan.columns)
            : plan.results *| matrices.packed
        let bytes = 2 *| ((plan.sent *| matrices.fresh) +| results)
        let rounds = plan.sent.dividedRoundingUp(by: 16) +| 1
        return Call(Function.mmulAA, cost: Cost(online: Traffic(bytes: bytes, rounds: rounds)), sizes: sizes)
    }
}
