@testable import Frameworks
import Pricing
import Testing

/// CHEETAH's kernels one by one. What they send in whole operators is compared with measured rows in
/// ``SPUCheetahRowTests``.
@Suite struct SPUCheetahKernelTests {
    private let cheetah = CheetahKernels(ringBits: 64)

    private func bytes(_ call: Call?) -> Int? { call?.total.online.bytes }

    /// Measured kernels of 5, 21, 1000 and 2145 elements (the last in two slices) over all rings.
    @Test(arguments: [
        (32, 1000, 8, 1128, 8256, 40560), (32, 21, 8, 40, 200, 888), (64, 5, 18, 32, 112, 640),
        (64, 1000, 18, 3128, 16256, 82352), (64, 2145, 18, 6728, 34896, 176_656),
        (64, 98304, 18, 307_200, 1_597_440, 8_085_504), (128, 21, 26, 112, 704, 4016),
        (128, 1000, 26, 4128, 32256, 166_240),
    ])
    func transfersAreExact(ring: Int, n: Int, bits: Int, truncation: Int, selection: Int, sign: Int) {
        let cheetah = CheetahKernels(ringBits: ring)
        #expect(bytes(cheetah.truncA(n, bits: bits, isPositive: false)) == truncation)
        #expect(bytes(cheetah.mulA1B(n)) == selection)
        #expect(bytes(cheetah.msbA2B(n)) == sign)
    }

    /// Conversions and bits: measured in eq, the reciprocal and the cast of 1000 and 21 elements.
    @Test func bitsAreExact() {
        #expect(bytes(cheetah.equalAA(2145)) == 102_000)
        #expect(bytes(cheetah.a2b(1000)) == 416_000)
        #expect(bytes(cheetah.b2a(1000, bits: 1)) == 8128)
        #expect(bytes(cheetah.b2a(1000, bits: 36)) == 228_512)
        #expect(bytes(cheetah.b2a(21, bits: 36)) == 4800)
        let ands = (0..<6).map { bytes(cheetah.andBB(1000, bits: 64 - (1 << $0))) ?? 0 }
        #expect(ands.reduce(0, +) == 160_544)
    }

    /// The rounds of the reference's kernel table.
    @Test func rounds() {
        let calls = [
            cheetah.truncA(9, bits: 18, isPositive: false), cheetah.mulA1B(9), cheetah.msbA2B(9), cheetah.equalAA(9),
            cheetah.andBB(9, bits: 64), cheetah.a2b(9), cheetah.b2a(9, bits: 1), cheetah.mulAA(9), cheetah.squareA(9),
            cheetah.mmulAA(3, 4, 5),
        ]
        #expect(calls.map { $0?.total.online.rounds } == [2, 3, 19, 10, 2, 14, 2, 1, 4, 2])
    }

    /// Other kinds of oblivious transfer: EMP's Ferret differs offline only; SoftSpoken sends online (relu of 2000 and
    /// truncation of 8 elements, measured).
    @Test func kindsOfTransfer() throws {
        let emp = CheetahKernels(ringBits: 64, otKind: .empFerret)
        let own = try #require(cheetah.msbA2B(100_000))
        let other = try #require(emp.msbA2B(100_000))
        #expect(own.total.online == other.total.online)
        #expect(own.total.offline.bytes * 2 < other.total.offline.bytes + 10)
        // 64 + 2 · 15 transfers an element.
        #expect(abs(Double(own.total.offline.bytes) - 94 * 100_000 * 266_259 / 10_017_120) < 1)

        let soft = CheetahKernels(ringBits: 64, otKind: .yaclSoftspoken)
        let relu = try #require(bytes(soft.msbA2B(2000))) + #require(bytes(soft.mulA1B(2000)))
        #expect(relu == 1_738_160)
        #expect(bytes(soft.truncA(8, bits: 18, isPositive: false)) == 1048)
        #expect(soft.msbA2B(2000)?.total.offline == .zero)
    }

