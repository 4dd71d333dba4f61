import IR
import Testing

@Suite struct CommonSubexpressionTests {
    @Test(arguments: [
        (
            "operators with equal operands",
            "a = Exp (x)  b = Exp (x)  y = Sub (a, b)", ["a = Exp (x)", "y = Sub (a, a)"]
        ),
        (
            "operands of a commutative operator in another order",
            "a = Add (x, z)  b = Add (z, x)  y = Sub (a, b)", ["a = Add (x, z)", "y = Sub (a, a)"]
        ),
        (
            "not those of another operator",
            "a = Sub (x, z)  b = Sub (z, x)  y = Sub (a, b)",
            ["a = Sub (x, z)", "b = Sub (z, x)", "y = Sub (a, b)"]
        ),
        (
            "chains",
            "a = Exp (x)  b = Exp (x)  c = Log (a)  d = Log (b)  y = Sub (c, d)",
            ["a = Exp (x)", "c = Log (a)", "y = Sub (c, c)"]
        ),
        (
            "equal attributes only",
            "a = Softmax <axis = 0> (x)  b = Softmax <axis = 1> (x)  c = Softmax <axis = 0> (x)  d = Add (a, b)  y = Sub (c, d)",
            [
                "a = Softmax <axis: int = 0> (x)", "b = Softmax <axis: int = 1> (x)", "d = Add (a, b)",
                "y = Sub (a, d)",
            ]
        ),
        (
            "nothing random",
            "a = RandomUniformLike (x)  b = RandomUniformLike (x)  y = Sub (a, b)",
            ["a = RandomUniformLike (x)", "b = RandomUniformLike (x)", "y = Sub (a, b)"]
        ),
        (
            "nothing unknown",
            "a = d.F (x)  b = d.F (x)  y = Sub (a, b)", ["a = d.F (x)", "b = d.F (x)", "y = Sub (a, b)"]
        ),
        (
            "an output keeps its name",
            "a = Exp (x)  y = Exp (x)  z2 = Log (a)", ["y = Exp (x)"]
        ),
    ])
    func merges(_ what: String, _ nodes: String, _ expected: [String]) throws {
        let graph = try model("g (float[2,2] x, float[2,2] z) => (float[2,2] y) { \(nodes) }")
            .eliminatingCommonSubexpressions()
        #expect(graph.nodeLines == expected, "\(what)")
        try graph.verify()
    }

    @Test func twoOutputsStayTwo() throws {
        let graph = try model("g (float[2] x) => (float[2] y, float[2] z) { y = Exp (x)  z = Exp (x) }")
        #expect(graph.eliminatingCommonSubexpressions().nodeLines == ["y = Exp (x)", "z = Exp (x)"])
    }

    @Test func constantsOfOneFormAndContent() throws {
        let graph = try model(
            """
            g (float[2] x) => (float[2] y)
            <float[2] u = {1, 2}, float[2] v = {1, 2}, float[2] w = {1, 3},
             float[2] e = ["location": "w.bin", "offset": "0", "length": "8"],
             float[2] f = ["location": "w.bin", "offset": "0", "length": "8"],
             float[2] h = ["location": "w.bin", "length": "8"],
             float[2] i = ["location": "w.bin", "length": "8"]>
            {
              l = Constant <value = float[2] {1, 2}> ()
              m = Constant <value = float[2] {1, 2}> ()
              y = Sum (x, u, v, w, e, f, h, i, l, m)
            }
            """
        ).eliminatingCommonSubexpressions()
        #expect(graph.initializerNames == ["u", "w", "e", "h", "i"])
        #expect(graph.nodeLines.last == "y = Sum (x, u, u, w, e, e, h, i, l, l)")
    }

    @Test func bodiesReadTheValueThatStays() throws {
        let graph = try model(
            """
            g (bool c, float[2] x) => (float[2] y, float[2] b)
            {
              a = Exp (x)
              b = Exp (x)
              y = If (c) <
                then_branch = t () => (float[2] s) { s = Add (a, b) },
                else_branch = e () => (float[2] s) { s = Neg (b) }>
            }
            """
        ).eliminatingCommonSubexpressions()
        #expect(graph.nodes.map(\.op) == ["Exp", "If"])
        #expect(graph.outputs.map { graph[$0].name } == ["y", "b"])
        for body in graph.nodes[1].subgraphs { #expect(body.captures.map { body[$0].name } == ["b"]) }
        try graph.verify()
    }
}
