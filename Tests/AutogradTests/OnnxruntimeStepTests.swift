import Autograd
import Evaluate
import Foundation
import IR
import ONNXFormat
import TestSupport
import Testing

/// Exported steps in onnxruntime and in the interpreter, on the same random numbers.
@Suite struct OnnxruntimeStepTests {
    @Test(arguments: [
        ("lenet", "cross_entropy"), ("minionn", "cross_entropy"), ("resnet32_cifar", "cross_entropy"),
        ("bert_tiny", "mse_loss"),
    ])
    func stepsOfModelsComputeTheSame(_ name: String, _ loss: String) throws {
        let model = try loadModel(at: Fixtures.path("models/\(name).onnx"), evaluator: Interpreter()).graph
        try compare(model, loss, name)
    }

    /// What the models have not: pools that overlap, groups, strides, dilations, a transposed convolution, resizing.
    @Test func stepsOfOtherLayersComputeTheSame() throws {
        let builder = GraphBuilder(name: "layers", evaluator: Interpreter())
        func parameter(_ name: String, _ shape: [Int]) throws -> GraphBuilder.Term {
            let count = shape.reduce(1, *)
            return try builder.initializer(name, Tensor(float32: [Float](repeating: 0.5, count: count), shape: shape))
        }
        let x = try builder.input("x", TensorType(.float32, lengths: [3, 4, 9, 8]))
        var y = try builder.apply(
            "Conv", [x, parameter("w1", [6, 2, 3, 3]), parameter("b1", [6])],
            ["group": .int(2), "pads": .ints([1, 1, 1, 1]), "strides": .ints([2, 1]), "dilations": .ints([1, 2])])
        y = try y.apply(
            "MaxPool",
            attributes: ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1])])
        y = try builder.apply(
            "ConvTranspose", [y, parameter("w2", [6, 2, 3, 3])],
            ["group": .int(3), "strides": .ints([2, 2]), "output_padding": .ints([1, 0])])
        y = try y.apply("HardSwish").apply(
            "AveragePool",
            attributes: ["kernel_shape": .ints([2, 3]), "strides": .ints([1, 2]), "pads": .ints([0, 1, 0, 1])])
        y = try builder.apply(
            "GroupNormalization", [y, parameter("w3", [6]), parameter("b3", [6])], ["num_groups": .int(2)])
        y = try builder.apply(
            "Resize", [y, nil, builder.literal(Tensor(float32: [1, 1, 2, 2]))], ["mode": .string("nearest")])
        y = try y.apply("Gelu").apply("GlobalMaxPool").apply("Flatten")
        try compare(builder.graph(outputs: [("y", y)]), "mse_loss", "layers")
    }

    private func compare(_ model: Graph, _ loss: String, _ name: String) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (path, data) = (folder.appending(path: "step.onnx").path, folder.appending(path: "data.onnx").path)
        let step = try TrainingStep(
            of: model, loss: Losses.named(loss), optimizer: SGD(momentum: 0.5), evaluator: Interpreter())
        _ = try ONNXWriter().write(step.graph, to: path)
        _ = try Oracle.run(script: "run_model.py", arguments: [path, data])
        let tensors = try ONNXReader().read(data).graph.values.reduce(into: [String: Tensor]()) { tensors, value in
            tensors[value.name] = value.constant?.tensor
        }
        let graph = try loadModel(at: path, evaluator: Interpreter()).graph
        var inputs: [String: Tensor] = [:]
        for (index, id) in graph.inputs.enumerated() { inputs[graph[id].name] = tensors["input/\(index)"] }
        let outputs = try Interpreter().run(graph, inputs: inputs)
        var worst = 0.0
        for (index, id) in graph.outputs.enumerated() {
            let found = try #require(outputs[graph[id].name])
            let wanted = try #require(tensors["output/\(index)"])
            #expect(found.shape == wanted.shape)
            let scale = max(1, try wanted.doubles().map(abs).max() ?? 1)
            worst = max(worst, zip(try found.doubles(), try wanted.doubles()).map { abs($0 - $1) / scale }.max() ?? 0)
        }
        print("\(name): a step in onnxruntime differs by \(worst) of the largest element")
        // onnxruntime rounds every number to 32 bits.
        #expect(worst < 1e-3)
    }
}
