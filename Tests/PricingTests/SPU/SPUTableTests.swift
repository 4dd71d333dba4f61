import Evaluate
import IR
@testable import Frameworks
import Pricing
import Testing

/// The operator table on small operands: bytes and rounds with two parties over 64 bits, put together from what single
/// operators were measured to send.
@Suite struct SPUTableTests {
    private func price(_ expression: String, _ framework: SPU) throws -> Profile {
        let graph = try model(
            """
            g (float[2,3] x, float[2,3] y, float[3,2] t, float[2,3] c, float[3] v, int64[2,3] i, int64[2,3] j, bool[2,3] b,
               bool[2,3] p, float[1,2,8,8] m, float[4,2,3,3] w, float[4,1,3,3] w1, float[5,2,3] q, float[5,3,4] r,
               float[2,3,4] o, float[2,4,2,2] s, float[4,4,3,3] f, float[1,2,8] a, float[3,2,3] a1, float[1,4,8,8] g4, float[2,4,1,1] e, float[4,2,3,3] f2,
               float[1,2,4,4,4] d, float[2,2,3,3,3] h)
              => (float[2,3] u)
              <float one = {1}, float two = {2}, float three = {3}, float half = {0.5}, int64[1] last = {1},
               int64[1] first = {0}, int64[8] pads = {0, 0, 1, 1, 0, 0, 1, 1}, int64 k = {1}>
            { u = Identity(x) z = \(expression) }
            """)
        let policy = VisibilityPolicy(exceptions: ["c": .public, "p": .public, "j": .public])
        return try Profiler(framework, evaluator: Interpreter()).profile(graph, policy: policy)
    }

