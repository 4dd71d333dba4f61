import Autograd
import Evaluate
import Foundation
import IR
import ONNXFormat
@testable import Frameworks
import Pricing
import TestSupport
import Testing

/// Training steps as SPU ran what `jax.grad` made of them.
@Suite struct SPUTrainingTests {
    /// What the file beside a network says of its training.
    private struct Description: Decodable {
        struct Optimizer: Decodable {
            let name: String
        }

        let loss: String
        let optimizer: Optimizer
        let learningRate: Double

        private enum CodingKeys: String, CodingKey {
            case loss, optimizer
            case learningRate = "learning_rate"
        }
    }

    /// The step of a measured row, and who knows its inputs.
    private func step(_ name: String) throws -> TrainingStep {
        let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("truth/spu_models/\(name).train.json")))
        let description = try JSONDecoder().decode(Description.self, from: data)
        var graph = try loadModel(at: Fixtures.path("truth/spu_models/\(name).onnx"), evaluator: Interpreter()).graph
        if description.loss == "binary_cross_entropy", let last = graph.nodes.last, last.op == "Sigmoid" {
            // Its gradient is written for the value before the sigmoid.
            graph.outputs = last.inputs.compactMap { $0 }
            graph.nodes.removeLast()
        }
        let losses = [
            "softmax_cross_entropy": "cross_entropy", "binary_cross_entropy": "binary_cross_entropy_with_logits",
        ]
        var options = TrainingStep.Options()
        options.style = .jax
        return try TrainingStep(
            of: graph, loss: try Losses.named(try #require(losses[description.loss])),
            optimizer: try Optimizers.make(
                description.optimizer.name, options: ["lr": "\(description.learningRate)"]),
            options: options, evaluator: Interpreter()
        ).withoutLoss
    }

    /// The logistic regression differs by one product with a public number: the measured program multiplies by lr / batch once,
    /// after the sum over the batch, where the loss divides by the batch and the update multiplies by lr. Under ABY3 a program
    /// shares repeated public zeros once, which prices of single operators do not.
    @Test("bytes within 2 %, rounds within 5 % of the measured steps", arguments: ["SEMI2K", "ABY3"])
    func steps(protocolName: String) throws {
        var rows = 0
        for row in try Measurement.rows("spu_models.json")
        where row.string("protocol") == protocolName && row.string("model").contains("_train_") {
            rows += 1
            let step = try step(row.string("model"))
            let framework = protocolName == "ABY3" ? try SPU.aby3() : try SPU.semi2k()
            let profile = try Profiler(framework, evaluator: Interpreter()).profile(
                step.graph, policy: step.policy(for: framework.defaultVisibility))
            #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
            let found = profile.total.online
            let bytes = try #require(row.int("bytes_total_all_parties"))
            let rounds = try #require(row.ints("send_actions")?.max())
            print(
                "\(protocolName) \(row.string("model")): bytes \(found.bytes) of \(bytes), rounds \(found.rounds) of \(rounds)"
            )
            #expect(abs(Double(found.bytes - bytes)) <= 0.02 * Double(bytes))
            // ABY3's messages are not all-to-all, so that their number is none of rounds.
            if protocolName == "SEMI2K" { #expect(abs(Double(found.rounds - rounds)) <= 0.05 * Double(rounds)) }
        }
        #expect(rows >= 2)
    }

    /// What the compiler makes of a pool and its gradient: forward 2 comparisons a row and one a window of 112 + 2 + 32 bytes
    /// and 4 products of 32 bytes, backward 4 products.
    @Test("a max-pool in training keeps its positions")
    func maxPool() throws {
        let framework = try SPU.semi2k()
        guard case .jax(let jointly) = framework.differentiation else {
            Issue.record("SPU is not differentiated by JAX")
            return
        }
        func price(_ kernel: String) throws -> RecordedPrice {
            let graph = try model("g (float[2, 3, 8, 8] x) => (y) { y = MaxPool <\(kernel)> (x) }")
            let visibility = try graph.visibility(under: VisibilityPolicy())
            return try #require(try jointly(OperatorSite(graph.nodes[0], in: graph, visibility: visibility)))
        }
        let small = try price("kernel_shape = [2, 2], strides = [2, 2]")
        #expect(small.forward.cost.online == Traffic(bytes: 96 * (3 * 146 + 128), rounds: 20))
        #expect(Call("backward", small.backward).cost.online == Traffic(bytes: 96 * 128, rounds: 1))
        // Windows of 3 × 3 along a tree: 4, 2, 1 and 1 comparisons, the first of public positions.
        let large = try price("kernel_shape = [3, 3], strides = [2, 2]")
        #expect(large.forward.cost.online == Traffic(bytes: 54 * (8 * 146 + 4 * 9 * 32), rounds: 4 * 9 + 3))
        #expect(Call("backward", large.backward).cost.online == Traffic(bytes: 54 * 9 * 32, rounds: 1))
    }

    /// An MLP whose ReLUs are written as `jnp.maximum` was measured at 65.4 MB, against 16.1 MB: two equality tests, a
    /// quotient and a product an element in the place of one selection by a bit that is there already.
    @Test("jnp.maximum has a gradient that divides")
    func maximum() throws {
        let graph = try model("g (float[128, 128] x) => (y) { y = Relu (x) }")
        let price = try #require(
            try jointlyPriced(SPU.semi2k(configuration: ["jax.relu": "maximum"]), graph))
        let elements = 128 * 128
        #expect(price.forward.cost.online == Traffic(bytes: 144 * elements, rounds: 8))
        let backward = Call("backward", price.backward).cost.online.bytes
        // Besides its two ReLUs, both programs send the same: 176 bytes an element with `jax.nn.relu`.
        let whole = 16_086_352 + 2 * (144 * elements + backward - 176 * elements)
        #expect((whole + 50_000) / 100_000 == 654)
        #expect(try jointlyPriced(try SPU.semi2k(), graph) == nil)
    }

    private func jointlyPriced(_ framework: SPU, _ graph: Graph) throws -> RecordedPrice? {
        guard case .jax(let jointly) = framework.differentiation else { return nil }
        let visibility = try graph.visibility(under: VisibilityPolicy())
        return try jointly(OperatorSite(graph.nodes[0], in: graph, visibility: visibility))
    }
}
