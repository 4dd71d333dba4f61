import Foundation
import Harrier
import IR
import Testing

@testable import Evaluate

/// Models that were once optimized into something else, each for a kind. The result is run in the types of the file on inputs on which it
/// showed.
@Suite struct SoundnessCaseTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        /// Inputs by name; ordinary numbers where none are given.
        var inputs: [String: [Double]] = [:]

        var testDescription: String { name }
    }

    private static let triangle = (0..<36).map { $0 % 6 > $0 / 6 ? "-1e9" : "0" }.joined(separator: ",")
    private static let infinite = triangle.replacingOccurrences(of: "-1e9", with: "-inf")

    static let cases: [Case] = [
        Case(
            name: "the larger of two inputs of different size",
            text: "(float[3] a, float[3] b) => (float[3] y) { y = Max (a, b) }",
            inputs: ["a": [-1e9, 1, 0.3], "b": [0.3, -1e9, 1e8]]),
        Case(
            name: "the smaller of two inputs of different size",
            text: "(float[3] a, float[3] b) => (float[3] y) { y = Min (a, b) }",
            inputs: ["a": [1e9, 1, 0.3], "b": [0.3, 1e9, -1e8]]),
        Case(
            name: "the largest of masked values",
            text: """
                (float[1,2,6,6] s) => (float[1,2,6,1] y) <float[1,1,6,6] mask = {\(triangle)}>
                { axes = Constant <value_ints = [-1]> () t = Add (s, mask) y = ReduceMax (t, axes) }
                """,
            inputs: ["s": (0..<12).flatMap { _ in [0.5, -2, 3, 1, 0, -1] }]),
        Case(
            name: "a softmax of scores with a mask of infinities",
            text: """
                (float[1,2,6,6] s) => (float[1,2,6,6] y) <float[1,1,6,6] mask = {\(infinite)}>
                { t = Add (s, mask) y = Softmax <axis = -1> (t) }
                """),
        Case(
            name: "two masks of the lowest number",
            text: """
                (float[6,6] x, bool[6,6] pad) => (float[6,6] y)
                {
                  low = Constant <value = float {-3.4028235e38}> ()
                  zero = Constant <value = float {0.0}> ()
                  a = Where (pad, x, low)
                  b = Where (pad, low, zero)
                  s = Add (a, b)
                  y = Softmax <axis = -1> (s)
                }
                """),
        Case(
            name: "a pool of what is padded with infinities",
            text: """
                (float[1,2,6,6] x) => (float[1,2,3,3] y) {
                  pads = Constant <value_ints = [0, 0, 0, 0, 0, 0, 1, 1]> ()
                  low = Constant <value = float {-inf}> ()
                  t = Pad (x, pads, low)
                  y = MaxPool <kernel_shape = [3, 3], strides = [2, 2]> (t)
                }
                """),
        Case(
            name: "a clip with a bound far away",
            text: """
                (float[6] x) => (float[6] y) {
                  low = Constant <value = float {-1e9}> ()
                  high = Constant <value = float {0.0}> ()
                  y = Clip (x, low, high)
                }
                """,
            inputs: ["x": [-0.3, 0.2, -1.5, 2, -0.001, -7]]),
        Case(
            name: "a clip with the lowest number as a bound",
            text: """
                (float[6] x) => (float[6] y) {
                  low = Constant <value = float {-3.4e38}> ()
                  high = Constant <value = float {6.0}> ()
                  y = Clip (x, low, high)
                }
                """),
        Case(
            name: "a choice between a value and a mask",
            text: """
                (float[2,3] x, float[2,3] z) => (float[2,3] y) {
                  low = Constant <value = float {-1e9}> ()
                  n = Neg (x)
                  c = Greater (z, n)
                  y = Where (c, n, low)
                }
                """),
        Case(
            name: "a slice of what is joined, across both",
            text: """
                (float[5,4] a, float[5,4] b) => (float[4,4] y) {
                  s = Constant <value_ints = [0]> ()
                  e = Constant <value_ints = [4]> ()
                  r = Relu (a)
                  c = Concat <axis = 0> (r, b)
                  y = Slice (c, s, e, s)
                }
                """),
        Case(
            name: "a slice that begins before the first place",
            text: """
                (float[6] x) => (float[3] y) {
                  zero = Constant <value_ints = [0]> ()
                  s1 = Constant <value_ints = [-9]> ()
                  e1 = Constant <value_ints = [6]> ()
                  s2 = Constant <value_ints = [2]> ()
                  e2 = Constant <value_ints = [5]> ()
                  a = Slice (x, s1, e1, zero)
                  b = Slice (a, s2, e2, zero)
                  y = Relu (b)
                }
                """),
        Case(
            name: "places that count from the end",
            text: "(int64[3] p) => (float[3,2] y) <float[4,2] t = {1,2,3,4,5,6,7,8}> { y = Gather (t, p) }",
            inputs: ["p": [-1, 2, -3]]),
        Case(
            name: "a product with a batch of matrices and a vector",
            text: """
                (float[2] c, float[3,3] a, float[3,3,2] b) => (float[3,3] y) { r = MatMul (b, c) y = MatMul (a, r) }
                """),
        Case(
            name: "a mean of volumes",
            text: """
                (float[1,2,2,2,3] x) => (float[1,2,1,1,1] y) <float[2,2,1,1,1] w = {0.5,-1,2,0.25}>
                { m = GlobalAveragePool (x) y = Conv (m, w) }
                """),
        Case(
            name: "a division of integers before a product",
            text: """
                (int32[3,4] x) => (int32[3,2] y) <int32[4,2] w = {-2,-4,-1,1,0,3,-2,1}>
                { c = Constant <value = int32 {2}> () p = Div (x, c) y = MatMul (p, w) }
                """,
            inputs: ["x": [1, 3, 5, 7, -1, -3, 9, 2, 0, 1, 4, 11]]),
        Case(
            name: "a product over an axis of length 0",
            text: "(float[2,3,0] a, float[2,0,4] b) => (float[2,3,4] y) { y = MatMul (a, b) }"),
        Case(
            name: "a clip behind a reshape, with a bound that few numbers reach",
            text: """
                (float[3] x) => (float[3] y) {
                  shape = Constant <value_ints = [3]> ()
                  low = Constant <value = float {0.0}> ()
                  high = Constant <value = float {19.0}> ()
                  r = Reshape (x, shape)
                  y = Clip (r, low, high)
                }
                """,
            inputs: ["x": [53, -2, 18]]),
        Case(
            name: "a mask of the lowest number before a layer and a softmax",
            text: """
                (float[2,3] x) => (float[2,3] y) <bool[1,3] masked = {0,1,1}, float[3,3] w = {1.5,-0.5,0.75,-0.9,1.3,-0.4,2.5,1.4,1.2}> {
                  low = Constant <value = float {-3.4028235e38}> ()
                  m = Where (masked, low, x)
                  z = MatMul (m, w)
                  y = Softmax <axis = -1> (z)
                }
                """),
        Case(
            name: "a slice that begins at the smallest integer",
            text: """
                (float[8,5] x) => (float[8,2] y) {
                  start = Constant <value_ints = [-9223372036854775808]> ()
                  end = Constant <value_ints = [2]> ()
                  axes = Constant <value_ints = [1]> ()
                  y = Slice (x, start, end, axes)
                }
                """),
        Case(
            name: "an activation that is compared with its operand",
            text: "(float[6] x) => (bool[6] y) { e = Elu (x) y = Less (e, x) }"),
        Case(
            name: "a quotient of equal numbers before a rounding",
            text:
                "(float[3] x) => (float[3] y) { c = Constant <value = float {49.0}> () z = Div (x, c) y = Floor (z) }",
            inputs: ["x": [49, 98, 147]]),
    ]

    @Test(arguments: cases, ["crypten", "semi2k", "cryptflow2"])
    func theResultComputesTheSameInItsOwnTypes(_ test: Case, _ framework: String) throws {
        let graph = try ONNXText.parseModel("<ir_version: 10, opset_import: [\"\" : 21]> m " + test.text)
        let model = Model(try graph.typed())
        let inputs = try inputs(of: test, for: model.graph)
        let interpreter = Interpreter(precision: .float32)
        let expected = try interpreter.run(model.graph, inputs: inputs)
        for objective in [Objective.bytes, .rounds] {
            var options = OptimizationOptions()
            options.search.objective = objective
            let result = try model.optimize(under: FrameworkCatalog.make(framework), options: options)
            let found = try interpreter.run(result.model.graph, inputs: inputs)
            for (name, array) in expected {
                let others = try #require(found[name]).doubles()
                for (one, other) in zip(try array.doubles(), others) {
                    let isSame =
                        one == other || one.isNaN && other.isNaN || abs(one - other) <= 1e-5 * max(abs(one), 0.01)
                    #expect(isSame, "\(name): \(one) became \(other) by \(result.rewrites.map(\.rule))")
                }
            }
        }
    }

    private func inputs(of test: Case, for graph: Graph) throws -> [String: NumericArray] {
        var result: [String: NumericArray] = [:]
        for id in graph.inputs {
            let type = try #require(graph[id].type)
            let shape = try #require(type.lengths)
            let usual = (0..<shape.reduce(1, *)).map {
                type.elementType == .bool ? Double($0 % 2) : sin(Double($0) * 1.7) * 3
            }
            let numbers = test.inputs[graph[id].name] ?? usual
            result[graph[id].name] =
                try type.elementType.isFloatingPoint
                ? NumericArray(numbers, shape: shape, elementType: type.elementType)
                : NumericArray(type.elementType, shape: shape, storage: .integers(numbers.map { Int64($0) }))
        }
        return result
    }

    @Test func aModelThatCountsForeverIsNotChecked() throws {
        let graph = try ONNXText.parseModel(
            """
            <ir_version: 10, opset_import: ["" : 21]>
            m (float[2,3] x) => (float[2,3] y) <int64 m = {4611686018427387904}> {
              y = Loop (m, "", x) <body: graph = b (int64 i, bool cc, float[2,3] s) => (bool co, float[2,3] t) {
                t = Relu (s)
                co = Identity (cc)
              }>
            }
            """)
        let result = try Model(try graph.typed()).optimize(under: FrameworkCatalog.make("semi2k"))
        #expect(result.check.status == .skipped)
    }

    @Test func oneLargeElementDoesNotHideTheOthers() throws {
        func model(_ body: String) throws -> Graph {
            try ONNXText.parseModel(
                "<ir_version: 10, opset_import: [\"\" : 21]> m (float[2,2] x) => (float[2,2] y) <float[2,2] m = {0,-1e9,0,0}> { \(body) }"
            ).typed()
        }
        let (one, other) = (try model("y = Add (x, m)"), try model("z = Mul (x, x) y = Add (z, m)"))
        var settings = ComparisonSettings()
        #expect(NumericCheck.compare(one, other, settings).status == .passed)
        settings.inOwnTypes = true
        #expect(NumericCheck.compare(one, other, settings).status == .failed)
        #expect(NumericCheck.compare(one, one, settings).status == .passed)
    }

    @Test func castsRoundInTheirOwnTypes() throws {
        let text = "<ir_version: 10, opset_import: [\"\" : 21]> m () => (float[2] y)"
        let cast = try ONNXText.parseModel(
            text + " <float[2] x = {300.2,1e-9}> { h = Cast <to = 10> (x) y = Cast <to = 1> (h) }"
        ).typed()
        let constant = try ONNXText.parseModel(text + " <float[2] c = {300.25,0}> { y = Identity (c) }").typed()
        var settings = ComparisonSettings()
        settings.inOwnTypes = true
        #expect(NumericCheck.compare(cast, constant, settings).status == .passed)
    }

    /// A wrong rule of a user's costs itself.
    @Test func aRuleThatIsWrongIsLeftOut() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "harrier-\(UUID().uuidString)/wrong")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        try """
        summary: An exponential is a Relu.
        saves: Everything.
        source: A mistake.
        before: before (x) => (y) { y = Exp (x) }
        after: after (x) => (y) { y = Relu (x) }
        examples:
          - graph: one (float[2] x) => (float[2] y) { y = Exp (x) }
        counterexamples:
          - {name: another, replace: {Exp: Tanh}}
        """.write(to: folder.appending(path: "exp-as-relu.yaml"), atomically: true, encoding: .utf8)
        var catalog = try RuleCatalog.builtIn()
        try catalog.load(folder: folder.deletingLastPathComponent().path)
        let graph = try ONNXText.parseModel(
            """
            <ir_version: 10, opset_import: ["" : 21]> m (float[4,8] x) => (float[4,8] y) {
              one = Constant <value = float {1.0}> ()
              e = Exp (x)
              s = Add (e, one)
              r = Sqrt (s)
              a = Relu (x)
              b = Relu (a)
              y = Add (r, b)
            }
            """)
        var options = OptimizationOptions()
        options.catalog = catalog
        let result = try Model(try graph.typed()).optimize(under: FrameworkCatalog.make("crypten"), options: options)
        #expect(result.check.status == .passed && result.leftOut.map(\.rule) == ["exp-as-relu"])
        #expect(result.after.online.bytes < result.before.online.bytes)
    }
}
