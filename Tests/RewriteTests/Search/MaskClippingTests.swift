import Evaluate
import Frameworks
import IR
import Pricing
@testable import Rewrite
import Testing

/// Masks of attention are brought within the range on which a framework's exponential is right.
@Suite struct MaskClippingTests {
    private func graph(_ body: String, _ constants: String) throws -> Graph {
        var graph = try ONNXText.parseModel(
            """
            <ir_version: 10, opset_import: ["": 23]>
            g (float[2,4] x, bool[2,4] c, int64[2,4] m) => (float[2,4] y) \(constants) { \(body) }
            """)
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    private func constants(_ graph: Graph) throws -> [[Double]] {
        try graph.values.filter { $0.constant?.tensor.elementType == .float32 }.map {
            try $0.constant!.tensor.doubles()
        }
    }

    private func clipping(_ graph: Graph) -> (graph: Graph, names: [String])? {
        MaskClipping(depth: 512, graph: graph, ranges: RangeAnalysis(graph)).clipped()
    }

    /// Spellings of masks: by a choice, by a sum, by what is 0 or 1, and moved on the way.
    @Test(arguments: [
        ("a = Where (c, x, k) y = Softmax (a)", "<float k = {-1e9}>", [[-128.0]]),
        ("a = Where (c, k, x) y = LogSoftmax (a)", "<float k = {-3.4028235e38}>", [[-128.0]]),
        ("a = Add (x, k) y = Softmax (a)", "<float[1,4] k = {0, 0, -10000, -1e9}>", [[0, 0, -128, -128]]),
        (
            "f = Cast<to = 1> (m) p = Mul (f, k) e = Identity (p) a = Add (x, e) y = Softmax (a)", "<float k = {-1e4}>",
            [[-128.0]]
        ),
        // The sign is turned on the way, by a difference, a factor or a divisor that is negative, or twice.
        ("f = Cast<to = 1> (m) p = Mul (f, k) a = Sub (x, p) y = Softmax (a)", "<float k = {1e9}>", [[128.0]]),
        ("p = Where (c, k, x) n = Neg (p) y = Softmax (n)", "<float k = {1e9}>", [[128.0]]),
        (
            "f = Cast<to = 1> (c) l = Sub (f, one) p = Mul (l, k) a = Add (x, p) y = Softmax (a)",
            "<float k = {1e9}, float one = {1}>", [[128.0], [1]]
        ),
        (
            "p = Mul (k, n) a = Add (x, p) y = Softmax (a)", "<float[4] k = {0, 1e9, 5, 0}, float n = {-1}>",
            [[0, 128, 5, 0], [-1]]
        ),
        ("a = Add (x, k) s = Div (a, d) y = Softmax (s)", "<float k = {-1e9}, float d = {8}>", [[-128.0], [8]]),
        ("p = Neg (k) a = Sub (x, p) y = Softmax (a)", "<float k = {-1e9}>", [[-128.0]]),
        // The mask of an Attention.
        (
            "q = Unsqueeze (x, axes) a = Attention<q_num_heads = 1, kv_num_heads = 1> (q, q, q, k) y = Squeeze (a, axes)",
            "<float[1,2] k = {0, -1e9}, int64[1] axes = {0}>", [[0, -128]]
        ),
    ])
    func masksAreRaised(_ body: String, _ constant: String, _ expected: [[Double]]) throws {
        let clipped = try #require(clipping(graph(body, constant)))
        #expect(try Set(constants(clipped.graph)) == Set(expected))
        #expect(!clipped.names.isEmpty)
        // Nothing is left to do.
        #expect(clipping(clipped.graph) == nil)
    }

    @Test(arguments: [
        // Within the range.
        ("a = Where (c, x, k) y = Softmax (a)", "<float k = {-100}>"),
        // Somebody else reads it, or its sum.
        ("a = Where (c, x, k) s = Softmax (a) y = Max (s, k)", "<float k = {-1e9}>"),
        ("a = Add (x, k) s = Softmax (a) y = Add (a, s)", "<float k = {-1e9}>"),
        // It goes elsewhere.
        ("a = Where (c, x, k) y = Relu (a)", "<float k = {-1e9}>"),
        // A factor of numbers that need not be whole.
        ("p = Mul (x, k) y = Softmax (p)", "<float k = {-1e9}>"),
        // Both signs.
        ("p = Neg (k) a = Add (x, k) b = Add (a, p) y = Softmax (b)", "<float k = {-1e9}>"),
        // A divisor.
        ("a = Div (x, k) y = Softmax (a)", "<float k = {-1e9}>"),
        // A large positive number is no mask.
        ("a = Where (c, x, k) y = Softmax (a)", "<float k = {1e9}>"),
    ])
    func othersAreLeft(_ body: String, _ constant: String) throws {
        #expect(try clipping(graph(body, constant)) == nil)
    }

    @Test func infinityIsAMask() throws {
        var graph = try graph("a = Where (c, x, k) y = Softmax (a)", "<float k = {-1e9}>")
        let place = try #require(graph.values.firstIndex { $0.name == "k" })
        graph.values[place].constant?.tensor = Tensor(float32: [-.infinity], shape: [])
        #expect(try constants(try #require(clipping(graph)).graph) == [[-128]])
    }

    /// A framework without such a bound keeps its masks; with one, the step is taken and can be left out by name.
    @Test func whoNeedsIt() throws {
        let graph = try graph("a = Where (c, x, k) y = Softmax (a)", "<float k = {-1e9}>")
        func masks(_ framework: String, disabled: Set<String> = []) throws -> [[Double]] {
            var options = Optimizer.Options(objective: .bytes)
            options.disabledSteps = disabled
            let optimizer = Optimizer(
                rules: [], framework: try FrameworkCatalog.make(framework), evaluator: Interpreter(), options: options)
            return try constants(optimizer.optimize(graph).graph)
        }
        #expect(try masks("semi2k") == [[-128]])
        #expect(try masks("crypten") == [[-128]])
        #expect(try masks("semi2k", disabled: [MaskClipping.step]) == [[-1e9]])
        #expect(try masks("cheetah") == [[-1e9]])
    }
}
