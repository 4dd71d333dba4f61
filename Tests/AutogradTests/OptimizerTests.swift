import Autograd
import Evaluate
import IR
import Testing

@Suite struct OptimizerTests {
    struct Case: Decodable {
        let optimizer: String
        let options: [String: String]
        let shapes: [[Int]]
        let steps: [String: [[Double]]]
    }

    /// A graph that updates parameters of those shapes.
    private func graph(_ optimizer: any TrainingOptimizer, _ shapes: [[Int]]) throws -> Graph {
        let builder = GraphBuilder(evaluator: Interpreter())
        let step = optimizer.countsSteps ? try builder.input("step", TensorType(.float64, [])) : nil
        let schedule = try optimizer.schedule(step: step)
        var outputs: [(name: String, term: GraphBuilder.Term)] = []
        for (index, shape) in shapes.enumerated() {
            let type = TensorType(.float64, lengths: shape)
            let parameter = try builder.input("parameter\(index)", type)
            let gradient = try builder.input("gradient\(index)", type)
            let state = try optimizer.state(ofParameter: shape).map {
                try builder.input("\($0.name)\(index)", TensorType(.float64, lengths: $0.shape))
            }
            let result = try optimizer.update(
                ParameterUpdate(parameter: parameter, gradient: gradient, state: state, schedule: schedule))
            #expect(result.state.count == state.count)
            for (old, new) in zip([parameter] + state, [result.parameter] + result.state) {
                #expect(new.type == old.type)
                outputs.append(("next \(old.value.name)", new))
            }
        }
        return try builder.graph(outputs: outputs)
    }

    /// Parameters after each of ten steps.
    private func run(_ optimizer: any TrainingOptimizer, _ shapes: [[Int]]) throws -> [[[Double]]] {
        let graph = try graph(optimizer, shapes)
        var draws = Draws(7)
        var values: [String: [Double]] = [:]
        for (index, shape) in shapes.enumerated() { values["parameter\(index)"] = draws.numbers(shape) }
        for (index, shape) in shapes.enumerated() {
            for state in optimizer.state(ofParameter: shape) {
                values["\(state.name)\(index)"] = Array(
                    repeating: state.initialValue, count: state.shape.reduce(1, *))
            }
        }
        return try (1...10).map { step in
            values["step"] = [Double(step)]
            for (index, shape) in shapes.enumerated() { values["gradient\(index)"] = draws.numbers(shape) }
            for (name, value) in try Interpreter().run(graph, doubles: values) {
                values[String(name.dropFirst("next ".count))] = value
            }
            return shapes.indices.map { values["parameter\($0)"] ?? [] }
        }
    }

    @Test("ten steps are PyTorch's, with defaults and with every option")
    func agreesWithPyTorch() throws {
        print("optimizers: largest error of parameters after 1, 2 and 10 steps")
        for row in try TrainingFixture<Case>("optimizers").cases {
            let steps = try run(try Optimizers.make(row.optimizer, options: row.options), row.shapes)
            var worst = 0.0
            for (step, parameters) in row.steps {
                let found = steps[(Int(step) ?? 1) - 1]
                for (one, other) in zip(found, parameters) { worst = max(worst, error(one, other)) }
            }
            print("  \(row.optimizer) \(row.options): \(worst)")
            #expect(worst < 1e-10, "\(row.optimizer) \(row.options)")
        }
    }

    @Test("Adam by the reciprocal root takes the steps of the division form but for its epsilon")
    func reciprocalRoot() throws {
        let shapes = [[3, 4], [5]]
        let division = try run(try Optimizers.make("adam"), shapes)
        let reciprocal = try run(try Optimizers.make("adam", options: ["root": "reciprocal"]), shapes)
        for (one, other) in zip(division.joined(), reciprocal.joined()) { #expect(error(one, other) < 1e-9) }
        let graph = try graph(try Optimizers.make("adam", options: ["root": "reciprocal"]), shapes)
        #expect(!graph.nodes.contains { $0.op == "Div" && graph[$0.outputs[0] ?? ValueID(0)].type?.rank != 0 })
    }

    @Test("Lion and signSGD follow their papers")
    func signs() throws {
        var draws = Draws(7)
        let start = draws.numbers([3])
        var momentum = [0.0, 0, 0]
        var (lion, signs) = (start, start)
        let (found, plain) = (
            try run(try Optimizers.make("lion", options: ["lr": "0.1", "weight_decay": "0.5"]), [[3]]),
            try run(try Optimizers.make("signsgd", options: ["lr": "0.1"]), [[3]])
        )
        for step in 0..<10 {
            for (index, gradient) in draws.numbers([3]).enumerated() {
                let direction = 0.9 * momentum[index] + 0.1 * gradient
                lion[index] -= 0.1 * (direction > 0 ? 1 : -1) + 0.1 * 0.5 * lion[index]
                momentum[index] = 0.99 * momentum[index] + 0.01 * gradient
                signs[index] -= 0.1 * (gradient > 0 ? 1 : -1)
            }
            #expect(error(found[step][0], lion) < 1e-12)
            #expect(error(plain[step][0], signs) < 1e-12)
        }
    }

    @Test(
        "what cannot be set is answered with what can",
        arguments: [
            ("adam", ["momentum": "0.9"], "betas"), ("adam", ["betas": "0.9"], "0.9,0.999"),
            ("sgd", ["lr": "-1"], "a number from 0"), ("sgd", ["nesterov": "true"], "momentum"),
            ("adam", ["betas": "0.9,1.5"], "0.9,0.999"), ("adafactor", ["d": "nan"], "a number from 1"),
        ])
    func wrongOptions(name: String, options: [String: String], hint: String) {
        let error = #expect(throws: HarrierError.self) { try Optimizers.make(name, options: options) }
        #expect(error?.description.contains(hint) == true, "\(error?.description ?? "")")
    }

    @Test("an unknown optimizer is answered with the known ones")
    func unknown() {
        let error = #expect(throws: HarrierError.self) { try Optimizers.make("newton") }
        #expect(error?.hint?.contains("sgd, momentum, nesterov, adagrad") == true)
    }

    @Test("updates of matrices keep to a few operators on secrets")
    func sizes() throws {
        // Products with public numbers are counted, too: each is a truncation.
        let expected = ["sgd": 2, "momentum": 4, "adam": 12, "adamw": 13, "signsgd": 3, "lion": 9]
        for (name, count) in expected {
            let graph = try graph(try Optimizers.make(name), [[3, 4]])
            let large = graph.nodes.filter { $0.outputs.contains { $0.map { graph[$0].type?.rank == 2 } ?? false } }
            #expect(large.filter { $0.op != "Identity" }.count == count, "\(name): \(large.map(\.op.type))")
        }
    }
}
