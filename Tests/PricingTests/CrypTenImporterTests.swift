import IR
@testable import Frameworks
import Pricing
import Testing

/// What CrypTen's importer takes.
@Suite struct CrypTenImporterTests {
    private func refusal(_ expression: String) throws -> String? {
        let graph = try model(
            """
            g (float[2,3] x, float[2,3] y, float[3,2] t, float[2,3] c, int64[2] i, float[1,2,8,8] m, float[3,2,3,3] w,
               float[2] b, float[3] v, float[3,3] q)
              => (float[2,3] u)
              <float two = {2}, float half = {0.5}, float one = {1}, int64[1] axis = {1}, int64[2] index = {0, 1}>
            {
              u = Identity(x)
              at = Constant<value_ints = [0, 1]>()
              zero = Constant<value_ints = [0]>()
              many = Constant<value_ints = [2]>()
              back = Constant<value_ints = [-1]>()
              wide = Constant<value_ints = [2, 3]>()
              tall = Constant<value_ints = [1, 2, 3]>()
              kept = Constant<value_ints = [0, -1]>()
              end = Constant<value_ints = [9223372036854775807]>()
              z = EXPRESSION
            }
            """.replacing("EXPRESSION", with: expression))
        let crypten = try CrypTen()
        let policy = VisibilityPolicy(exceptions: ["c": .public, "i": .public])
        let node = try #require(graph.nodes.last)
        return crypten.refusal(OperatorSite(node, in: graph, visibility: try graph.visibility(under: policy)))
    }

    @Test(arguments: [
        "Add(x, y)", "Mul(x, c)", "Div(x, y)", "MatMul(x, t)", "Pow(x, two)", "Relu(x)", "Sigmoid(x)", "Sqrt(x)",
        "Erf(x)",
        "Softmax<axis = 1>(x)", "Clip(x, one, two)", "Gather<axis = 0>(x, at)", "Gather<axis = 1>(x, i)",
        "Concat<axis = 0>(x, y)",
        "Transpose<perm = [1, 0]>(x)", "Gemm<alpha = 1.0, beta = 1.0>(x, t, b)", "Slice(x, zero, many)",
        "Slice(x, zero, many, zero)", "Reshape(x, wide)", "Expand(x, wide)", "Expand(v, wide)",
        "Conv<strides = [1, 1], pads = [1, 1, 1, 1], dilations = [1, 1]>(m, w)", "GlobalAveragePool(m)",
        "MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(m)", "ReduceMean(x, zero)", "Unsqueeze(x, zero)",
        "AveragePool<kernel_shape = [3, 3], strides = [1, 1], pads = [1, 1, 1, 1], count_include_pad = 1>(m)",
    ])
    func taken(expression: String) throws {
        #expect(try refusal(expression) == nil)
    }

    @Test(arguments: [
        ("Max(x, y)", "no Max"), ("Identity(x)", "no Identity"), ("Neg(x)", "no Neg"), ("Tanh(x)", "no Tanh"),
        ("LayerNormalization(x, y)", "no LayerNormalization"), ("com.acme.Guess(x)", "no com.acme::Guess"),
        ("Sub(c, x)", "secret operand first"), ("Pow(x, half)", "integer exponent"), ("Softmax(x)", "'axis'"),
        ("Clip(x, one)", "two public bounds"), ("Gather<axis = 0>(x, index)", "Constant node"),
        ("Concat<axis = 0>(x)", "two"),
        ("Concat<axis = 0>(x, c)", "mix"), ("Slice(x, zero, back)", "beginning"),
        ("Slice(x, zero, end)", "32 bits"), ("Add(x, x)", "same value twice"), ("MatMul(q, q)", "same value twice"),
        ("Reshape(x, kept)", "no 0"), ("Expand(x, tall)", "number of axes"), ("Gather(x, at)", "'axis'"),
        ("Gemm(x, t, b)", "'alpha'"),
        ("Gemm<alpha = 1.0, beta = 1.0>(x, t)", "three operands"), ("ReduceMean(x)", "axes"),
        ("Transpose(x)", "'perm'"),
        ("ReduceSum(x, zero)", "axes"), ("Squeeze(m, zero)", "axes"), ("Unsqueeze(x, at)", "one axis"),
        ("Conv<strides = [1, 1], pads = [0, 0, 1, 1], dilations = [1, 1]>(m, w)", "equal padding"),
        ("Conv(m, w)", "'strides'"), ("MaxPool<kernel_shape = [2, 3], strides = [2, 2]>(m)", "same 'kernel_shape'"),
        ("AveragePool<kernel_shape = [3, 3], strides = [1, 1], pads = [1, 1, 1, 1]>(m)", "counts the padding"),
    ])
    func refused(expression: String, reason: String) throws {
        let refusal = try refusal(expression)
        #expect(refusal?.contains(reason) == true, "\(refusal ?? "taken")")
    }
}
