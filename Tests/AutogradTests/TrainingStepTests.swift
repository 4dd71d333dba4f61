import Autograd
import Evaluate
import IR
import ONNXFormat
import Testing
import TestSupport

/// Training steps as graphs.
@Suite struct TrainingStepTests {
    /// A perceptron with a BatchNormalization and a Dropout, as exported for inference.
    private func model() throws -> Graph {
        let builder = GraphBuilder(name: "perceptron")
        var numbers = Numbers(seed: 11)
        func parameter(_ name: String, _ shape: [Int]) throws -> GraphBuilder.Term {
            let values = (0..<shape.reduce(1, *)).map { _ in Float(numbers.next(in: -0.5...0.5)) }
            return try builder.initializer(name, Tensor(float32: values, shape: shape))
        }
        let x = try builder.input("x", TensorType(.float32, lengths: [6, 4]))
        let hidden = try builder.within("fc1") { try x.matrixProduct(parameter("fc1.weight", [4, 5])) }
        let normal = try builder.within("bn") {
            try builder.apply(
                "BatchNormalization",
                [hidden] + ["weight", "bias", "running_mean"].map { try parameter("bn.\($0)", [5]) }
                    + [builder.initializer("bn.running_var", Tensor(float32: [1, 1, 1, 1, 1]))])
        }
        let y = try builder.within("fc2") {
            let active = try normal.apply("Relu").apply("Dropout")
            return try builder.apply(
                "Gemm", [active, parameter("fc2.weight", [3, 5]), parameter("fc2.bias", [3])], ["transB": .int(1)])
        }
        return try builder.graph(outputs: [("y", y)])
    }

    private func step(_ optimizer: any TrainingOptimizer = SGD(), _ options: TrainingStep.Options = .init()) throws
        -> TrainingStep
    {
        try TrainingStep(
            of: model(), loss: Losses.named("cross_entropy"), optimizer: optimizer, options: options,
            evaluator: Interpreter())
    }

    @Test func inputsAndOutputsGoRound() throws {
        let step = try step(Adam())
        try step.graph.verify()
        #expect(step.data == ["x"])
        #expect(step.target == "target")
        #expect(
            step.parameters.map(\.input) == ["fc1.weight", "bn.weight", "bn.bias", "fc2.weight", "fc2.bias"])
        #expect(
            step.state.map(\.input).filter { !$0.contains("exp_avg") } == ["step", "bn.running_mean", "bn.running_var"])
        let graph = step.graph
        let (inputs, outputs) = (graph.inputs.map { graph[$0].name }, graph.outputs.map { graph[$0].name })
        #expect(inputs.prefix(2) == ["x", "target"])
        #expect(Set(inputs.dropFirst(2)) == Set((step.parameters + step.state).map(\.input)))
        #expect(Set(outputs) == Set([step.loss] + (step.parameters + step.state).map(\.output)))
        for loop in step.parameters + step.state {
            #expect(graph.value(named: loop.input).flatMap { graph[$0].type } == loop.type)
            #expect(graph.value(named: loop.output).flatMap { graph[$0].type } == loop.type)
        }
    }

    @Test func everyNodeHasPhaseAndScope() throws {
        let graph = try step(Adam()).graph
        #expect(graph.nodes.allSatisfy { $0.phase != nil })
        let scopes = Dictionary(grouping: graph.nodes, by: \.phase).mapValues { Set($0.map(\.scope.description)) }
        #expect(scopes[.forward] == ["fc1", "bn", "fc2"])
        #expect(scopes[.loss] == ["cross_entropy"])
        #expect(scopes[.backward] == ["fc1", "bn", "fc2", "cross_entropy"])
        #expect(scopes[.optimizer] == ["", "fc1", "bn", "fc2"])
    }

    @Test func statisticsAreNotTrained() throws {
        var options = TrainingStep.Options()
        options.usesTrainingMode = false
        let names = try step(SGD(), options).parameters.map(\.input)
        #expect(names == ["fc1.weight", "bn.weight", "bn.bias", "fc2.weight", "fc2.bias"])
    }

    @Test func theComparisonOfReluIsPaidOnce() throws {
        let nodes = try step().graph.nodes
        #expect(nodes.count { $0.op == "Relu" } == 0)
        #expect(nodes.count { $0.op == "Greater" } == 1)
    }

    @Test func inputsAreDifferentiatedOnRequestOnly() throws {
        #expect(try step().gradients.isEmpty)
        var options = TrainingStep.Options()
        options.differentiatesInputs = true
        let more = try step(SGD(), options)
        #expect(more.gradients == ["x": "x.gradient"])
        #expect(more.graph.nodes.count > (try step().graph.nodes.count))
    }

    @Test func stepsTrain() throws {
        let step = try step(SGD(momentum: 0.5))
        var generator = Numbers(seed: 5)
        let data = Tensor(float32: (0..<24).map { _ in Float(generator.next(in: -1...1)) }, shape: [6, 4])
        var values = try step.start()
        values["x"] = data
        values[step.target] = Tensor(
            float32: [0, 1, 2, 0, 1, 2].flatMap { c in (0..<3).map { $0 == c ? 1 : 0 } }, shape: [6, 3])
        var losses: [Double] = []
        for _ in 0..<40 {
            let results = try Interpreter().run(step.graph, inputs: values)
            losses.append(try #require(results[step.loss]?.scalar))
            for loop in step.parameters + step.state { values[loop.input] = results[loop.output] }
        }
        #expect(losses.allSatisfy { $0.isFinite })
        #expect(losses[39] < losses[0])
    }

    @Test func aNodeWithoutGradientIsNamed() throws {
        let builder = GraphBuilder()
        let x = try builder.input("x", TensorType(.float32, lengths: [2, 3]))
        let weight = try builder.initializer("w", Tensor(float32: [1, 2, 3]))
        let y = try builder.within("head") { try (x * weight).apply("LRN", attributes: ["size": .int(1)]) }
        let graph = try builder.graph(outputs: [("y", y)])
        let error = #expect(throws: HarrierError.self) {
            try TrainingStep(of: graph, loss: Losses.named("mse_loss"), optimizer: SGD())
        }
        #expect(error?.place == "node '/head/LRN' (LRN)")
        #expect(error?.message == "LRN has no gradient")
    }
}
