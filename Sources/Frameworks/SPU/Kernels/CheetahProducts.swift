import IR
import Pricing

/// The ciphertexts of CHEETAH's element-wise products: BFV with 8192 slots, once for each of a few plaintext primes whose
/// product holds the result (`arith/cheetah_mul.cc`).
///
/// Ciphertexts travel as SEAL writes them, compressed by zstd, so that their sizes vary by about 0.05 % from one to the
/// next, and are larger than the entropy of their coefficients. The sizes here are means of measured runs of version
/// 0.9.5. Those with ``allowsError`` are derived from one measured run of the first product of a session.
struct CheetahProductCiphertexts: Hashable, Sendable {
    /// Number of plaintext primes, each with ciphertexts of its own.
    let primes: Int
    /// Bytes of a fresh ciphertext, of which one half is a seed.
    let fresh: Int
    /// Bytes of a result, cut down to one prime of 60 bits.
    let result: Int

    /// Slots of a ciphertext (`kPolyDegree`).
    static let slots = 8192
    // Ciphertexts of which the first is sent with a wait for the receiver, the others without (`kCtAsyncParallel`).
    static let group = 16

    /// The ciphertexts over a ring.
    ///
    /// - Parameter allowsError: `enable_mul_lsb_error`: fewer bits to spare, and larger primes.
    init(ringBits: Int, allowsError: Bool) {
        let bits = 2 * ringBits + (allowsError ? 4 : 32)
        primes = min(7, bits.dividedRoundingUp(by: allowsError ? 47 : 45))
        fresh = allowsError ? 162_138 : 160_927
        result = allowsError ? 125_942 : 125_051
    }

    /// Ciphertexts that hold that many elements, over all primes.
    private func count(_ n: Int) -> Int { primes *| n.dividedRoundingUp(by: Self.slots) }

    /// Products of values of one party with values of the other (`MulOLE`): one sends its values encrypted, the other
    /// multiplies, masks and sends back.
    func crossProduct(_ n: Int) -> Traffic {
        guard n > 0 else { return .zero }
        let count = count(n)
        let groups = count.dividedRoundingUp(by: Self.group)
        return Traffic(
            bytes: count *| (fresh + result), rounds: 2 *| (groups +| 1))
    }

    /// Products of shared values (`MulShare`): one party sends both of its shares encrypted, and the other answers with
    /// both cross products in one ciphertext.
    func sharedProduct(_ n: Int) -> Traffic {
        guard n > 0 else { return .zero }
        let count = count(n)
        let groups = count.dividedRoundingUp(by: Self.group)
        return Traffic(
            bytes: count *| (2 * fresh + result), rounds: 3 *| groups +| 2)
    }

    /// Each party's public key, sent once: half of it is a seed.
    var keys: Int { 2 * fresh }
}

extension CheetahKernels {
    /// Products of fewer elements than this are made with Beaver triples from a stock (`MulAA::proc`).
    static let mostTriples = 2 * CheetahProductCiphertexts.slots

    /// Small products open both operands, masked by triples from a stock; what making the triples costs is not in this
    /// call but in ``CheetahTriples``. Large ones are multiplied under encryption in two halves at the same time, of which
    /// each party encrypts one.
    func mulAA(_ n: Int) -> Call {
        let sizes = Sizes(n: n)
        guard n >= Self.mostTriples else {
            let bytes = 4 * ringBytes *| n
            let opening = Traffic(bytes: bytes, rounds: n > 0 ? 1 : 0)
            return Call(CheetahTriples.consumer, cost: Cost(online: opening), sizes: sizes)
        }
        let traffic = sideBySide(products.sharedProduct(n / 2), products.sharedProduct(n - n / 2))
        return Call(Function.mulAA, sizes: sizes, [Call(Function.mulShare, cost: Cost(online: traffic), sizes: sizes)])
    }

    /// The cross product of the two shares, counted twice; in two halves if one ciphertext does not hold it (`SquareA`).
    func squareA(_ n: Int) -> Call? {
        let half = n <= CheetahProductCiphertexts.slots ? n : n / 2
        let traffic = sideBySide(products.crossProduct(half), products.crossProduct(n - half))
        return Call(Function.squareA, cost: Cost(online: traffic), sizes: Sizes(n: n))
    }

    /// What is sent at the same time.
    private func sideBySide(_ first: Traffic, _ second: Traffic) -> Traffic {
        Traffic(bytes: first.bytes +| second.bytes, rounds: max(first.rounds, second.rounds))
    }
}
