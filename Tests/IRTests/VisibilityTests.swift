import IR
import Testing

@Suite("who knows what a graph computes")
struct VisibilityTests {
    @Test("shapes are public whoever knows the elements, and results are known to whoever knows all operands")
    func shapes() throws {
        let graph = try ONNXText.parseModel(
            """
            <ir_version: 8, opset_import: ["": 17]>
            g (float[N,3] x, float[N,3] y) => (int64[2] s, int64 n, float[N,3] z, float[N,3] m, float[N,3] w) {
              s = Shape (x)
              n = Size (x)
              z = Neg (x)
              m = Neg (y)
              w = Add (z, m)
            }
            """)
        let known = try graph.visibility(under: VisibilityPolicy(exceptions: ["y": .public]))
        #expect(graph.outputs.map { known[$0.index] } == [.public, .public, .private, .public, .private])
    }

    @Test("that fixed-point numbers are finite is public, unless the framework compares them")
    func finiteness() throws {
        let graph = try ONNXText.parseModel(
            """
            <ir_version: 8, opset_import: ["": 17]>
            g (float[N,3] x) => (bool[N,3] a, bool[N,3] b, float[N,3] y) {
              a = IsNaN (x)
              b = IsInf (x)
              y = Where (a, x, x)
            }
            """)
        var policy = VisibilityPolicy()
        #expect(try graph.visibility(under: policy).suffix(3) == [.public, .public, .private])
        policy.testsFiniteness = true
        #expect(try graph.visibility(under: policy).suffix(3) == [.private, .private, .private])
    }
}
