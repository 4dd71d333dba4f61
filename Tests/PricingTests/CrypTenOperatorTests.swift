@testable import Frameworks
import IR
import Pricing
import Testing

/// The operator table on small operands: ring elements that a party opens, and rounds, with two parties.
@Suite struct CrypTenOperatorTests {
    private func price(_ expression: String, parties: Int = 2) throws -> Profile {
        try profile(
            """
            g (float[2,3] x, float[2,3] y, float[3,2] t, float[2,3] c, int64[2] i, int64[2] j, bool[2,3] b, bool[2,3] p,
               float[1,2,8,8] m, float[3,2,3,3] w, float s, float[2] v, float[3] v3, int64[2,3] k) => (float[2,3] u)
              <float one = {1}, float two = {2}, float three = {3}, float half = {0.5}, int64[1] last = {1},
               int64[2] both = {0, 1}, bool yes = {1}>
            { u = Identity(x) z = \(expression) }
            """, policy: VisibilityPolicy(exceptions: ["c": .public, "i": .public, "p": .public, "k": .public]),
            parties: parties)
    }

    @Test(arguments: [
        ("Add(x, y)", 0, 0), ("Sub(c, y)", 0, 0), ("Neg(x)", 0, 0), ("Mul(x, y)", 12, 1), ("Mul(x, x)", 12, 1),
        ("Mul(x, c)", 0, 0), ("Mul(c, x)", 0, 0), ("Div(x, c)", 0, 0), ("Div(x, y)", 69 * 6 + 12, 39),
        ("Div(c, x)", 69 * 6, 38), ("Pow(x, two)", 6, 1), ("Pow(x, three)", 18, 2), ("Pow(x, half)", 54 * 6, 40),
        ("MatMul(x, t)", 12, 1), ("MatMul(c, t)", 0, 0), ("Gemm(x, t, one)", 12, 1), ("Sqrt(x)", 25 * 6, 18),
        ("Exp(x)", 8 * 6, 8), ("Log(x)", 46 * 6, 32), ("Reciprocal(x)", 69 * 6, 38), ("Erf(x)", 47 * 6, 34),
        ("Sin(x)", 37 * 6, 28), ("Abs(x)", 29 * 6, 9), ("Sign(x)", 27 * 6, 8), ("Relu(x)", 29 * 6, 9),
        ("Sigmoid(x)", 47 * 6, 23), ("Tanh(x)", 47 * 6, 23), ("Clip(x, one, two)", 58 * 6, 9),
        ("Clip(x, one)", 29 * 6, 9), ("Clip(x)", 0, 0), ("Max(x, y)", 29 * 6, 9), ("Max(c, x)", 29 * 6, 9),
        ("Min(x, y, c)", 58 * 6, 18), ("Less(x, y)", 27 * 6, 8), ("Greater(x, c)", 27 * 6, 8),
        ("Equal(x, y)", 13 * 6, 7), ("And(b, p)", 0, 0), ("And(b, b)", 12, 1), ("Not(b)", 0, 0),
        ("Where(b, x, y)", 24, 2), ("Where(p, x, y)", 0, 0), ("Where(b, x, c)", 12, 1),
        ("Transpose(x)", 0, 0), ("Concat<axis = 0>(x, y)", 0, 0), ("Flatten(x)", 0, 0), ("Gather(x, i)", 0, 0),
        ("ReduceMean(x)", 0, 0), ("ReduceSum(x)", 0, 0), ("ReduceL1(x)", 29 * 6, 9), ("ReduceL2(x)", 6 + 25, 19),
        ("ReduceSumSquare(x)", 6, 1), ("ReduceProd(x, last)", 2 * (2 + 2), 2), ("Softmax(x)", 730, 83),
        ("ReduceMax(x, last)", 2 * 299, 46), ("ReduceMax(x, both)", 93 + 162 + 6 + 99 + 6, 30),
        ("ArgMax<axis = 1>(x)", 2 * 299, 46), ("Conv(m, w)", 128 + 54, 1),
        ("MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(m)", 32 * 370, 46),
        ("AveragePool<kernel_shape = [2, 2]>(m)", 0, 0), ("GlobalAveragePool(m)", 0, 0), ("Dropout(x)", 0, 0),
    ])
    func elementsAndRounds(expression: String, elements: Int, rounds: Int) throws {
        let profile = try price(expression)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total == Cost(online: Traffic(bytes: 16 * elements, rounds: rounds)))
    }

    @Test(arguments: [
        ("Pow(x, y)", "secret exponent"), ("Pow(x, c)", "one known exponent"),
        ("Clip(x, s)", "public bounds"), ("Multinomial(x)", "no Multinomial"),
        ("ScatterElements<reduction = \"mul\">(x, k, y)", "'mul'"),
    ])
    func whatCannotRunIsSaid(expression: String, reason: String) throws {
        let entry = try #require(try price(expression).unpriced.first)
        #expect(entry.reason.contains(reason), "\(entry.reason)")
    }

    /// Three parties truncate: the converter's Gemm three times, a product with a public tensor once, none of a comparison.
    @Test(arguments: [
        ("Relu(x)", 16, 0), ("Mul(x, c)", 1, 1), ("Mul(x, y)", 2, 1), ("Gemm(x, t, v)", 4, 3), ("Div(x, c)", 1, 1),
        ("ReduceMean(x)", 1, 1), ("Where(p, x, y)", 2, 2), ("Where(p, x, c)", 1, 1), ("Where(b, x, y)", 2, 0),
        ("Exp(x)", 17, 9), ("Add(x, y)", 0, 0), ("Equal(x, y)", 15, 0), ("And(b, b)", 1, 0),
    ])
    func threePartiesTruncate(expression: String, online: Int, offline: Int) throws {
        let total = try price(expression, parties: 3).total
        #expect(total.online.rounds == online && total.offline.rounds == offline)
    }

    @Test(arguments: [
        ("Mul(x, y)", [96, 96]), ("Mul(x, c)", [0, 0]), ("Relu(x)", [29 * 96]), ("Mul(c, x)", [0, 0]),
        ("Div(x, y)", [96, 69 * 96 + 96]), ("Where(b, x, y)", [192, 96, 96]), ("MatMul(x, t)", [96, 96]),
        ("Exp(x)", [8 * 96]),
    ])
    func operandsShareTheOnlineBytes(expression: String, bytes: [Int]) throws {
        let entry = try #require(try price(expression).entries.last)
        #expect(entry.price.operandBytes == bytes)
        #expect(bytes.reduce(0, +) == entry.cost.online.bytes)
    }

    /// What CrypTen has not costs what its function body does; a square in a body is a square.
    @Test(arguments: [
        ("LayerNormalization(x, v3, v3)", 6 + 25 * 2 + 69 * 2 + 8 + 9, 59), ("HardSwish(x)", 58 * 6 + 12, 10),
        ("HardSigmoid(x)", 58 * 6, 9), ("Gelu(x)", 49 * 6, 35), ("Gelu<approximate = \"tanh\">(x)", 52 * 6, 26),
        ("LeakyRelu(x)", 29 * 6, 9), ("Mish(x)", (8 + 46 + 47 + 2) * 6, 64), ("LpNormalization<axis = 1>(x)", 202, 58),
        ("Swish(x)", 49 * 6, 24),
    ])
    func functionBodies(expression: String, elements: Int, rounds: Int) throws {
        let profile = try price(expression)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.entries.last?.price.basis == .functionBody)
        #expect(profile.total == Cost(online: Traffic(bytes: 16 * elements, rounds: rounds)))
    }
}
