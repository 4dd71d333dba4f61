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
            <ir_version: 10, opset_import: ["": 21]>
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

    private static let clipping = MaskClipping(depth: 512)

    /// Spellings of masks: by a choice, by a sum, by what is 0 or 1, and moved on the way.
    @Test(arguments: [
        ("a = Where (c, x, k) y = Softmax (a)", "<float k = {-1e9}>", [[-128.0]]),
        ("a = Where (c, k, x) y = LogSoftmax (a)", "<float k = {-3.4028235e38}>", [[-128.0]]),
        ("a = Add (x, k) y = Softmax (a)", "<float[1,4] k = {0, 0, -10000, -1e9}>", [[0, 0, -128, -128]]),
        (
            "f = Cast<to = 1> (m) p = Mul (f, k) e = Identity (p) a = Add (x, e) y = Softmax (a)", "<float k = {-1e4}>",
            [[-128.0]]
        ),
    ])
    func masksAreRaised(_ body: String, _ constant: String, _ expected: [[Double]]) throws {
        let clipped = try #require(Self.clipping.clipped(graph(body, constant)))
        #expect(try constants(clipped.graph) == expected)
        #expect(!clipped.names.isEmpty)
        // Nothing is left to do.
        #expect(Self.clipping.clipped(clipped.graph) == nil)
    }

    @Test(arguments: [
        // Within the range.
        ("a = Where (c, x, k) y = Softmax (a)", "<float k = {-100}>"),
        // Somebody else reads it, or its sum.
        ("a = Where (c, x, k) s = Softmax (a) y = Max (s, k)", "<float k = {-1e9}>"),
        ("a = Add (x, k) s = Softmax (a) y = Add (a, s)", "<float k = {-1e9}>"),
        // It goes elsewhere.
        ("a = Where (c, x, k) y = Relu (a)", "<float k = {-1e9}>"),
        // A large positive number is no mask.
        ("a = Where (c, x, k) y = Softmax (a)", "<float k = {1e9}>"),
    ])
    func othersAreLeft(_ body: String, _ constant: String) throws {
        #expect(try Self.clipping.clipped(graph(body, constant)) == nil)
    }

    @Test func infinityIsAMask() throws {
        var graph = try graph("a = Where (c, x, k) y = Softmax (a)", "<float k = {-1e9}>")
        let place = try #require(graph.values.firstIndex { $0.name == "k" })
        graph.values[place].constant?.tensor = Tensor(float32: [-.infinity], shape: [])
        #expect(try constants(try #require(Self.clipping.clipped(graph)).graph) == [[-128]])
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