    @Test(arguments: [
        // Shares of comparisons' results are bits, those of inputs numbers.
        ("Where(b, x, y)", 6 * 32, 1), ("Where(p, x, y)", 0, 0), ("And(b, b)", 6 * 864, 15), ("Or(b, b)", 6 * 1696, 29),
        ("Not(b)", 0, 0), ("Xor(b, b)", 6 * 832, 14),
        // A factor of one is no factor.
        ("Mul(x, one)", 0, 0), ("Mul(x, two)", 6 * 8, 1), ("Div(x, two)", 6 * 8, 1), ("Div(x, c)", 6 * 16, 2),
        ("Div(one, x)", 6 * 1010, 36), ("Div(c, x)", 6 * 1018, 37), ("Mul(i, i)", 6 * 32, 1), ("Add(x, c)", 0, 0),
        ("Pow(x, two)", 6 * 40, 2), ("Pow(x, half)", 6 * 1026, 35), ("Pow(x, three)", 6 * 80, 4),
        ("Pow(x, y)", 6 * 2476, 76), ("Mean(x, y)", 6 * 8, 1), ("Max(x, y, c)", 6 * 288, 16), ("Min(c, c)", 0, 0),
        // The initial value of a reduction along the first axis is compared, too.
        ("ReduceMax(x, last)", 2 * 2 * 144, 16), ("ReduceMax(x, first)", 3 * 2 * 144, 16),
        ("Softmax<axis = 0>(x)", 3 * 3 * 144 + 6 * 1250, 24 + 55), ("ReduceMean(x)", 8, 1), ("ReduceSum(x)", 0, 0),
        ("ReduceL1(x, last)", 6 * 146, 9), ("ReduceL2(x, last)", 6 * 40 + 2 * 1026, 37),
        ("ReduceProd(x, last)", 2 * 2 * 40, 4), ("ReduceLogSum(x, last)", 2 * 1020, 26),
        // Products: batches one after another, axes of one operand alone as rows or columns.
        ("MatMul(x, t)", 16 * 12 + 8 * 4, 2), ("MatMul(q, r)", 5 * (16 * 18 + 8 * 8), 10),
        ("MatMul(q, t)", 16 * (30 + 6) + 8 * 20, 2), ("MatMul(x, r)", 16 * (6 + 60) + 8 * 40, 2),
        ("MatMul(c, t)", 8 * 4, 1), ("Gemm(x, t)", 16 * 12 + 8 * 4, 2),
        ("Gemm<alpha = 0.5>(x, t)", 16 * 12 + 16 * 4, 3),
        ("Einsum<equation = \"ij,jk->ik\">(x, t)", 16 * 12 + 8 * 4, 2),
        ("Einsum<equation = \"bij,bjk->bik\">(q, r)", 5 * (16 * 18 + 8 * 8), 10),
        // Convolutions: im2col, one dense kernel for one group a channel, image and kernel exchanged.
        ("Conv(m, w)", 16 * (36 * 18 + 18 * 4) + 8 * 144, 2),
        ("Conv<dilations = [2, 2]>(m, w)", 16 * (16 * 50 + 50 * 4) + 8 * 64, 2),
        ("Conv<group = 4>(g4, w1)", 16 * (36 * 36 + 36 * 4) + 8 * 144, 2),
        // What SPU refuses: a convolution a group, and along three axes one of slices put beside each other as channels.
        ("Conv<group = 2>(g4, f2)", 2 * (16 * (36 * 18 + 18 * 2) + 8 * 72), 4),
        ("Conv(d, h)", 16 * (8 * 54 + 54 * 2) + 8 * 16, 2),
        ("Conv<pads = [1, 1, 1, 1, 1, 1]>(d, h)", 16 * (64 * 54 + 54 * 2) + 8 * 128, 2),
        ("Conv<pads = [1, 1, 1, 1]>(s, f)", 16 * (16 * 16 + 16 * 2) + 8 * 32, 2),
        ("Conv<pads = [1, 1, 1, 1]>(e, f)", 16 * (4 * 4 + 4 * 2) + 8 * 8, 2),
        ("Conv<pads = [2, 2, 2, 2]>(e, f)", 16 * (18 * 36 + 36 * 4) + 8 * 72, 2),
        ("ConvTranspose<strides = [2, 2]>(g4, f)", 16 * (289 * 36 + 36 * 4) + 8 * 1156, 2),
        ("ConvTranspose<strides = [2, 2]>(s, f)", 16 * (4 * 25 * 36 + 36 * 2) + 8 * 200, 2),
        ("MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(m)", 32 * 3 * 144, 16),
        ("MaxPool<kernel_shape = [2, 2], dilations = [2, 2], strides = [7, 7]>(m)", 2 * 4 * 144, 2 * 24),
        ("GlobalMaxPool(m)", 2 * 63 * 144, 48), ("GlobalAveragePool(m)", 2 * 8, 1),
        ("AveragePool<kernel_shape = [1, 1]>(m)", 0, 0),
        // Activations that are made of others.
        ("HardSigmoid(x)", 6 * 296, 17), ("HardSwish(x)", 6 * 336, 19), ("Selu(x)", 6 * 394, 29),
        ("Celu(x)", 6 * 488, 33), ("PRelu(x, v)", 6 * 184, 10), ("Softsign(x)", 6 * (146 + 1050), 47),
        ("Mish(x)", 6 * (1766 + 648 + 40), 107), ("Clip(x, one)", 6 * 144, 8), ("Clip(x)", 0, 0),
        ("ThresholdedRelu(x)", 6 * 144, 8), ("LayerNormalization(x, v)", 2 * 874 + 6 * 120, 34),
        // Functions.
        ("Cos(x)", 6 * 648, 22), ("Round(x)", 6 * (416 + 64 + 4 + 4 + 16 + 2), 7 + 5 + 2 + 2),
        // A product with public cosines.
        ("DFT(t)", 6 * 8, 1),
        ("Cast<to = 9>(x)", 6 * 208, 7), ("Cast<to = 6>(x)", 6 * 530, 15), ("Cast<to = 1>(i)", 0, 0),
        ("IsNaN(x)", 6 * 208, 7), ("Gather(x, j)", 0, 0),
        ("Gather(x, i)", 6 * (144 + 4 * 144 + 2 * 208 + 4 + 16 * 8), 8 + 6 * 25),
        ("Concat<axis = 0>(x, c)", 0, 0), ("Pad(m, pads)", 0, 0), ("Dropout(x)", 0, 0), ("CumSum(x, k)", 0, 0),
    ])
    func bytesAndRounds(expression: String, bytes: Int, rounds: Int) throws {
        let profile = try price(expression, try SPU.semi2k())
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total == Cost(online: Traffic(bytes: bytes, rounds: rounds)))
    }

    /// ABY3 sends public numbers that become secret.
    @Test(arguments: [
        ("Concat<axis = 0>(x, c)", 6 * 24, 1), ("Where(b, x, y)", 6 * 64, 2), ("And(b, b)", 6 * 3, 1),
        ("ReduceSum(x)", 24, 1), ("MatMul(x, t)", 52 * 4, 3), ("ReduceMax(x, first)", 24 + 3 * 2 * 172, 21),
        ("Conv(m, w)", 144 * 52, 3), ("Conv<pads = [1, 1, 1, 1]>(m, w)", 256 * 52 + 24, 4),
        ("Gather(x, i)", 6 * (172 + 4 * 172 + 336 + 48 + 3 * (196 + 72) + 3 * 24), 10 + 6 * (20 + 8 + 1 + 3 * 7 + 1)),
        ("Conv<pads = [1, 1, 1, 1]>(s, f)", 32 * 52, 3), ("Sign(x)", 6 * (108 + 32 + 62 + 200 + 24), 8 + 2 + 9 + 2 + 1),
    ])
    func sharingPublicNumbers(expression: String, bytes: Int, rounds: Int) throws {
        let profile = try price(expression, try SPU.aby3())
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total == Cost(online: Traffic(bytes: bytes, rounds: rounds)))
    }

    /// A test for what is no number is a comparison in SPU, and what is chosen by it a product.
    @Test func finitenessIsCompared() throws {
        let chosen = try model(
            "g (float[2,3] x) => (float[2,3] y) <float zero = {0}> { n = IsNaN(x) y = Where(n, zero, x) }")
        let profile = try Profiler(SPU.semi2k(), evaluator: Interpreter()).profile(chosen)
        #expect(profile.entries.map { $0.cost.online.bytes > 0 } == [true, true])
    }

    @Test func whatSPURefusesIsComposed() throws {
        let bases = try ["Conv<group = 2>(g4, f2)", "Conv(d, h)", "Conv<group = 4>(g4, w1)"].map {
            try price($0, try SPU.semi2k()).entries.last?.price.basis
        }
        #expect(bases == [.composed, .composed, .native])
    }

    @Test(arguments: [
        ("ConvTranspose(d, h)", "along 3 axes"),
        ("Einsum<equation = \"ij,jk\">(x, t)", "explicit"),
        ("Pow(i, i)", "integers"), ("Multinomial(x)", "no Multinomial"),
    ])
    func whatCannotRunIsSaid(expression: String, reason: String) throws {
        let entry = try #require(try price(expression, try SPU.semi2k()).unpriced.first)
        #expect(entry.reason.contains(reason), "\(entry.reason)")
    }

    @Test func whatDependsOnDataIsSaid() throws {
        let graph = try model("g (float[2,3] x, int64[1] k) => (float[2,k] u) { u, v = TopK(x, k) }")
        let profile = try Profiler(try SPU.semi2k(), evaluator: Interpreter()).profile(
            graph, policy: VisibilityPolicy(exceptions: ["k": .public]))
        #expect(profile.unpriced.first?.reason.contains("quick select") == true)
    }

    @Test func criticalPathRunsBatchesAtOnce() throws {
        let entry = try #require(try price("MatMul(q, r)", try SPU.semi2k()).entries.last)
        #expect(entry.price.call.totalCriticalRounds == 2)
    }
}
