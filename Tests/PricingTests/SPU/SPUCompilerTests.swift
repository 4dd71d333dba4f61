import Evaluate
import IR
@testable import Frameworks
import Pricing
import Testing

/// What XLA's simplifier makes of a program before SPU sees it. Bytes and rounds were measured in SPU 0.9.5, SEMI2K between two
/// parties.
@Suite struct SPUCompilerTests {
    private static let inputs = """
        float[3,4] x, float[3,4] y, float[3,4] z, float[3,1] k, float[3,3] n, float[1,4] row, float[4,3] w, float[5,4] v,
        float[5] b, float[3,5] u, float[3] c, float[1,3] r, float[4] d4, float[2] d2, float[1,2,1,1] d11, float[1,3,4,4] image, float[2,3,4] cube, float[1,3,4] thin
        """

    private static let constants = """
        half = Constant<value = float {0.5}>() zero = Constant<value = float {0}>() one = Constant<value = float {1}>()
        two = Constant<value = float {2}>() three = Constant<value = float {3}>() eps = Constant<value = float {0.00001}>()
        shape = Constant<value = int64[2] {3, 4}>() wide = Constant<value = int64[4] {1, 2, 3, 3}>()
        second = Constant<value = int64[1] {1}>()
        last = Constant<value = int64[1] {-1}>() both = Constant<value = int64[2] {0, 1}>()
        matrix = Constant<value = float[7,2] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}>()
        """

    /// The profile of nodes whose result is `o`, of the given type.
    private func profile(_ nodes: String, of type: String = "float[3,4]", _ framework: SPU) throws -> Profile {
        let graph = try model("g (\(Self.inputs)) => (\(type) o) { \(Self.constants) \(nodes) }")
        return try Profiler(framework, evaluator: Interpreter()).profile(graph)
    }

