import DataFiles
import Evaluate
import Foundation
import IR
import TestSupport
import Testing

@testable import Rewrite

/// What the matcher asks of a graph without a rule's author having to say so.
@Suite struct MatchingTests {
    /// How often a pattern matches in a graph.
    private func matches(
        _ pattern: String, in graph: String, optional: [String: Double] = [:], facts chosen: [String: String] = [:]
    ) throws -> Int {
        var host = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\": 21]>\n\(graph)")
        try host.inferTypes(evaluator: Interpreter())
        let function = try ONNXText.parseFunction(pattern, file: "pattern", firstLine: 1)
        let facts = GraphFacts(host, visibility: try host.visibility(under: VisibilityPolicy()))
        var quantified: [OperatorName: OperatorFact] = [:]
        for (word, fact) in chosen { quantified[OperatorName(word)] = try #require(OperatorFact(named: fact)) }
        let pattern = try Pattern(function, optionalInputs: optional, quantified: quantified)
        let matcher = Matcher(pattern: pattern, facts: facts)
        return host.nodes.indices.reduce(0) { $0 + matcher.matches(root: $1).count }
    }

    @Test(
        "an attribute that a pattern does not mention has its default",
        arguments: [
            ("y = Softmax (x)", 1), ("y = Softmax <axis: int = -1> (x)", 1), ("y = Softmax <axis: int = 0> (x)", 0),
            ("y = LogSoftmax (x)", 0),
        ])
    func defaults(node: String, count: Int) throws {
        let graph = "g (float[2,3] x) => (float[2,3] y) { \(node) }"
        #expect(try matches("p (x) => (y) { y = Softmax (x) }", in: graph) == count)
    }

    @Test(
        "an attribute that a pattern mentions has that value",
        arguments: [("<alpha: float = 0.5>", 1), ("<alpha: float = 0.25>", 0), ("", 0)])
    func values(attribute: String, count: Int) throws {
        let graph = "g (float[2,3] x) => (float[2,3] y) { y = Elu \(attribute) (x) }"
        #expect(try matches("p (x) => (y) { y = Elu <alpha: float = 0.5> (x) }", in: graph) == count)
    }

    @Test("a variable stands for one value", arguments: [("1", 1), ("0", 0)])
    func variables(axis: String, count: Int) throws {
        let pattern = """
            p (x) => (z) { y = Softmax <axis: int = @axis> (x) z = LogSoftmax <axis: int = @axis> (y) }
            """
        let graph = """
            g (float[2,3] x) => (float[2,3] z) { y = Softmax <axis: int = 1> (x) z = LogSoftmax <axis: int = \(axis)> (y) }
            """
        #expect(try matches(pattern, in: graph) == count)
    }

    @Test(
        "an operand may be left out only where the rule says so",
        arguments: [([:], "y = Gemm (x, w)", 0), (["b": 0], "y = Gemm (x, w)", 1), ([:], "y = Gemm (x, w, x)", 1)])
    func optionalOperands(optional: [String: Double], node: String, count: Int) throws {
        let graph = "g (float[3,3] x, float[3,3] w) => (float[3,3] y) { \(node) }"
        #expect(try matches("p (x, w, b) => (y) { y = Gemm (x, w, b) }", in: graph, optional: optional) == count)
        // The other way round: an operand that the pattern does not have.
        let without = try matches("p (x, w) => (y) { y = Gemm (x, w) }", in: graph)
        #expect(without == (node.contains("w, x") ? 0 : 1))
    }

    @Test(
        "an output that the pattern does not have must be read by nobody",
        arguments: [("", 1), (", int64[1,1,2] i", 0)])
    func outputs(more: String, count: Int) throws {
        let graph = "g (float[1,1,3] x) => (float[1,1,2] y\(more)) { y, i = MaxPool <kernel_shape: ints = [2]> (x) }"
        let pattern = "p (x) => (y) { y = MaxPool <kernel_shape: ints = @k> (x) }"
        #expect(try matches(pattern, in: graph) == count)
    }

    @Test(
        "operands change places where the operator allows it",
        arguments: [("y = Add (r, x)", 1), ("y = Add (x, r)", 1), ("y = Sub (r, x)", 0), ("y = Add (x, x)", 0)])
    func commutativity(node: String, count: Int) throws {
        let graph = "g (float[3] x) => (float[3] y) { r = Relu (x) \(node) }"
        #expect(try matches("p (x) => (y) { r = Relu (x) y = Add (x, r) }", in: graph) == count)
    }

    @Test("the same name is the same value", arguments: [("y = Mul (x, x)", 1), ("y = Mul (x, z)", 0)])
    func names(node: String, count: Int) throws {
        let graph = "g (float[3] x, float[3] z) => (float[3] y) { \(node) }"
        #expect(try matches("p (x) => (y) { y = Mul (x, x) }", in: graph) == count)
    }

