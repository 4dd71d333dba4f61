import Foundation
import Harrier
import TestSupport
import Testing

/// What a framework's arithmetic makes of a model, and the bound that rewrites keep to.
@Suite struct ErrorLimitTests {
    private func model(_ name: String) throws -> Model {
        try Model(contentsOf: Fixtures.path("truth/networks/\(name).onnx"))
    }

    private func comparison(_ found: Optimization) throws -> FixedPointComparison {
        guard case .compared(let comparison, _)? = found.fixedPoint else { throw TestSupportError("not simulated") }
        return comparison
    }

    /// Means that go into a layer's weights are off by what the smaller weights lose: 64 bytes for many times the error.
    @Test func rulesThatMakeTheErrorLargerAreLeftOut() throws {
        let (model, framework) = (try model("groupnorm.op17"), try FrameworkCatalog.make("semi2k"))
        let bounded = try model.optimize(under: framework)
        #expect(bounded.leftOut.map(\.rule) == ["reduced-mean-into-gemm"])
        let kept = try comparison(bounded)
        #expect(kept.after.typicalError <= max(2 * kept.before.typicalError, 4 * kept.format.resolution))

        var options = OptimizationOptions()
        options.errorLimit = .none
        let free = try model.optimize(under: framework, options: options)
        #expect(free.leftOut.isEmpty)
        #expect(try comparison(free).after.typicalError > 2 * kept.before.typicalError)
        #expect(free.after.online.bytes < bounded.after.online.bytes)

        options.errorLimit = .absolute(1)
        #expect(try model.optimize(under: framework, options: options).after == free.after)
    }

    /// CrypTen's error function diverges beyond 1; rules with a bound replace it.
    @Test func whatIsComputedBadlyIsToldAndOffered() throws {
        let (model, framework) = (try model("decoder_gelu_erf.op12"), try FrameworkCatalog.make("crypten"))
        let accuracy = try #require(try model.accuracy(under: framework))
        let worst = try #require(accuracy.badNodes.first)
        #expect(worst.op == "Erf")
        #expect(try #require(worst.worstOperand).magnitude > 1)
        #expect(try #require(accuracy.error).typicalError > 0.02)

        let exact = try model.optimize(under: framework)
        let offer = try #require(exact.offer)
        #expect(offer.contains("--rounding"))
        var options = OptimizationOptions()
        options.search.allowsRounding = true
        let rounded = try model.optimize(under: framework, options: options)
        #expect(rounded.offer == nil)
        #expect(try comparison(rounded).after.typicalError < comparison(exact).after.typicalError / 10)
    }

