import Autograd
import Evaluate
import Foundation
import IR
import ONNXFormat
import Frameworks
import Pricing
import TestSupport
import Testing

/// Training steps of real models.
@Suite struct ModelStepTests {
    /// Models with the loss that goes with their outputs.
    static let models: [(name: String, loss: String)] = [
        ("lenet", "cross_entropy"), ("minionn", "cross_entropy"), ("alexnet", "cross_entropy"),
        ("vgg16", "cross_entropy"),
        ("resnet18", "cross_entropy"), ("resnet32_cifar", "cross_entropy"), ("resnet50", "cross_entropy"),
        ("resnet50.dynamo", "cross_entropy"), ("densenet121", "cross_entropy"),
        ("mobilenet_v3_small", "cross_entropy"), ("mobilenet_v3_small.dynamo", "cross_entropy"),
        ("shufflenet_v2_x1_0", "cross_entropy"), ("vgg16_bn_cifar.dynamo", "cross_entropy"), ("bert_tiny", "mse_loss"),
        ("bert_base", "mse_loss"), ("bert_base.dynamo", "mse_loss"), ("gpt2.dynamo", "mse_loss"),
    ]

    private func load(_ name: String) throws -> Graph {
        try loadModel(at: Fixtures.path("models/\(name).onnx"), evaluator: Interpreter()).graph
    }

    private func step(_ name: String, _ loss: String, _ optimizer: any TrainingOptimizer = Adam()) throws
        -> TrainingStep
    {
        try TrainingStep(of: load(name), loss: Losses.named(loss), optimizer: optimizer, evaluator: Interpreter())
    }

    @Test(arguments: models)
    func stepsAreWellFormedAndPriced(_ name: String, _ loss: String) throws {
        let step = try step(name, loss)
        try step.graph.verify()
        // What is said about types is what inference finds.
        var again = step.graph
        try again.inferTypes(evaluator: Interpreter())
        #expect(again.values.map(\.type) == step.graph.values.map(\.type))
        #expect(step.graph.nodes.allSatisfy { $0.phase != nil })
        let profile = try Profiler(try CrypTen(), evaluator: Interpreter())
            .profile(step.graph, policy: step.policy(for: CrypTen().defaultVisibility))
        #expect(profile.unpriced.map { "\($0)" } == [])
        var bytes: [Phase: Int] = [:]
        for (node, entry) in zip(step.graph.nodes, profile.entries) {
            if let phase = node.phase { bytes[phase, default: 0] += entry.price.call.cost.online.bytes }
        }
        let split = Phase.allCases.map { "\($0) \(bytes[$0, default: 0])" }.joined(separator: ", ")
        print("\(name): \(step.graph.nodes.count) nodes; online bytes under CrypTen: \(split)")
    }

    @Test func exportedStepsAreONNX() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try Self.models.map { model in
            let path = folder.appending(path: "\(model.name).step.onnx").path
            let step = try step(model.name, model.loss)
            _ = try ONNXWriter().write(step.graph, to: path)
            let read = try loadModel(at: path, evaluator: Interpreter()).graph
            #expect(read.nodes.map(\.phase) == step.graph.nodes.map(\.phase), "\(model.name)")
            return path
        }
        _ = try Oracle.run(script: "check_model.py", arguments: files)
    }
}
