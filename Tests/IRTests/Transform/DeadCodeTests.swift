import IR
import Testing

@Suite struct DeadCodeTests {
    @Test func removesWhatNoOutputNeeds() throws {
        let graph = try model(
            """
            g (float[2] x, float[2] unused) => (float[2] y) <float[2] w = {1, 2}, float[2] v = {1, 2}>
            {
              a = Exp (x)
              b = Mul (a, v)
              c = Log (b)
              y = Add (x, w)
            }
            """
        ).removingDeadCode()
        #expect(graph.nodeLines == ["y = Add (x, w)"])
        #expect(graph.initializerNames == ["w"])
        #expect(graph.inputs.map { graph[$0].name } == ["x", "unused"])
        #expect(graph.values.count == 4)
        try graph.verify()
    }

    @Test func keepsWhatBodiesRead() throws {
        let graph = try model(
            """
            g (bool c, float[2] x) => (float[2] y)
            {
              a = Exp (x)
              b = Log (x)
              y = If (c) <
                then_branch = t () => (float[2] s) { s = Identity (a)  dead = Log (b) },
                else_branch = e () => (float[2] s) { s = Neg (x) }>
            }
            """
        ).removingDeadCode()
        #expect(graph.nodes.map(\.op) == ["Exp", "If"])
        #expect(graph.nodes[1].subgraphs.map { $0.nodes.count } == [1, 1])
        try graph.verify()
    }

    @Test func keepsFunctionsThatAreCalled() throws {
        let graph = try model(
            """
            <ir_version: 10, opset_import: ["" : 21, "d" : 1]>
            g (float[2] x) => (float[2] y) { y = d.f (x)  z = d.h (x) }
            <domain: "d", opset_import: ["" : 21, "d" : 1]> f (x) => (y) { y = d.inner (x) }
            <domain: "d", opset_import: ["" : 21]> inner (x) => (y) { y = Exp (x) }
            <domain: "d", opset_import: ["" : 21]> h (x) => (y) { y = Log (x) }
            """
        ).removingDeadCode()
        #expect(graph.functions.map(\.name.type) == ["f", "inner"])
    }
}
