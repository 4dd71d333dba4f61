import Autograd
import Evaluate
import IR
import Testing

/// Ten steps of LeNet from equal weights on equal batches, by our interpreter and by PyTorch.
@Suite struct LeNetTrainingTests {
    struct Case: Decodable {
        let optimizer: String
        let options: [String: String]
        let batch: Int
        let losses: [Double]
        let samples: [[Double]]
        let squares: [Double]
    }

    private static let shapes = [
        [6, 1, 5, 5], [6], [16, 6, 5, 5], [16], [120, 256], [120], [84, 120], [84], [10, 84], [10],
    ]

    /// The network with its parameters drawn in PyTorch's order.
    private func lenet(_ draws: inout Draws, batch: Int) throws -> Graph {
        let builder = GraphBuilder(name: "lenet", evaluator: Interpreter())
        let weights = try Self.shapes.enumerated().map { index, shape in
            let fan = Double(max(1, shape.dropFirst().reduce(1, *)))
            let numbers = draws.numbers(shape, over: fan.squareRoot())
            return try builder.initializer("weight\(index)", Tensor(float64: numbers, shape: shape))
        }
        var x = try builder.input("images", TensorType(.float64, lengths: [batch, 1, 28, 28]))
        for index in [0, 2] {
            x = try x.apply("Conv", weights[index], weights[index + 1]).apply("Relu")
            x = try x.apply("AveragePool", attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])])
        }
        x = try x.apply("Flatten")
        for index in [4, 6, 8] {
            x = try x.apply("Gemm", weights[index], weights[index + 1], attributes: ["transB": .int(1)])
            if index < 8 { x = try x.apply("Relu") }
        }
        return try builder.graph(outputs: [("logits", x)])
    }

    @Test("losses and parameters are PyTorch's", arguments: ["sgd", "momentum", "adam", "adamw"])
    func tenSteps(optimizer: String) throws {
        let row = try #require(try TrainingFixture<Case>("lenet").cases.first { $0.optimizer == optimizer })
        var draws = Draws(11)
        let model = try lenet(&draws, batch: row.batch)
        let step = try TrainingStep(
            of: model, loss: try Losses.named("cross_entropy"),
            optimizer: try Optimizers.make(optimizer, options: row.options), evaluator: Interpreter())
        var values = try start(step)
        var losses: [Double] = []
        for number in 0..<10 {
            values["images"] = draws.numbers([row.batch, 1, 28, 28])
            let labels = (0..<row.batch).map { (number + $0) % 10 }
            values[step.target] = labels.flatMap { label in (0..<10).map { $0 == label ? 1 : 0 } }
            let outputs = try Interpreter().run(step.graph, doubles: values)
            losses += outputs[step.loss] ?? []
            for loop in step.parameters + step.state { values[loop.input] = outputs[loop.output] }
        }
        var worst = error(losses, row.losses)
        for index in Self.shapes.indices {
            let weights = try #require(values["weight\(index)"])
            let sampled = stride(from: 0, to: weights.count, by: 97).map { weights[$0] }
            worst = max(worst, error(sampled, row.samples[index]))
            worst = max(worst, error([weights.reduce(0) { $0 + $1 * $1 }], [row.squares[index]]))
        }
        print("LeNet, ten steps of \(optimizer): largest error \(worst)")
        #expect(worst < 1e-9)
    }

    /// What the first step gets.
    private func start(_ step: TrainingStep) throws -> [String: [Double]] {
        var values: [String: [Double]] = [:]
        for loop in step.parameters + step.state {
            switch loop.start {
            case .tensor(let tensor): values[loop.input] = try tensor.doubles()
            case .filled(let number):
                values[loop.input] = Array(repeating: number, count: loop.type.elementCount ?? 1)
            }
        }
        return values
    }
}
