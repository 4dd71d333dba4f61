import Evaluate
import IR
import ONNXFormat
import TestSupport
import Testing

@testable import Calibration
@testable import Frameworks
@testable import Pricing

/// The operator tables of CryptFlow2 and OpenCheetah: ONNX operators against measured rows, and what cannot be run.
@Suite struct SCIOperatorTests {
    private static let graph = """
        g (float[1000] x, float[4096] y, float[4096] v, float[8] e, float[1,64] a, float[64,10] w, float[10,64] t,
           float[1,512] h, float[4,64] b, float[64,27] k, float[27,256] i, float[1,10] u,
           float[1,3,32,32] m, float[16,3,3,3] f, float[1,128,14,14] n, float[64,128,3,3] q, float[1,64,8,8] c,
           float[64] s, float[1,64,32,32] d, float[2,64] two, float[1,4,6,6] g4, float[8,2,3,3] f4, float p,
           float[4096] o, float[64,10] j, float[1024] l)
        """

    /// The price of one node: weights (w, t, v, k, f, q, s, f4) belong to the server, everything else is shared.
    private func price(
        _ expression: String, _ framework: String, _ configuration: [String: String] = [:]
    ) throws -> Profile {
        let graph = try model(
            Self.graph + " => (float[8] r) <float minusHalf = {-0.5}> { r = Identity(e) z = \(expression) }")
        let owned = ["w", "t", "v", "k", "f", "q", "s", "f4"].map { ($0, Visibility.owned(party: 0)) }
        let policy = VisibilityPolicy(
            exceptions: Dictionary(uniqueKeysWithValues: owned + [("p", .public)]))
        return try Profiler(
            try FrameworkCatalog.make(framework, configuration: configuration), evaluator: Interpreter()
        ).profile(graph, policy: policy)
    }