    private func check(_ nodes: String, of type: String = "float[3,4]", _ bytes: Int, _ rounds: Int) throws {
        let profile = try profile(nodes, of: type, try SPU.semi2k())
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total == Cost(online: Traffic(bytes: bytes, rounds: rounds)), "\(nodes)")
    }

    /// One value in two shapes is two values, however many operators read them.
    @Test func reshapesToDifferentShapesAreNotMerged() throws {
        try check(
            """
            j = Constant<value = int64[2] {6, 4}>() i = Constant<value = int64[4] {2, 1, 3, 4}>() l = Constant<value = int64[2] {4, 6}>()
            flat = Reshape(cube, j) q = Transpose<perm = [1, 0]>(flat) e = Softmax(q)
            a = Reshape(cube, i) p = Transpose<perm = [3, 0, 1, 2]>(a) d = Softmax(p) f = Reshape(d, l) o = Concat<axis = 1>(e, f)
            """, of: "float[4,12]", 67_488, 174)
    }

    /// Reductions look through reshapes and transpositions, which move behind operators by element; the initial value of a maximum
    /// is compared if the first axis is among the reduced ones.
    @Test(arguments: [
        ("a = MatMul(row, w) o = Softmax<axis = -1>(a)", "float[1,3]", 4606, 89),
        (
            "a = Gemm<transB = 1>(row, v, b) d = Relu(a) e = Gemm<transB = 1>(d, u, c) o = Softmax<axis = -1>(e)",
            "float[1,3]", 5814, 99
        ),
        ("a = MatMul(row, w) e = Add(a, r) o = Softmax<axis = -1>(e)", "float[1,3]", 4462, 81),
        ("o = ReduceMax(r, both)", "float[1,1]", 432, 24),
        ("a = Transpose<perm = [1, 2, 0]>(cube) o = ReduceMax(a, last)", "float[3,4,1]", 3456, 16),
        ("a = Transpose<perm = [1, 0]>(x) o = Softmax<axis = 0>(a)", "float[4,3]", 16728, 79),
        ("a = Concat<axis = 1>(x, n) o = ReduceMax(a, second)", "float[3,1]", 2592, 40),
        ("a = Concat<axis = 1>(x, y) o = Softmax<axis = -1>(a)", "float[3,8]", 33456, 103),
        ("o = Softmax<axis = -1>(k)", "float[3,1]", 1032, 25),
    ])
    func maxima(nodes: String, type: String, bytes: Int, rounds: Int) throws {
        try check(nodes, of: type, bytes, rounds)
    }

    /// Elements are repeated after what is done to each of them.
    @Test(arguments: [
        ("a = Expand(k, shape) o = Relu(a)", "float[3,4]", 432, 8),
        ("a = Expand(k, shape) o = Softmax<axis = -1>(a)", "float[3,4]", 5502, 80),
        ("a = Expand(k, shape) o = ReduceMean(a, second)", "float[3,1]", 0, 0),
        ("a = Expand(k, shape) o = ReduceSum(a, second)", "float[3,1]", 24, 1),
        ("a = Expand(k, shape) d = Relu(a) e = Add(d, a) o = Exp(e)", "float[3,4]", 432 + 600, 25),
    ])
    func broadcasts(nodes: String, type: String, bytes: Int, rounds: Int) throws {
        try check(nodes, of: type, bytes, rounds)
    }

    @Test(arguments: [
        ("a = Div(x, y) o = Div(a, z)", 13080, 40), ("a = Reciprocal(x) o = Div(y, a)", 480, 2),
        ("a = Sigmoid(x) o = Reciprocal(a)", 2400, 17), ("a = Softmax<axis = -1>(x) o = Div(a, y)", 17208, 81),
        ("a = Div(x, y) d = Div(a, z) o = Add(a, d)", 25680, 78),
        ("a = Div(x, y) d = Div(z, x) o = Div(a, d)", 13560, 42),
        ("a = Exp(x) d = Exp(y) o = Mul(a, d)", 2400, 17), ("a = Exp(x) o = Pow(a, three)", 2400, 17),
        ("a = Exp(x) o = Log(a)", 0, 0), ("a = Exp(x) d = Exp(y) o = Div(a, d)", 2400, 17),
    ])
    func quotientsAndExponentials(nodes: String, bytes: Int, rounds: Int) throws { try check(nodes, bytes, rounds) }

    /// A truth value that was made a number stays a bit, until something adds it up.
    @Test(arguments: [
        ("a = Less(x, y) d = Cast<to = 1>(a) o = ReduceSum(d, second)", "float[3,1]", 1440, 9),
        ("a = Less(x, y) d = Cast<to = 1>(a) o = ReduceMax(d, second)", "float[3,1]", 2880, 28),
        ("a = Less(x, y) d = Cast<to = 1>(a) o = Concat<axis = 1>(d, y)", "float[3,8]", 1440, 8),
        ("a = Less(x, y) d = Cast<to = 1>(a) o = Pow(d, two)", "float[3,4]", 1848, 10),
    ])
    func bits(nodes: String, type: String, bytes: Int, rounds: Int) throws { try check(nodes, of: type, bytes, rounds) }

    @Test(arguments: [
        ("a = Relu(x) o = Abs(a)", 1728, 8), ("a = Relu(x) o = Relu(a)", 1728, 8),
        ("a = Abs(x) o = Pow(a, two)", 480, 2),
        ("a = Pow(x, two) o = Sqrt(a)", 1752, 9), ("a = Clip(x, zero, one) o = Relu(a)", 3456, 16),
        ("a = Exp(x) d = Exp(x) o = Add(a, d)", 2400, 17), ("a = Mul(x, y) d = Mul(y, x) o = Add(a, d)", 480, 2),
    ])
    func signsAndRepetitions(nodes: String, bytes: Int, rounds: Int) throws { try check(nodes, bytes, rounds) }

    /// Public factors meet, and go to the smaller operand.
    @Test(arguments: [
        ("a = AveragePool<kernel_shape = [2, 2], strides = [2, 2]>(image) o = Mul(a, half)", "float[1,3,2,2]", 96, 1),
        ("a = GlobalAveragePool(image) o = Mul(a, half)", "float[1,3,1,1]", 24, 1),
        ("a = Mul(x, half) o = Mul(a, k)", "float[3,4]", 504, 3), ("a = Relu(x) o = Mul(a, zero)", "float[3,4]", 0, 0),
        ("a = Mul(x, half) d = Mul(y, half) o = Add(a, d)", "float[3,4]", 96, 1),
        ("a = Concat<axis = 1>(x, n) o = MatMul(a, matrix)", "float[3,2]", 96, 2),
    ])
    func constants(nodes: String, type: String, bytes: Int, rounds: Int) throws {
        try check(nodes, of: type, bytes, rounds)
    }

    /// A reshape between a root and a quotient, as there is in a batch of one, keeps SPU from taking the reciprocal root.
    @Test func rootBehindReshape() throws {
        try check(
            """
            m = ReduceMean(thin, last) d = Sub(thin, m) p = Mul(d, d) q = ReduceMean(p, last) a = Add(q, eps) s = Sqrt(a)
            o = Div(d, s)
            """, of: "float[1,3,4]", 16206, 77)
    }

    /// Normalisations are as jax writes them, too.
    @Test(arguments: [
        ("a = Expand(k, shape) o = LayerNormalization(a, d4)", "float[3,4]", 3294, 32),
        ("a = Expand(d11, wide) o = BatchNormalization(a, d2, d2, d2, d2)", "float[1,2,3,3]", 1876, 30),
    ])
    func normalizations(nodes: String, type: String, bytes: Int, rounds: Int) throws {
        try check(nodes, of: type, bytes, rounds)
    }

    /// Costs stay with the nodes of the model: what was removed costs nothing, and the rest is the total.
    @Test func costsBelongToNodes() throws {
        let profile = try profile("a = Relu(x) d = Abs(a) o = Sigmoid(d)", try SPU.semi2k())
        #expect(profile.entries.map(\.op.type) == ["Relu", "Abs", "Sigmoid"])
        #expect(profile.entries.map(\.cost.online.bytes) == [1728, 0, 12 * (200 + 1010)])
        let spelled = try self.profile("o = Softmax<axis = -1>(x)", try SPU.semi2k())
        #expect(spelled.entries[0].price.call.children.map(\.name).contains("reduce_max"))
    }
}
