import IR
import Testing

@Suite struct InlineFunctionsTests {
    private func inlined(_ main: String, _ functions: String...) throws -> Graph {
        let header = #"<ir_version: 10, opset_import: ["" : 21, "d" : 1, "ai.harrier" : 1]> "#
        let own = #"<domain: "d", opset_import: ["" : 21, "d" : 1]> "#
        let graph = try ONNXText.parseModel(header + main + "\n" + functions.map { own + $0 }.joined(separator: "\n"))
        let result = try graph.inliningFunctions()
        try result.verify()
        return result
    }

    @Test func bodyTakesThePlaceOfTheCall() throws {
        let graph = try inlined(
            "g (float[2] x) => (float[2] y) { a = Neg (x)  [\"/m/layer/f\"] y = d.f (a, x) }",
            "f (p, q) => (r) { t = Exp (p)  [n] r = Sub (t, q) }")
        #expect(
            graph.nodeLines == [
                "a = Neg (x)", #""/m/layer/f/t" = Exp (a)"#, #"["/m/layer/f/n"] y = Sub ("/m/layer/f/t", x)"#,
            ])
        #expect(graph.functions.isEmpty)
        #expect(graph.nodes.map(\.scope.description) == ["", "m.layer", "m.layer"])
    }

    @Test func attributesAreBoundOrLeftOut() throws {
        let function = """
            f <k, alpha: float = 0.5, beta> (p) => (r)
            { c = Constant <value_float: float = @alpha> ()
              t = Transpose <perm: ints = @k> (p)
              u = Mul (t, c)
              r = Elu <alpha: float = @beta> (u) }
            """
        let graph = try inlined("g (float[2] x) => (float[2] y) { y = d.f <k = [0]> (x) }", function)
        #expect(graph.nodes.map(\.attributes) == [["perm": .ints([0])], [:], [:]])
        let constant = try #require(graph.nodes[1].input(1))
        #expect(graph[constant].constant?.tensor.scalar == 0.5)
        #expect(throws: HarrierError.self) {
            try inlined("g (float[2] x) => (float[2] y) { y = d.f <k = 1> (x) }", function)
        }
    }

    @Test func callsInsideFunctionsAndTwiceTheSame() throws {
        let graph = try inlined(
            "g (float[2] x) => (float[2] y) { a = d.f (x)  y = d.f (a) }",
            "f (p) => (r) { t = d.h (p)  r = Neg (t) }", "h (p) => (r) { t = Exp (p)  r = Log (t) }")
        #expect(graph.nodes.map(\.op) == ["Exp", "Log", "Neg", "Exp", "Log", "Neg"])
        #expect(Set(graph.nodes.flatMap(\.outputs).compactMap { $0 }.map { graph[$0].name }).count == 6)
    }

    @Test func outputsThatNoNodeComputes() throws {
        let graph = try inlined(
            "g (float[2] x) => (float[2] a, float[2] b, float c, float[2] e) { a, b, c, e = d.f (x) }",
            "f (p) => (r, r, s, p) { r = Exp (p)  s = Constant <value_float = 2.0> () }")
        #expect(graph.nodes.map(\.op) == ["Exp", "Identity", "Identity", "Identity"])
        #expect(graph.outputs.map { graph[$0].name } == ["a", "b", "c", "e"])
    }

    @Test func operandsLeftOut() throws {
        let graph = try inlined(
            "g (float[2] x) => (float[2] y) { y = d.f (x) }", "f (p, low, high) => (r) { r = Clip (p, low, high) }")
        #expect(graph.nodeLines == ["y = Clip (x)"])
        #expect(throws: HarrierError.self) {
            try inlined("g (float[2] x) => (float[2] y) { y = d.f (x) }", "f (p, q) => (q) { r = Exp (p) }")
        }
    }

    @Test func bodiesOfNodesInFunctions() throws {
        let graph = try inlined(
            "g (bool c, float[2] x) => (float[2] y) { a = d.f <k = 2.0> (c, x)  y = d.f <k = 3.0> (c, a) }",
            """
            f <k> (c, p) => (r) {
              e = Exp (p)
              r = If (c) <
                then_branch = t () => (s) { v = Elu <alpha: float = @k> (e)  s = d.h (v) },
                else_branch = u () => (s) { s = Neg (p) }>
            }
            """, "h (p) => (r) { r = Log (p) }")
        #expect(graph.nodes.map(\.op) == ["Exp", "If", "Exp", "If"])
        let branches = graph.nodes.map(\.subgraphs)
        #expect(branches[1][1].nodes.map(\.op) == ["Elu", "Log"])
        #expect(branches[1][1].nodes[0].attributes == ["alpha": .float(2)])
        #expect(branches[3][1].nodes[0].attributes == ["alpha": .float(3)])
        let again = try ONNXText.parseModel(ONNXText.print(graph))
        #expect(again.nodes.map(\.op) == graph.nodes.map(\.op))
    }

    @Test func functionsOfHarrierStay() throws {
        let text = """
            <ir_version: 10, opset_import: ["" : 21, "ai.harrier" : 1, "d" : 1]>
            g (float[2] x) => (float[2] y) { a = ai.harrier.Truncate (x)  y = d.f (a) }
            <domain: "ai.harrier", opset_import: ["" : 21, "d" : 1]> Truncate (x) => (y) { y = d.f (x) }
            <domain: "d", opset_import: ["" : 21]> f (x) => (y) { y = Identity (x) }
            """
        let graph = try ONNXText.parseModel(text).inliningFunctions()
        #expect(graph.nodes.map(\.op) == [OperatorName("Truncate", domain: "ai.harrier"), "Identity"])
        #expect(graph.functions.map(\.name.type) == ["Truncate"])
        #expect(graph.functions[0].body.nodes.map(\.op) == ["Identity"])
    }

    @Test(arguments: [
        (["f (p) => (r) { r = d.f (p) }"], "calls itself"),
        (["f (p) => (r) { r = d.h (p) }", "h (p) => (r) { r = d.f (p) }"], "calls itself"),
        (["f () => (r) { r = RandomNormal <shape = [2]> () }"], "0 inputs and 1 outputs, not 1 and 1"),
    ])
    func isRefused(_ functions: [String], _ message: String) throws {
        let header = #"<ir_version: 10, opset_import: ["" : 21, "d" : 1]> "#
        let own = #"<domain: "d", opset_import: ["" : 21, "d" : 1]> "#
        let text = header + "g (float[2] x) => (float[2] y) { y = d.f (x) }" + functions.map { own + $0 }.joined()
        let graph = try ONNXText.parseModel(text)
        let error = try #require(throws: HarrierError.self) { try graph.inliningFunctions() }
        #expect(error.message.contains(message))
    }

    @Test func manyCallsOfCallsAreRefused() throws {
        var text = #"<ir_version: 10, opset_import: ["" : 21, "d" : 1]> g (float x) => (float y) { y = d.f0 (x) }"#
        for level in 0..<60 {  // 2^61 nodes
            text += #" <domain: "d", opset_import: ["" : 21, "d" : 1]> f\#(level) (x) => (y) "#
            text += "{ a = d.f\(level + 1) (x) y = d.f\(level + 1) (a) }"
        }
        text += #" <domain: "d", opset_import: ["" : 21]> f60 (x) => (y) { y = Exp (x) }"#
        let graph = try ONNXText.parseModel(text)
        let error = try #require(throws: HarrierError.self) { try graph.inliningFunctions() }
        #expect(error.message.contains("more than 1048576 nodes"))
    }
}