    /// Measured rows that an ONNX operator stands for, to the byte: products bare, as they were measured.
    @Test(arguments: [
        ("Relu(x)", 32, 81_134 + 469_502), ("Relu(e)", 32, 25_180), ("MatMul(a, w)", 37, 524_288 + 67_200),
        ("MatMul(k, i)", 37, 38_873_088 + 4_194_304), ("Mul(y, v)", 37, 430_080 + 2_621_440),
        ("Gemm<transB = 1>(a, t)", 37, 524_288 + 67_200), ("ArgMax<axis = 1>(u)", 37, 19_424 + 83_040),
    ])
    func cryptflow2Rows(expression: String, bits: Int, bytes: Int) throws {
        let profile = try price(expression, "cryptflow2", ["bitlength": "\(bits)", "scaling": "none"])
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total.online.bytes == bytes)
    }

    /// A convolution is the product of kernels and windows, of which the server has the left factor.
    @Test func cryptflow2ConvolvesByWindows() throws {
        let profile = try price("Conv<pads = [1, 1, 1, 1]>(m, f)", "cryptflow2", ["scaling": "none"])
        let step = SCI.Protocols().crossTerms(SCI.Product(16, 27, 1024, bits: 37), owner: .serverHasLeft)
        #expect(profile.total.online.bytes == step.server + step.client)
        let groups = try price("Conv<group = 2>(g4, f4)", "cryptflow2", ["scaling": "none"])
        let group = SCI.Protocols().crossTerms(SCI.Product(4, 18, 16, bits: 37), owner: .serverHasLeft)
        #expect(groups.total.online.bytes == 2 * (group.server + group.client))
    }

    @Test(arguments: [
        ("Conv<pads = [1, 1, 1, 1]>(m, f)", 918_158, 2), ("MatMul(a, w)", 524_550, 2), ("Mul(y, v)", 524_558, 2),
        ("Conv<pads = [1, 1, 1, 1], strides = [2, 2]>(n, q)", 2_098_232, 8),
        ("AveragePool<kernel_shape = [2, 2], strides = [2, 2]>(d)", 0, 24),
    ])
    func cryptflow2OverAFieldRows(expression: String, bytes: Int, flows: Int) throws {
        let profile = try price(expression, "cryptflow2-he", ["scaling": "none"])
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        if bytes > 0 { #expect(profile.total.online.bytes == bytes) }
        #expect(profile.total.online.rounds == flows)
    }

    @Test(arguments: [
        ("Conv<pads = [1, 1, 1, 1]>(m, f)", 657_480), ("MatMul(a, w)", 92_907), ("Gemm<transB = 1>(a, t)", 92_907),
        ("Conv<pads = [1, 1, 1, 1], strides = [2, 2]>(n, q)", 2_526_467), ("Mul(y, v)", 359_995),
        ("MatMul(b, w)", 4 * 92_907),
    ])
    func cheetahRows(expression: String, measured: Int) throws {
        let profile = try price(expression, "cheetah", ["scaling": "none"])
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(abs(Double(profile.total.online.bytes) / Double(measured) - 1) < 0.003)
    }

    /// A Relu scales the layer before it down; as shipped it compares the fewer bits that leaves.
    @Test(arguments: [
        ("relu", "true", 99_920 + 34_336, 12), ("none", "true", 126_512 + 40_480, 11),
        ("product", "true", 126_512 + 40_480, 11), ("none", "false", 180_784 + 51_744, 13),
    ])
    func cheetahRelu(scaling: String, approximate: String, bytes: Int, flows: Int) throws {
        let profile = try price("Relu(y)", "cheetah", ["scaling": scaling, "approximate_relu": approximate])
        #expect(profile.total.online == Traffic(bytes: bytes, rounds: flows))
        #expect(profile.total.offline.bytes > 0, "its part of a refill")
    }

    @Test func layersAreScaledDownOnce() throws {
        func bytes(_ expression: String, _ scaling: String) throws -> Int {
            try price(expression, "cryptflow2", ["scaling": scaling]).total.online.bytes
        }
        let sci = SCI.Protocols()
        let unknown = sci.truncate(bits: 37, shift: 12, 10)
        let known = sci.truncate(bits: 37, shift: 12, 4096, signIsKnown: true)
        let product = try bytes("MatMul(a, w)", "none")
        #expect(try bytes("MatMul(a, w)", "relu") == product)
        #expect(try bytes("MatMul(a, w)", "product") == product + unknown.server + unknown.client)
        #expect(try bytes("Relu(y)", "relu") == (try bytes("Relu(y)", "product")) + known.server + known.client)
        // A product of two numbers that no layer is made of is scaled down where it is made, unless nothing is.
        #expect(try bytes("Mul(y, y)", "relu") == (try bytes("Mul(y, y)", "product")))
        #expect(try bytes("Mul(y, y)", "relu") > (try bytes("Mul(y, y)", "none")))
    }

    @Test func normalizationsMultiplyInEitherForm() throws {
        let expression = "BatchNormalization(c, s, s, s, s)"
        let direct = try price(expression, "cheetah", ["scaling": "none", "batchnorm": "channelwise"])
        #expect(abs(Double(direct.total.online.bytes) / 5_964_861 - 1) < 0.003)
        let elementwise = try price(expression, "cheetah", ["scaling": "none"])
        #expect(abs(Double(elementwise.total.online.bytes) / 359_995 - 1) < 0.003)
    }

    @Test(arguments: [
        ("cheetah", "Cos(y)", "no Cos"), ("cryptflow2-he", "Div(y, o)", "over a ring only"),
        ("cryptflow2-he", "MatMul(b, w)", "takes one vector"), ("cryptflow2", "ArgMax<axis = 1>(two)", "one vector"),
    ])
    func whatCannotRunIsSaid(framework: String, expression: String, reason: String) throws {
        let profile = try price(expression, framework)
        let entry = try #require(profile.unpriced.first, "\(profile.total)")
        #expect(entry.reason.contains(reason), "\(entry.reason)")
    }

    /// The functions of SCI's mathematical library, to the byte.
    @Test(arguments: [
        ("Sigmoid(y)", 16, 8_550_912 + 10_250_240), ("Tanh(y)", 16, 8_336_896 + 10_401_792),
        ("Pow(y, minusHalf)", 16, 8_298_496 + 16_690_176), ("Sigmoid(l)", 32, 3_700_608 + 4_109_568),
        ("Exp(l)", 32, 2_874_880 + 2_167_296), ("Sqrt(l)", 32, 3_519_104 + 7_817_216),
    ])
    func mathematics(expression: String, bits: Int, bytes: Int) throws {
        let profile = try price(expression, "cryptflow2", ["bitlength": "\(bits)"])
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        #expect(profile.total.online.bytes == bytes)
    }

    /// A softmax is made of a maximum, SCI's exponential and one quotient a row.
    @Test func softmaxIsMadeOfParts() throws {
        let profile = try price("Softmax(u)", "cryptflow2")
        let call = try #require(profile.entries.last?.price.call)
        #expect(call.children.map(\.name) == ["max", "exp", "div", "mul", "truncate"])
        let wide = try price("Softmax(u)", "cryptflow2", ["bitlength": "64"])
        #expect(wide.unpriced.first?.reason.contains("within 64 bits") == true)
    }

    @Test func publicOperandsAreLocal() throws {
        #expect(try price("Mul(y, p)", "cheetah", ["scaling": "none"]).total == .zero)
        #expect(try price("Add(y, v)", "cryptflow2").total == .zero)
    }

    @Test(arguments: [
        ("cryptflow2", ["bitlength": "7"]), ("cryptflow2-he", ["bitlength": "42"]), ("cheetah", ["ell": "45"]),
        ("cheetah", ["ell": "16", "k": "24"]), ("cryptflow2", ["scale": "30", "bitlength": "16"]),
        ("cryptflow2", ["scaling": "sometimes"]),
    ])
    func settingsThatCannotBe(framework: String, configuration: [String: String]) {
        #expect(throws: HarrierError.self) { try FrameworkCatalog.make(framework, configuration: configuration) }
        #expect(throws: HarrierError.self) { try FrameworkCatalog.make(framework, parties: 3) }
    }

    /// SqueezeNet as measured end to end with 37 bits and scale 12: 426.1 MiB under Cheetah, 6064 MiB under CryptFlow2 over a
    /// field. What is measured includes whole refills, which the prices charge in part, and the set-up of the first pooling.
    @Test(arguments: [("cheetah", 426.1, 0.002), ("cryptflow2-he", 6064, 0.002)])
    func squeezeNet(framework: String, measured: Double, tolerance: Double) throws {
        let graph = try model(SqueezeNet.text)
        let owned = graph.inputs.map { graph[$0].name }.filter(SqueezeNet.isWeight)
        let policy = VisibilityPolicy(
            exceptions: Dictionary(uniqueKeysWithValues: owned.map { ($0, Visibility.owned(party: 0)) }))
        let profile = try Profiler(try FrameworkCatalog.make(framework), evaluator: Interpreter()).profile(
            graph, policy: policy)
        #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
        let bytes = profile.total.online.bytes + profile.total.offline.bytes
        let found = Double(bytes) / 1_048_576
        print("SqueezeNet, \(framework): \(found) MiB, \(measured) measured; \(profile.total.online.rounds) rounds")
        #expect(abs(found / measured - 1) < tolerance)
    }

    /// What has no price in a large network is said, and the rest is priced.
    @Test(arguments: ["resnet50.onnx", "bert_base.onnx"])
    func largeModelsArePriced(file: String) throws {
        let graph = try loadModel(at: Fixtures.path("models/" + file), evaluator: Interpreter()).graph
        for framework in ["cryptflow2", "cryptflow2-he", "cheetah"] {
            let profiler = Profiler(try FrameworkCatalog.make(framework), evaluator: Interpreter())
            let found = try profiler.profile(graph)
            let reasons = Set(found.unpriced.map { "\($0.op.type): \($0.reason)" })
            print("\(file), \(framework): \(found.total), unpriced \(found.unpriced.count) \(reasons)")
            #expect(found.total.online.bytes > 0 && found.total.online.rounds > 0)
        }
    }

    /// A size from a file cannot make the arithmetic overflow.
    @Test(arguments: ["cryptflow2", "cryptflow2-he", "cheetah"])
    func absurdSizesAreSaid(framework: String) throws {
        let graph = try model(
            """
            g (float[1048576,1048576] x, float[1048576,1048576] w, float[1,1,1048576,1048576] i,
               float[1,1,1048576,1] k) => (float[1048576,1048576] y) {
              y = Relu(x) z = MatMul(x, w) m = ReduceMean(x) s = Softmax(x) c = Conv(i, k)
              d = Conv<strides = [4611686018427387904, 1]>(i, k)
            }
            """)
        let policy = VisibilityPolicy(exceptions: ["w": .owned(party: 0)])
        let profile = try Profiler(try FrameworkCatalog.make(framework), evaluator: Interpreter()).profile(
            graph, policy: policy)
        #expect(!profile.unpriced.isEmpty)
    }
}
