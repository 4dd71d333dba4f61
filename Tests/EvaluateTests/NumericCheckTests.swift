import Evaluate
import IR
import ONNXFormat
import TestSupport
import Testing

@Suite("Comparing two graphs on random inputs")
struct NumericCheckTests {
    private static let relu = "g (float[2,3] x) => (float[2,3] y) { y = Relu (x) }"

    private func graph(_ text: String) throws -> Graph {
        var graph = try ONNXText.parseModel("<ir_version: 8, opset_import: [\"\": 17]>\n" + text)
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    @Test(
        "equal functions agree",
        arguments: [
            (relu, relu),
            (relu, "g (float[2,3] x) => (float[2,3] y) { z = Constant <value_float: float = 0.0> () y = Max (x, z) }"),
            (
                "g (float[4,3] x) => (float[4,3] y) { y = Mul (x, x) }",
                "g (float[4,3] x) => (float[4,3] y) { t = Constant <value_float: float = 2.0> () y = Pow (x, t) }"
            ),
        ])
    func equal(first: String, second: String) throws {
        let check = NumericCheck.compare(try graph(first), try graph(second))
        #expect(check.status == .passed, "\(check.why ?? "")")
        #expect(check.samples == 3)
        #expect(check.maxRelativeError < 1e-12)
        #expect(check.differences.map(\.output) == ["y"])
    }

    @Test(
        "different functions do not",
        arguments: [
            ("g (float[2,3] x) => (float[2,3] y) { y = Abs (x) }", "differs"),
            ("g (float[2,3] x) => (float[2,3] y) { a = Abs (x) n = Neg (a) y = Sqrt (n) }", "differs"),
            ("g (float[2,4] x) => (float[2,4] y) { y = Relu (x) }", "input 'x'"),
            ("g (float[2,3] x) => (float[2,3] z) { z = Relu (x) }", "output 'y'"),
            ("g (float[2,3] v) => (float[2,3] y) { y = Relu (v) }", "input 'x'"),
            ("g (double[2,3] x) => (double[2,3] y) { y = Relu (x) }", "input 'x'"),
        ])
    func different(second: String, reason: String) throws {
        let check = NumericCheck.compare(try graph(Self.relu), try graph(second))
        #expect(check.status == .failed)
        #expect(try #require(check.why).contains(reason))
    }

    @Test("a small output is held to as many digits as a large one", arguments: ["1e-6", "1.0", "1e6"])
    func scale(factor: String) throws {
        func scaled(_ more: String) throws -> Graph {
            try graph(
                "g (float[2,3] x) => (float[2,3] y) { f = Constant <value_float: float = \(factor)> () a = Mul (x, f) "
                    + "m = Constant <value_float: float = \(more)> () y = Mul (a, m) }")
        }
        #expect(NumericCheck.compare(try scaled("1.0"), try scaled("1.001")).status == .failed)
        #expect(NumericCheck.compare(try scaled("1.0"), try scaled("1.00001")).status == .passed)
    }

    @Test("what cannot run in the first graph is not compared")
    func skipped() throws {
        let unknown = try graph("g (float[2,3] x) => (float[2,3] y) { y = Nonsense (x) }")
        #expect(NumericCheck.compare(unknown, unknown).status == .skipped)
        let open = try graph("g (float[N,3] x) => (float[N,3] y) { y = Relu (x) }")
        let check = NumericCheck.compare(open, open)
        #expect(check.status == .skipped)
        #expect(try #require(check.why).contains("--dim"))
    }

    @Test("an output without elements agrees, and one that is never a number cannot be compared")
    func emptyAndSilent() throws {
        let empty = try graph("g (float[0,3] x) => (float[0,3] y) { y = Relu (x) }")
        #expect(NumericCheck.compare(empty, empty).status == .passed)
        let silent = try graph(
            "g (float[4] x) => (float[4] y, float[4] z) { y = Relu (x) o = Constant <value_float: float = 1.0> () "
                + "a = Abs (x) b = Add (a, o) n = Neg (b) z = Sqrt (n) }")
        let check = NumericCheck.compare(silent, silent)
        #expect(check.status == .skipped && (check.why ?? "").contains("'z'"), "\(check)")
    }

    @Test("styles of samples find what ordinary numbers do not")
    func styles() throws {
        // They differ at 0 alone, and where a number is below a millionth of the largest.
        let sign = try graph("g (float[40] x) => (float[40] y) { y = Sign (x) }")
        let step = try graph(
            "g (float[40] x) => (float[40] y) { z = Constant <value_float: float = 0.0> () l = Less (x, z) "
                + "o = Constant <value_float: float = 1.0> () n = Constant <value_float: float = -1.0> () y = Where (l, n, o) }"
        )
        func status(_ style: SampleStyle) -> NumericCheck.Status {
            NumericCheck.compare(sign, step, ComparisonSettings(styles: [style])).status
        }
        #expect(status(.ordinary) == .passed && status(.wide(100)) == .passed)
        #expect(status(.halves) == .failed && status(.magnitudes) == .failed)
    }

    @Test("random scale factors are of both signs")
    func scales() throws {
        let weight = "<float[64] s = [\"location\": \"weights\"]>"
        let outside = try graph("g (float[64] x) => (float[64] y) \(weight) { r = Relu (x) y = Mul (r, s) }")
        let inside = try graph("g (float[64] x) => (float[64] y) \(weight) { m = Mul (x, s) y = Relu (m) }")
        #expect(NumericCheck.compare(outside, inside).status == .failed)
    }

    @Test("numbers depend on names and seed alone, and are positive where that is asked for")
    func randomNumbers() throws {
        let graph = try graph("g (float[50] x) => (float[50] y) { l = Log (x) y = Exp (l) }")
        let positive = NumericCheck.compare(graph, graph, ComparisonSettings(positive: ["x"]))
        #expect(positive.status == .passed)
        let identity = try self.graph("g (float[50] x) => (float[50] y) { y = Identity (x) }")
        #expect(NumericCheck.compare(graph, identity, ComparisonSettings(positive: ["x"])).status == .passed)
        #expect(NumericCheck.compare(graph, identity).status == .failed)
    }

    @Test(
        "models without their weights run on random ones that neither explode nor fade",
        arguments: [
            "minionn", "resnet18", "vgg16_bn_cifar.dynamo", "resnet32_cifar", "bert_1layer", "mobilenet_v3_small",
        ])
    func missingWeights(name: String) throws {
        let model = try loadModel(at: try Fixtures.path("models/\(name).onnx"), evaluator: Interpreter()).graph
        var nudged = model
        let first = try #require(nudged.nodes.firstIndex { ["Conv", "MatMul"].contains($0.op.type) })
        let input = try #require(nudged.nodes[first].inputs[0])
        let factor = nudged.addConstant("nudge", Tensor(float32: [1.05], shape: [1]), isLiteral: true)
        let scaled = nudged.add(Value(name: "nudged", type: nudged[input].type))
        nudged.nodes[first].inputs[0] = scaled
        nudged.nodes.insert(Node(op: "Mul", inputs: [input, factor], outputs: [scaled]), at: first)
        let same = NumericCheck.compare(model, model, ComparisonSettings(samples: 1))
        #expect(same.status == .passed)
        #expect(same.randomParameters > 0)
        #expect(same.maxAbsError == 0)
        let other = NumericCheck.compare(model, nudged, ComparisonSettings(samples: 1))
        #expect(other.status == .failed)
        #expect(other.maxAbsError > 1e-3 && other.maxAbsError < 1e4)
    }
}