    /// Slices: as many as 2048 elements each, cores and the limit of 48 allow.
    @Test func slices() {
        let single = CheetahKernels(ringBits: 64, maxConcurrency: 1)
        #expect(bytes(single.truncA(2145, bits: 18, isPositive: false)) == 2144 * 3 + 8 + 16 * 17)
        let many = CheetahKernels(ringBits: 64, maxConcurrency: 1000)
        let one = bytes(many.mulA1B(2048)) ?? 0
        #expect(bytes(many.mulA1B(48 * 2048)) == 48 * one)
        #expect(bytes(many.mulA1B(2 * 48 * 2048)) == 48 * (bytes(single.mulA1B(4096)) ?? 0))
    }

    /// Products in homomorphic encryption, measured: 12 batches of 8192, squares of one and two batches, other rings.
    @Test func ciphertexts() {
        func expect(_ call: Call?, _ measured: Int, _ tolerance: Double = 0.001) {
            let error = abs(Double(bytes(call) ?? 0) / Double(measured) - 1)
            #expect(error < tolerance, "\(bytes(call) ?? 0) for \(measured)")
        }
        expect(cheetah.mulAA(98304), 21_451_437)
        expect(cheetah.squareA(5), 1_144_060)
        expect(cheetah.squareA(16384), 2_287_386)
        expect(CheetahKernels(ringBits: 64, packsMatrices: false).mmulAA(784, 25, 6), 4_355_100)
        expect(cheetah.mmulAA(784, 25, 6), 1_248_608)
        let small = CheetahKernels(ringBits: 32)
        expect(small.mmulAA(1, 1, 1), 180_599)
        expect(small.mmulAA(784, 25, 6), 2_137_465)
        let large = CheetahKernels(ringBits: 128)
        expect(large.mmulAA(1, 1, 1), 2_032_423)
        expect(large.mmulAA(784, 25, 6), 4_064_470)
        // Three plaintext primes instead of four.
        let inexact = CheetahKernels(ringBits: 64, allowsProductError: true)
        #expect((bytes(inexact.squareA(5)) ?? 0) * 4 < (bytes(cheetah.squareA(5)) ?? 0) * 3 + 30_000)
    }

    /// The search for blocks finds what SPU's loops over all blocks find.
    @Test(arguments: [(32, true), (64, true), (64, false)])
    func blocksAreThoseOfTheFullSearch(ring: Int, packs: Bool) {
        let cheetah = CheetahKernels(ringBits: ring, packsMatrices: packs)
        var generator = Generator(state: UInt64(ring))
        for _ in 0..<60 {
            let (p, q, r) = (generator.dimension(), generator.dimension(), generator.dimension())
            let full = FullSearch(p: p, q: q, r: r, ciphertexts: cheetah.matrices)
            #expect(bytes(cheetah.mmulAA(p, q, r)) == full.bytes, "\(p) × \(q) × \(r)")
        }
    }

    /// Batches of triples: what a session that runs only this makes in the cheapest of its first warm runs.
    @Test func triples() {
        func online(_ products: [Int]) -> Int {
            let calls = cheetah.completed(products.map { cheetah.mulAA($0) })
            return Call("op", calls).total.online.bytes - 32 * products.reduce(0, +)
        }
        let batch = bytes(cheetah.squareA(8192)) ?? 0
        #expect(online([1000]) == 0)
        #expect(online([4096]) == batch)
        #expect(online([8192]) == 2 * batch)
        // The reciprocal of 1000 elements (measured: one batch) and the logarithm (measured: two).
        #expect(online(Array(repeating: 1000, count: 7)) == batch)
        #expect(online([1000, 2000, 4000, 1000]) == 2 * batch)
        // In the long run every triple is paid for.
        let whole = Call("op", cheetah.completed([cheetah.mulAA(1024).repeated(10)])).total
        #expect(whole.online.bytes + whole.offline.bytes == 10 * 1024 * 32 + (10 * batch) / 4)
        // Large products take none.
        #expect(online([16384]) == (bytes(cheetah.mulAA(16384)) ?? 0) - 32 * 16384)
    }

