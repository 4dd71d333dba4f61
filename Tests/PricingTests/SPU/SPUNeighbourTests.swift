import Evaluate
import IR
@testable import Frameworks
import Pricing
import Testing

/// Operators that SPU's compiler rewrites together.
@Suite struct SPUNeighbourTests {
    private func price(_ nodes: String, _ framework: SPU) throws -> Profile {
        let graph = try model(
            """
            g (float[2,3] x, float[2,3] y, float[2,3] c, float[3] v, int64[2,3] i, bool[2,3] b) => (float[2,3] u)
              <float zero = {0}, float tiny = {0.00000001}, float one = {1}, float three = {3}, float half = {0.5},
               int64[1] first = {0}>
            { u = Identity(x) \(nodes) }
            """)
        return try Profiler(framework, evaluator: Interpreter()).profile(
            graph, policy: VisibilityPolicy(exceptions: ["c": .public]))
    }

    /// What the compiler makes of operators that follow each other.
    @Test(arguments: [
        // Division by a root is a product with the reciprocal root, unless the root is wanted, too.
        ("s = Sqrt(y) z = Div(x, s)", 6 * (858 + 40), 28), ("s = Sqrt(y) z = Div(one, s)", 6 * 858, 26),
        ("s = Sqrt(y) z = Reciprocal(s)", 6 * 858, 26),
        ("s = Sqrt(y) z = Div(x, s) w = Add(s, x)", 6 * (1026 + 858 + 40), 63),
        ("s = Sqrt(v) t = Unsqueeze(s, first) z = Div(x, t)", 3 * 858 + 6 * 40, 28),
        ("s = Sqrt(y) t = Add(s, tiny) z = Div(x, t)", 6 * (858 + 40), 28),
        ("s = Sqrt(y) t = Add(s, half) z = Div(x, t)", 6 * (1026 + 1050), 73),
        // Division by an exponential is a product with that of the negated operand.
        ("s = Exp(y) z = Div(x, s)", 6 * (200 + 40), 19), ("s = Exp(y) z = Reciprocal(s)", 6 * 200, 17),
        ("s = Exp(y) z = Div(x, s) w = Add(s, x)", 6 * (400 + 40), 36),
        // Truth values and integers multiply without a truncation.
        ("s = Less(x, y) t = Cast<to = 1>(s) z = Mul(t, x)", 6 * 144, 8),
        ("s = Equal(x, y) t = Cast<to = 1>(s) z = Mul(t, x)", 6 * (208 + 16 + 32), 9),
        ("s = Cast<to = 1>(i) z = Mul(s, x)", 6 * 32, 1), ("s = Cast<to = 1>(i) z = Mul(s, s)", 6 * 40, 2),
        ("s = Cast<to = 1>(b) t = Transpose(s) z = MatMul(x, t)", 16 * 12, 1),
        // Products with constants are merged.
        ("s = Mul(x, half) z = Div(s, three)", 6 * 8, 1), ("s = Mul(x, half) t = Mul(s, c) z = Add(s, t)", 6 * 16, 2),
        ("s = ReduceMean(x) z = Mul(s, half)", 8, 1),
        // Selections by the same condition share its conversion; those against zero are products.
        ("s = Less(x, y) t = Where(s, x, y) z = Where(s, y, x)", 6 * (112 + 2 + 64), 10),
        ("s = Less(x, y) t = Where(s, x, y) z = Where(s, y, zero)", 6 * (112 + 64), 9),
        // Results of comparisons stay bits, floors boolean shares.
        ("s = Less(x, y) t = Greater(x, y) z = And(s, t)", 6 * (112 + 112 + 4), 15),
        ("s = Equal(x, y) z = Where(s, x, y)", 6 * (208 + 16 + 32), 9),
        ("s = Floor(x) z = Mul(s, y)", 6 * (416 + 16 + 40), 10),
    ])
    func neighbours(nodes: String, bytes: Int, rounds: Int) throws {
        let profile = try price(nodes, try SPU.semi2k())
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total == Cost(online: Traffic(bytes: bytes, rounds: rounds)))
    }

    @Test(arguments: [
        ("disable_div_sqrt_rewrite", "s = Sqrt(y) z = Div(x, s)", 6 * (858 + 40)),
        ("disable_div_sqrt_rewrite", "s = Sqrt(v) t = Unsqueeze(s, first) z = Div(x, t)", 3 * 1026 + 6 * 1050),
        ("disable_sqrt_plus_epsilon_rewrite", "s = Sqrt(y) t = Add(s, tiny) z = Div(x, t)", 6 * (1026 + 1050)),
        ("disable_reduce_truncation_optimization", "s = Mul(x, half) z = Mul(s, c)", 6 * 16),
        ("disallow_mix_types_opts", "s = Cast<to = 1>(i) z = Mul(s, x)", 6 * 40),
        ("disable_select_optimization", "s = Less(x, y) t = Where(s, x, y) z = Where(s, y, x)", 6 * (112 + 64)),
    ])
    func compilerSwitches(key: String, nodes: String, bytes: Int) throws {
        let profile = try price(nodes, try SPU.semi2k(configuration: [key: "true"]))
        #expect(profile.total.online.bytes == bytes)
    }

    /// Inside bodies, too; fragments of the search stand alone.
    @Test func bodiesAndFragments() throws {
        let graph = try model("g (float[2,3] x, float[2,3] y) => (float[2,3] z) { s = Sqrt(y) z = Div(x, s) }")
        let visibility = try graph.visibility(under: VisibilityPolicy())
        let profiler = Profiler(try SPU.semi2k(), evaluator: Interpreter())
        let alone = try profiler.price(graph.nodes[1], in: graph, visibility: visibility)
        let body = GraphContext(graph, visibility: visibility, isBody: true)
        let together = try profiler.price(graph.nodes[1], in: graph, visibility: visibility, context: body)
        #expect(alone.cost.online.bytes == 6 * 1050 && together.cost.online.bytes == 6 * 40)
    }
}