    /// A masked softmax is wrong in every element in CrypTen and SPU, and right once its mask is within the exponential's range.
    @Test(
        arguments: ["crypten", "semi2k"], [-1e3, -1e4, -1e9, -Double.infinity, -Double(Float.greatestFiniteMagnitude)])
    func masksAreRepaired(_ framework: String, _ mask: Double) throws {
        let causal = (0..<64).map { $0 % 8 <= $0 / 8 ? "1" : "0" }.joined(separator: ", ")
        var graph = try ONNXText.parseModel(
            """
            <ir_version: 10, opset_import: ["": 17]>
            g (float[2,8,8] x) => (float[2,8,8] y) <bool[8,8] c = {\(causal)}, float k = {0}> {
                h = Constant<value = float {0.25}> () s = Mul (x, h) a = Where (c, s, k) y = Softmax (a)
            }
            """)
        let place = try #require(graph.values.firstIndex { $0.name == "k" })
        graph.values[place].constant?.tensor = Tensor(float32: [Float(mask)], shape: [])
        try graph.inferTypes(evaluator: Interpreter())
        let (model, framework) = (Model(graph, name: "masked"), try FrameworkCatalog.make(framework))
        let accuracy = try #require(try model.accuracy(under: framework))
        #expect(accuracy.badNodes.map(\.op) == ["Softmax"])
        let found = try model.optimize(under: framework)
        #expect(found.check.status == .passed)
        #expect(try comparison(found).after.typicalError < 1e-3)
        #expect(found.rewrites.contains { $0.rule == "masks-within-range" })
        // The bound is that of a softmax without a mask.
        if case .compared(_, let allowed)? = found.fixedPoint { #expect(allowed < 1e-2) }
    }

    /// SPU's compiler takes the elements of a constant in the wrong order where it meets a transposed value, and ends at roots. Each was run
    /// in SPU 0.9.5, and so was the spelling that is written instead: the operators beside each.
    @Test(arguments: [
        ("t = Transpose<perm = [1, 0]> (x) y = Mul (t, k)", 1, "Mul Transpose"),
        ("t = Sqrt (x) y = Add (t, k)", 1, "Sqrt Neg Sub"),
        ("t = Transpose<perm = [1, 0]> (x) u = Tanh (t) y = Add (k, u)", 1, "Tanh Add Transpose"),
        ("t = Sqrt (x) y = Sub (t, k)", 1, "Sqrt Sub Neg"), ("t = Sqrt (x) y = Add (k, t)", 1, "Sqrt Neg Sub"),
        ("t = Transpose<perm = [1, 0]> (x) u = Add (t, x) y = Mul (u, k)", 0, "Transpose Add Mul"),
        (
            "t = Transpose<perm = [1, 0]> (x) u = Relu (t) v = Flatten<axis = 0> (u) y = Add (v, r)", 1,
            "Relu Add Transpose Reshape"
        ),
        (
            "t = Transpose<perm = [1, 0]> (x) u = Mul (t, x) v = Flatten<axis = 0> (u) y = Add (v, r)", 1,
            "Transpose Mul Add Transpose Reshape"
        ),
        ("t = Transpose<perm = [1, 0]> (x) b = Less (t, k) y = Where (b, t, k)", 2, "Min Transpose"),
        (
            "t = Transpose<perm = [1, 0]> (x) s = Sqrt (t) u = Add (s, f) y = Mul (u, k)", 1,
            "Sqrt Neg Sub Mul Transpose"
        ),
        ("t = Transpose<perm = [1, 0]> (k) y = Mul (t, x)", 1, "Mul"),
        ("t = Transpose<perm = [1, 0]> (x) y = Mul (t, x)", 0, "Transpose Mul"),
        ("t = Sqrt (x) y = Mul (t, k)", 0, "Sqrt Mul"), ("t = Sqrt (x) y = Sub (k, t)", 0, "Sqrt Sub"),
        ("t = Transpose<perm = [1, 0]> (x) u = MatMul (t, x) y = Mul (u, k)", 0, "Transpose MatMul Mul"),
    ])
    func faultsAreToldAndAvoided(_ body: String, _ count: Int, _ spelling: String) throws {
        let isFlat = body.contains("Flatten")
        var graph = try ONNXText.parseModel(
            """
            <ir_version: 10, opset_import: ["": 17]>
            g (float[2,2] x) => (float[\(isFlat ? "1,4" : "2,2")] y) {
                k = Constant<value = float[2,2] {1, 2, 3, 4}> () r = Constant<value = float[1,4] {1, 2, 3, 4}> ()
                f = Constant<value = float[2] {1, 2}> () \(body)
            }
            """)
        try graph.inferTypes(evaluator: Interpreter())
        let model = Model(graph.removingDeadCode(), name: "fault")
        #expect(try model.accuracy(under: FrameworkCatalog.make("semi2k"))?.faults.count == count)
        #expect(try model.accuracy(under: FrameworkCatalog.make("crypten"))?.faults.isEmpty == true)
        let found = try model.optimize(under: FrameworkCatalog.make("semi2k"))
        #expect(found.faults.isEmpty && found.check.status == .passed)
        #expect(found.after.online.bytes <= found.before.online.bytes)
        #expect(try found.model.graph.nodes.map(\.op.type).joined(separator: " ") == spelling)
    }
}