    /// A permutation goes through a switch for every comparison that an optimal sort could need, for each party.
    @Test func permutations() {
        for n in [2, 3, 5, 8, 1000] {
            let switches = (1...n).reduce(0) { $0 + (Int.bitWidth - ($1 - 1).leadingZeroBitCount) }
            #expect(bytes(cheetah.permAM(n)) == 2 * 32 * switches)
        }
        #expect(bytes(cheetah.permAM(1)) == 0)
    }

    /// What a session sends once: an instance of oblivious transfer a slice, and keys that are needed.
    @Test func setup() {
        #expect(cheetah.setup(for: []) == .zero)
        let relu = Call("relu", [cheetah.msbA2B(5000), cheetah.mulA1B(5000)].compactMap(\.self))
        #expect(cheetah.setup(for: [relu]).offline.bytes == 2 * 940_326)
        let truncation = cheetah.truncA(9, bits: 18, isPositive: false)
        #expect(
            cheetah.setup(for: [Call("dot", [cheetah.mmulAA(3, 4, 5), truncation])]).offline.bytes == 940_326
                + 19_428_600)
        let product = cheetah.setup(for: [cheetah.mulAA(8)]).offline.bytes
        #expect(abs(product - 321_900) < 1000)
    }

    /// Sizes from wrong files saturate.
    @Test func hugeSizes() {
        #expect(bytes(cheetah.mulAA(.max)) == .max)
        #expect(bytes(cheetah.mmulAA(.max, .max, .max)) == .max)
        #expect(bytes(cheetah.msbA2B(.max)) == .max)
        #expect(bytes(cheetah.b2a(.max, bits: 36)) == .max)
        #expect(cheetah.completed([cheetah.mulAA(5).repeated(.max)]).last?.total.online.bytes == .max)
    }
}

/// SPU's own search for blocks, over all of them (`GetSubMatShape`), and the bytes of the product.
private struct FullSearch {
    let bytes: Int

    init(p: Int, q: Int, r: Int, ciphertexts: CheetahMatrixCiphertexts) {
        func up(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
        func blocks(packs: Bool) -> (columns: Int, sent: Int, results: Int) {
            var best = (cost: Double.infinity, columns: 0, sent: 0, results: 0)
            for d0 in 1...min(p, ciphertexts.degree) {
                var d1 = 1
                while d1 <= q, d0 * d1 <= ciphertexts.degree {
                    let d2 = min(r, ciphertexts.degree / d0 / d1)
                    let (b0, b1, b2) = (up(p, d0), up(q, d1), up(r, d2))
                    let sent = min(b0, b2) * b1
                    let automorphisms = packs ? up(p * r, ciphertexts.degree) * d1 : 0
                    let cost =
                        Double(sent + up(b0 * b2, d1)) * 1000 + Double(automorphisms) + Double(b0 * b1 * b2) / 10
                    if cost <= best.cost { best = (cost, d1, sent, b0 * b2) }
                    d1 = packs ? d1 * 2 : d1 + 1
                }
            }
            return (best.columns, best.sent, best.results)
        }
        let packed = blocks(packs: true)
        guard ciphertexts.packs, packed.results > 1 else {
            let plan = blocks(packs: false)
            let results = ciphertexts.sparseResults(plan.results, outputs: p * r, stride: plan.columns)
            bytes = 2 * (plan.sent * ciphertexts.fresh + results)
            return
        }
        let results =
            packed.columns < p * r ? up(packed.results, packed.columns) : up(p * r, ciphertexts.degree)
        bytes = 2 * (packed.sent * ciphertexts.fresh + results * ciphertexts.packed)
    }
}

/// Dimensions spread over orders of magnitude, the same in every run.
private struct Generator {
    var state: UInt64

    mutating func dimension() -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let limit = 1 << Int((state >> 33) % 8)
        return 1 + Int((state >> 40) % UInt64(limit))
    }
}
