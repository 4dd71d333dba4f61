import Harrier
import IR
import Testing

/// What a framework's importer refuses for the way in which it is written is written otherwise.
@Suite struct ImporterSpellingTests {
    /// Bodies of models that CrypTen can compute, and whose operators its importer takes in other spellings only.
    static let models = [
        "(float[2,8] x, float[2,8,3,3] z) => (float[2,8,3,3] y) { a = Constant<value_ints=[2,3]>() u = Unsqueeze(x, a) y = Mul(z, u) }",
        "(float[2,1,8,1] x) => (float[2,8] y) { a = Constant<value_ints=[1,-1]>() u = Squeeze(x, a) y = Relu(u) }",
        """
        (float[4,6] x) => (float[4,4] y) {
          s = Constant<value_ints=[-5]>() e = Constant<value_ints=[-1]>() a = Constant<value_ints=[-1]>()
          u = Slice(x, s, e, a) y = Relu(u)
        }
        """,
        """
        (float[1,2,5,5] x) => (float[1,3,3,3] y) <float[3,2,3,3] w = ["location": "w"]> { y = Conv(x, w) }
        """,
        """
        (float[2,4] x) => (float[2,3] y)
        <float[4,3] w = ["location": "w"], float[3] b = ["location": "w"]> { y = Gemm(x, w, b) }
        """,
        "(float[2,4] x) => (float[2,4] y) { p = Mul(x, x) c = Constant<value=float {1}>() q = Add(p, c) y = Reciprocal(q) }",
        """
        (float[2,4] x) => (float[2,4] y) {
          p = Mul(x, x) c = Constant<value=float {1}>() q = Add(p, c) h = Constant<value=float {3}>() y = Div(h, q)
        }
        """,
        """
        (float[2,4,5,5] x) => (float[2,4,5,5] y)
        <float[4] s = ["location": "w"], float[4] b = ["location": "w"]> { y = InstanceNormalization(x, s, b) }
        """,
    ]

    @Test(arguments: models)
    func crypTenTakesTheResult(_ text: String) throws {
        let graph = try ONNXText.parseModel("<ir_version: 8, opset_import: [\"\": 17]> m " + text).typed()
        let result = try Model(graph).optimize(under: FrameworkCatalog.make("crypten"))
        #expect(result.check.status == .passed)
        #expect(!result.notes.contains { $0.contains("importer refuses") }, "\(result.notes)")
    }
}
