import IR
import Pricing

/// The kernels of CHEETAH (`src/libspu/mpc/cheetah`), SPU's port of Cheetah (Huang et al., USENIX Security 2022): two
/// parties, semi-honest, additive sharing modulo 2^k. Comparisons, truncations and bits go by oblivious transfer
/// (``CheetahTransfers``), products by homomorphic encryption (``CheetahProductCiphertexts``, ``CheetahMatrixCiphertexts``).
///
/// Online is what a run sends once the session is warm. Offline is the amortised rest: refills of the stock of random
/// oblivious transfers, by count (in a real run a whole refill of about 10 million falls into one call), and of Beaver
/// triples (``CheetahTriples``). What a session sends once is in ``setup(for:)``.
///
/// Rounds are message flights that wait for each other within a call, added up over the calls; slices of a call run at the
/// same time. Runs with delayed messages took as many (exp, tanh, relu, maximum) or fewer (reciprocal: 66.9 measured, 72
/// here), presumably because a call can begin with the party that was through with the one before it earlier.
struct CheetahKernels: SPUKernels {
    /// Width of a ring element.
    let ringBits: Int
    /// How many slices of a tensor are worked on at the same time, by one instance of oblivious transfer each:
    /// `max_concurrency`, or the smallest number of cores of a party where that is less.
    let maxConcurrency: Int
    /// How random oblivious transfers are made.
    let transfers: CheetahTransfers
    /// The ciphertexts of element-wise products.
    let products: CheetahProductCiphertexts
    /// The ciphertexts of matrix products.
    let matrices: CheetahMatrixCiphertexts

    /// The kernels over a ring.
    ///
    /// - Parameters:
    ///   - ringBits: width of a ring element: 32, 64 or 128.
    ///   - maxConcurrency: see ``maxConcurrency``; the measuring machine had two cores.
    ///   - otKind: `cheetah_2pc_config.ot_kind`.
    ///   - allowsProductError: `cheetah_2pc_config.enable_mul_lsb_error`: products may be off by one in the last bit.
    ///   - packsMatrices: whether results of matrix products are packed into few ciphertexts, not
    ///     `cheetah_2pc_config.disable_matmul_pack`.
    init(
        ringBits: Int, maxConcurrency: Int = 2, otKind: CheetahOTKind = .yaclFerret, allowsProductError: Bool = false,
        packsMatrices: Bool = true
    ) {
        self.ringBits = ringBits
        self.maxConcurrency = maxConcurrency
        transfers = CheetahTransfers(kind: otKind, ringBits: ringBits)
        products = CheetahProductCiphertexts(ringBits: ringBits, allowsError: allowsProductError)
        matrices = CheetahMatrixCiphertexts(ringBits: ringBits, packs: packsMatrices)
    }

    /// By oblivious transfer.
    var truncation: SPU.Truncation { .obliviousTransfer }

    /// Elements that make a further slice worth while, and the most slices (`InitOTState`, `kMaxOTParallel` in `state.cc`).
    private static let sliceElements = 2048
    private static let mostSlices = 48

    /// How many slices a tensor of n elements is cut into.
    func sliceCount(_ n: Int) -> Int {
        max(1, min(maxConcurrency, Self.mostSlices, n.dividedRoundingUp(by: Self.sliceElements)))
    }

    /// A kernel that works on slices of a tensor (`TiledDispatchOTFunc`): all equally long, but for the last.
    ///
    /// - Parameter transfer: what a slice of that many elements sends.
    private func sliced(
        _ function: Function, _ n: Int, bits: Int = 0, rounds: Int, _ transfer: (Int) -> CheetahTransfer
    ) -> Call {
        guard n > 0 else { return Call(function, cost: .zero, sizes: Sizes()) }
        let slices = sliceCount(n)
        let length = n.dividedRoundingUp(by: slices)
        let all = (slices - 1) * transfer(length) + transfer(n - (slices - 1) * length)
        return Call(function, cost: transfers.cost(all, rounds: rounds), sizes: Sizes(n: n, bits: bits))
    }

