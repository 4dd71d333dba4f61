import Evaluate
import Foundation
import IR
import ONNXFormat
import Pricing
import TestSupport
import Testing

@testable import Frameworks

/// A file that inherits changes what it says and nothing else.
@Suite struct InheritanceTests {
    /// The framework of a file that inherits from another one and says no more than the text.
    static func heir(
        of name: String, saying text: String = "", parties: Int? = nil, configuration: [String: String] = [:]
    ) throws -> any Framework {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("heir-\(UUID().uuidString).yaml")
        try "inherits: \(name)\n\(text)".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try FrameworkCatalog.make(file.path, parties: parties, configuration: configuration)
    }

    private static let models = ["lenet", "bert_1layer", "mobilenet_v3_small"]

    private static func graph(_ name: String) throws -> Graph {
        try loadModel(at: Fixtures.path("models/\(name).onnx"), evaluator: Interpreter()).graph
    }

    @Test(
        "prices, set-up, what is shared and opened, and the critical path are the same",
        arguments: FrameworkCatalog.names)
    func profiles(name: String) throws {
        let (base, heir) = (try FrameworkCatalog.make(name), try Self.heir(of: name))
        for model in Self.models {
            let graph = try Self.graph(model)
            let one = try Profiler(base, evaluator: Interpreter()).profile(graph)
            let two = try Profiler(heir, evaluator: Interpreter()).profile(graph)
            #expect(!one.entries.isEmpty && one.entries.map(\.price) == two.entries.map(\.price), "\(model)")
            #expect(one.unpriced.map(\.index) == two.unpriced.map(\.index), "\(model)")
            #expect(one.inputOutput == two.inputOutput && one.setup == two.setup, "\(model)")
            #expect(one.criticalPathRounds == two.criticalPathRounds, "\(model)")
        }
    }

    @Test("so are the facts, the importer among them", arguments: FrameworkCatalog.names)
    func facts(name: String) throws {
        let (base, heir) = (try FrameworkCatalog.make(name), try Self.heir(of: name))
        #expect(base.defaultVisibility == heir.defaultVisibility)
        #expect(base.newestOpset == heir.newestOpset && base.fixedPoint == heir.fixedPoint)
        #expect(base.fusesOperators == heir.fusesOperators)
        #expect(base.info.configurationKeys == heir.info.configurationKeys)
        #expect(base.info.configuration == heir.info.configuration)
        #expect(base.info.supportedParties == heir.info.supportedParties && base.info.parties == heir.info.parties)
        for model in Self.models {
            let graph = try Self.graph(model)
            let visibility = try graph.visibility(under: base.defaultVisibility)
            for node in graph.nodes {
                let site = OperatorSite(node, in: graph, visibility: visibility)
                #expect(base.refusal(site) == heir.refusal(site), "\(node.op)")
            }
        }
    }

    @Test("so are truncations and openings of protocol-level graphs", arguments: FrameworkCatalog.names)
    func protocolLevel(name: String) throws {
        let (base, heir) = (try FrameworkCatalog.make(name).protocolLevel, try Self.heir(of: name).protocolLevel)
        #expect((base == nil) == (heir == nil))
        guard let base, let heir else { return }
        #expect(base.format == heir.format && base.usesSign == heir.usesSign)
        #expect(base.truncations == heir.truncations && base.openings == heir.openings)
        #expect(base.truncatesActivations == heir.truncatesActivations)
        #expect(base.open(100) == heir.open(100))
        for isNonNegative in [false, true] {
            var truncation = Truncation([2, 50], bits: base.format.fractionBits)
            truncation.isNonNegative = isNonNegative
            #expect(try base.truncate(truncation) == heir.truncate(truncation))
        }
    }

    /// What a framework charges for a step on a small network by its own autograd, or jointly; nil if the caller differentiates.
    private func training(_ framework: any Framework) throws -> [OperatorPrice]? {
        let graph = try model(
            """
            g (float[2, 3, 8, 8] x, float[4, 3, 3, 3] w, float[2, 36] v) => (y) {
              c = Conv (x, w)
              r = Relu (c)
              p = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (r)
              f = Flatten (p)
              y = Gemm <transB = 1> (f, v)
            }
            """)
        let visibility = try graph.visibility(under: framework.defaultVisibility)
        switch framework.differentiation {
        case .caller: return nil
        case .jax(let jointly):
            return try graph.nodes.compactMap { try jointly(OperatorSite($0, in: graph, visibility: visibility)) }
                .flatMap { [$0.forward, OperatorPrice(Call("backward", $0.backward))] }
        case .own(let autograd):
            let parameters = ["w", "v"].compactMap { graph.value(named: $0) }
            let profile = try Profiler(framework, evaluator: Interpreter()).training(
                graph, parameters: Set(parameters), visibility: visibility, by: autograd, loss: "cross_entropy",
                reduction: "mean")
            let update = try autograd.update(
                optimizer: "sgd", options: [:], parameter: TensorType(.float32, lengths: [2, 36]))
            return profile.entries.map(\.price) + [OperatorPrice(try #require(update))]
        }
    }

    @Test("so is training", arguments: FrameworkCatalog.names)
    func training(name: String) throws {
        let (base, heir) = (try FrameworkCatalog.make(name), try Self.heir(of: name))
        #expect(try training(base) == training(heir))
    }

    @Test("who has an autograd of its own is known")
    func autograds() throws {
        let own = try FrameworkCatalog.names.filter { try training(FrameworkCatalog.make($0))?.isEmpty == false }
        // MPCFormer is a file that inherits from CrypTen.
        #expect(own == ["crypten", "semi2k", "spu-cheetah", "spu-aby3", "mpcformer"])
    }

    @Test("a price that the file changes is changed in training, too, and nothing else is")
    func trainingWithOtherPrices() throws {
        func products(_ call: Call) -> [Call] { call.name == "mul" ? [call] : call.children.flatMap(products) }
        func cost(_ prices: [OperatorPrice]?) -> Cost { prices?.reduce(.zero) { $0 + $1.cost } ?? .zero }
        func count(_ call: Call, times: Int = 1) -> Int {
            let times = times * call.count
            return call.name == "mul" ? times * call.sizes.n : call.children.reduce(0) { $0 + count($1, times: times) }
        }
        let base = try #require(try training(FrameworkCatalog.make("crypten")))
        let dearer = "primitives:\n  mul: {online: {bytes: 16 * (p + r) + 5 * n, rounds: 1}}"
        let heir = try Self.heir(of: "crypten", saying: dearer)
        let added = base.reduce(0) { $0 + count($1.call) }
        #expect(added > 0)
        #expect(cost(try training(heir)).online.bytes == cost(base).online.bytes + 5 * added)
        #expect(cost(try training(heir)).online.rounds == cost(base).online.rounds)

        let jax = try #require(try training(FrameworkCatalog.make("semi2k")))
        let free = try Self.heir(of: "semi2k", saying: "primitives:\n  and_bb: free")
        #expect(cost(try training(free)).online.bytes < cost(jax).online.bytes)
    }

    @Test("openings are told apart unless the file prices the products that make them")
    func openings() throws {
        let relu = try Self.heir(of: "crypten", saying: "primitives:\n  and: {online: {bytes: 32 * n, rounds: 1}}")
        #expect(relu.protocolLevel?.open(7) == (try CrypTen().protocolLevel?.open(7)))
        let product = try Self.heir(of: "crypten", saying: "primitives:\n  mul: {online: {bytes: 32 * n, rounds: 1}}")
        #expect(product.protocolLevel?.openings == [] && product.protocolLevel?.open(7) == nil)
    }
}