    @Test(
        "a constant of the pattern is a public constant of equal elements",
        arguments: [
            ("t = Constant <value: tensor = float {2.0}> ()", "", 1),
            ("t = Constant <value: tensor = float[1,1] {2.0}> ()", "", 1),
            ("t = Constant <value: tensor = float {2.5}> ()", "", 0),
            ("t = Constant <value: tensor = float[3] {2.0, 2.0, 2.0}> ()", "", 0),
            ("t = Neg (x)", "", 0), ("", "<float[1] t = {2.0}>", 0), ("", "<float t = {2.0}>", 1),
        ])
    func constants(node: String, initializers: String, count: Int) throws {
        let graph = "g (float[2,3] x) => (float[2,3] y) \(initializers) { \(node) y = Pow (x, t) }"
        let pattern = "p (x) => (y) { two = Constant <value: tensor = float {2.0}> () y = Pow (x, two) }"
        #expect(try matches(pattern, in: graph) == count)
    }

    @Test("what is computed beforehand, and nodes with bodies, are left alone")
    func precomputed() throws {
        var host = try ONNXText.parseModel(
            "<ir_version: 10, opset_import: [\"\": 21]>\ng (float[3] x) => (float[3] y) { y = Relu (x) }")
        try host.inferTypes(evaluator: Interpreter())
        let function = try ONNXText.parseFunction("p (x) => (y) { y = Relu (x) }", file: "pattern", firstLine: 1)
        let pattern = try Pattern(function, optionalInputs: [:])
        func count(_ graph: Graph) throws -> Int {
            let facts = GraphFacts(graph, visibility: try graph.visibility(under: VisibilityPolicy()))
            return Matcher(pattern: pattern, facts: facts).matches(root: 0).count
        }
        #expect(try count(host) == 1)
        host.nodes[0].metadata[Graph.precomputedKey] = "true"
        #expect(try count(host) == 0)
    }

    @Test(
        "two nodes of a pattern may be one node of the graph, unless both compute outputs",
        arguments: [
            ("p (a, b) => (y) { u = Exp (a) v = Exp (b) y = Mul (u, v) }", 1),
            ("p (a, b) => (u, v) { u = Exp (a) v = Exp (b) }", 0),
            ("p (a, b) => (u, y) { u = Exp (a) v = Exp (b) y = Mul (u, v) }", 1),
        ])
    func oneNodeTwice(pattern: String, count: Int) throws {
        let graph = "g (float[3] x) => (float[3] y) { e = Exp (x) y = Mul (e, e) }"
        #expect(try matches(pattern, in: graph) == count)
    }

    @Test(
        "a word stands for every operator of which the fact holds, with its attributes and single numbers",
        arguments: [
            ("f = Relu (x)", 1), ("f = LeakyRelu <alpha = 0.5> (x)", 1), ("f = LeakyRelu <alpha = -0.5> (x)", 0),
            ("f = Abs (x)", 0), ("f = Clip (x, low, high)", 1), ("f = Clip (x, \"\", high)", 1), ("f = Neg (x)", 0),
        ])
    func facts(node: String, count: Int) throws {
        let graph = """
            g (float[3] x) => (float[3] y) <float low = {-1}, float high = {1}> { \(node) y = Softmax <axis = 0> (f) }
            """
        let pattern = "p (x) => (y) { f = F <@*> (x) y = Softmax <@*> (f) }"
        #expect(try matches(pattern, in: graph, facts: ["F": "increasing"]) == count)
        // Without the sign attributes must have their defaults.
        let plain = "p (x) => (y) { f = F (x) y = Softmax <@*> (f) }"
        #expect(try matches(plain, in: graph, facts: ["F": "increasing"]) == (node.contains("alpha") ? 0 : count))
    }

    @Test(
        "nodes of one word are the same function",
        arguments: [
            ("f = LeakyRelu (x) g = LeakyRelu <alpha = 0.01> (z)", 1),
            ("f = LeakyRelu (x) g = LeakyRelu <alpha = 0.5> (z)", 0),
            ("f = Relu (x) g = Sigmoid (z)", 0), ("f = Clip (x, low, high) g = Clip (z, low, high)", 1),
            ("f = Clip (x, low, high) g = Clip (z, low, other)", 0), ("f = Clip (x, low, high) g = Clip (z, low)", 0),
        ])
    func wholes(nodes: String, count: Int) throws {
        let graph = """
            g (float[3] x, float[3] z) => (float[3] y) <float low = {-1}, float high = {1}, float other = {2}> {
              \(nodes) y = Sub (f, g)
            }
            """
        let pattern = "p (a, b) => (y) { f = F <@*> (a) g = F <@*> (b) y = Sub (f, g) }"
        #expect(try matches(pattern, in: graph, facts: ["F": "increasing"]) == count)
    }
}