    /// Truncation with a guess at the sign (`TruncateProtocol` with `use_heuristic`): a large number is added that makes
    /// every value positive, whereupon one correlated transfer of `bits` bits finds whether the shares wrap around. HAL's
    /// own knowledge of the sign changes nothing, nor does `trunc_allow_msb_error`.
    func truncA(_ n: Int, bits: Int, isPositive: Bool) -> Call {
        guard bits > 0 else { return Call(Function.truncA, cost: .zero, sizes: Sizes(n: n)) }
        return sliced(.truncA, n, bits: bits, rounds: 2) { transfers.correlated($0, bits: bits) }
    }

    /// Each party is once the sender (`Multiplexer`).
    func mulA1B(_ n: Int) -> Call? {
        sliced(.mulA1B, n, rounds: 3) { 2 * transfers.correlated($0, bits: ringBits) }
    }

    /// The millionaires' protocol of CryptFlow2 (`CompareProtocol`), in digits of four bits: 1-of-16 transfers at the leaves
    /// give two bits a digit, and a tree of ANDs joins the digits, without the equalities that nobody needs.
    func msbA2B(_ n: Int) -> Call? {
        let digits = ringBits / Self.digitBits
        let levels = digits.ceilLog2
        return sliced(.msbA2B, n, rounds: 2 + 5 * (levels - 1) + transfers.andRounds) { m in
            var sum = transfers.chosenDigit(m *| digits, bits: 2)
            var columns = digits / 2
            while columns > 1 {
                sum += transfers.and(m, bits: 1)
                sum += transfers.correlatedAnd(m *| (columns - 1))
                columns /= 2
            }
            return sum + transfers.and(m, bits: 1)
        }
    }

    /// Digits of the comparison and equality protocols (`compare_radix`).
    static let digitBits = 4

    /// Equality of digits by 1-of-16 transfers, joined by a tree of ANDs (`EqualProtocol`).
    func equalAA(_ n: Int) -> Call? {
        let digits = ringBits / Self.digitBits
        return sliced(.equalAA, n, rounds: 2 + transfers.andRounds * digits.ceilLog2) { m in
            var sum = transfers.chosenDigit(m *| digits, bits: 1)
            var columns = digits / 2
            while columns > 0 {
                sum += transfers.and(m *| columns, bits: 1)
                columns /= 2
            }
            return sum
        }
    }

    /// One party subtracts the public value from its share; the rest is ``equalAA(_:)``.
    func equalAP(_ n: Int) -> Call? { equalAA(n)?.renamed(Function.equalAP) }

    /// Both operands are opened, masked by triples that random transfers gave (`BitwiseAnd`).
    func andBB(_ n: Int, bits: Int) -> Call {
        sliced(.andBB, n, bits: bits, rounds: transfers.andRounds) { transfers.and($0, bits: bits) }
    }

    /// Each party shares its share bit by bit from a common seed, and the two are added.
    func a2b(_ n: Int) -> Call { Call(Function.a2b, sizes: Sizes(n: n, bits: ringBits), adder(n)) }

    /// A correlated transfer a bit, of the bits that still count at its place (`SingleB2A`, `PackedB2A`).
    func b2a(_ n: Int, bits: Int) -> Call {
        guard bits > 0 else { return Call(Function.b2a, cost: .zero, sizes: Sizes(n: n)) }
        return sliced(.b2a, n, bits: bits, rounds: 2) { transfers.collapsing($0, levels: bits) }
    }

    /// Both parties send their shares.
    func a2p(_ n: Int) -> Call {
        let bytes = 2 * ringBytes *| n
        return Call(Function.a2p, cost: Cost(online: Traffic(bytes: bytes, rounds: n > 0 ? 1 : 0)), sizes: Sizes(n: n))
    }
}
