import Evaluate
import Foundation
import IR
import ONNXFormat
import Pricing
import TestSupport
import Testing

@testable import Frameworks

/// Training steps as CrypTen ran them: forward pass, loss, backward pass and optimizer apart, and the backward pass by
/// function.
@Suite struct CrypTenTrainingTests {
    /// The network that a row trains, on its batch. A loss with logits trains the network without its last Sigmoid.
    private func graph(of row: Measurement) throws -> Graph {
        let name = row.string("model").prefix { $0 != "_" }
        let batch = try #require(row.ints("input")?.first)
        var graph = try loadModel(
            at: Fixtures.path("truth/crypten_models/\(name).onnx"), evaluator: Interpreter()
        ).graph
        if row.string("loss") == "bce_logits", let last = graph.nodes.last, last.op == "Sigmoid" {
            graph.outputs = last.inputs.compactMap { $0 }
            graph.nodes.removeLast()
        }
        return try graph.withBatch(batch, evaluator: Interpreter())
    }

    private let losses = ["ce": "cross_entropy", "bce_logits": "binary_cross_entropy_with_logits"]

    @Test("every phase of a step costs what was measured")
    func phases() throws {
        var (phases, functions) = (ErrorTable(), ErrorTable())
        for row in try Measurement.rows("crypten_models.json") where row.string("kind") == "training" {
            let crypten = try CrypTen()
            let graph = try graph(of: row)
            let parameters = graph.values.indices.map { ValueID($0) }.filter { graph[$0].constant?.isParameter == true }
            let visibility = try graph.visibility(under: crypten.defaultVisibility)
            let loss = try #require(losses[row.string("loss")])
            var profile = try Profiler(crypten, evaluator: Interpreter()).training(
                graph, parameters: Set(parameters), visibility: visibility, by: crypten.autograd, loss: loss,
                reduction: "mean")
            for id in parameters {
                let type = try #require(graph[id].type)
                let call = try crypten.autograd.update(
                    optimizer: row.string("optimizer"), options: ["lr": "0.01"], parameter: type)
                profile.entries.append(
                    .init(
                        phase: .optimizer, layer: graph[id].name, op: "sgd", scope: Scope(),
                        price: OperatorPrice(try #require(call))))
            }
            #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
            for phase in Phase.allCases {
                let measured = row.part("phases").part(phase.rawValue)
                phases.add(
                    phase.rawValue, "\(row.string("model")) \(phase)",
                    expected: measured.cost(parties: 2, provider: "TFP"), found: profile.cost(of: phase))
            }
            check(profile, graph, row, &functions)
        }
        print("phases\n\(phases.description)\nfunctions\n\(functions.description)")
        #expect(phases.rows >= 12)
        #expect(phases.mismatches.isEmpty, "\(phases.mismatches.joined(separator: "\n"))")
        #expect(functions.mismatches.isEmpty, "\(functions.mismatches.joined(separator: "\n"))")
    }

    /// The functions that were run backward, by the operator that recorded them.
    private func check(_ profile: TrainingProfile, _ graph: Graph, _ row: Measurement, _ table: inout ErrorTable) {
        let operators = [
            "matmul": "Gemm", "mul": "Gemm", "relu": "Relu", "conv2d": "Conv", "avg_pool2d": "AveragePool",
            "max_pool2d": "MaxPool",
        ]
        var measured: [String: Cost] = [:]
        for layer in row.parts("per_layer") where layer.string("phase") == "backward" {
            let function = layer.string("op").replacing(".backward", with: "")
            measured[operators[function] ?? function, default: .zero] =
                (measured[operators[function] ?? function] ?? .zero) + layer.cost(parties: 2, provider: "TFP")
        }
        for (name, cost) in measured.sorted(by: { $0.key < $1.key }) where cost != .zero {
            let found = profile.entries.reduce(Cost.zero) {
                $1.phase == .backward && $1.op.type == name ? $0 + $1.price.cost : $0
            }
            table.add("backward", "\(row.string("model")) \(name)", expected: cost, found: found)
        }
    }

    @Test("skipping the loss leaves the softmax, and what the gradient costs")
    func skippedLoss() throws {
        let crypten = try CrypTen(configuration: ["nn.skip_forward": "true"])
        let prediction = TensorType(.float32, lengths: [32, 10])
        let price = try crypten.autograd.loss("cross_entropy", reduction: "mean", prediction: prediction)
        #expect(price.forward.cost == crypten.functions.softmax([32, 10], axis: 1).cost)
        let full = try CrypTen().autograd.loss("cross_entropy", reduction: "mean", prediction: prediction)
        #expect(full.backward == price.backward)
    }

    @Test("the gradient of binary cross-entropy costs 31 rounds and 81 n + 1 elements")
    func binaryCrossEntropy() throws {
        let prediction = TensorType(.float32, lengths: [7, 3])
        let price = try CrypTen().autograd.loss("binary_cross_entropy", reduction: "mean", prediction: prediction)
        let backward = Call("backward", price.backward)
        #expect(backward.cost.online == Traffic(bytes: 16 * (81 * 21 + 1), rounds: 31))
    }

    @Test("what CrypTen cannot differentiate is said, by node")
    func refusals() throws {
        let graph = try model(
            """
            g (float[2, 3, 4, 4] x, float[5, 3, 1, 1] w) => (float[2, 5, 1, 1] y) {
              c = Conv (x, w)
              y = GlobalAveragePool (c)
            }
            """)
        let crypten = try CrypTen()
        let w = try #require(graph.value(named: "w"))
        let profile = try Profiler(crypten).training(
            graph, parameters: [w], visibility: try graph.visibility(under: VisibilityPolicy()), by: crypten.autograd,
            loss: "mse_loss", reduction: "mean")
        #expect(profile.unpriced.map(\.op) == ["GlobalAveragePool"])
        #expect(profile.unpriced.first?.phase == .backward)
        // The loss's gradient, and both of the convolution.
        #expect(profile.cost(of: .backward).online.rounds == 3)
    }

    @Test(
        "an operator that no gradient is known of stands among what has no price",
        arguments: [
            // A body that reads the parameter from around it.
            """
            g (float[2, 4] x, float[4, 4] w) => (float[2, 4] y) {
              v = Transpose (w)
              c = Constant <value = bool {1}> ()
              y = If <then_branch = t () => (float[2, 4] p) { p = MatMul (x, v) },
                else_branch = e () => (float[2, 4] q) { q = Identity (x) }> (c)
            }
            """,
            // No function body, and no row.
            """
            g (float[2, 4] x, float[4, 4] w) => (float[2, 4] y) {
              v = MatMul (x, w)
              y = Einsum <equation = "...->..."> (v)
            }
            """,
        ])
    func nothingIsPassedOver(text: String) throws {
        let graph = try model(text)
        let profile = try trained(graph, parameter: "w", policy: VisibilityPolicy())
        let last = try #require(graph.nodes.last)
        #expect(profile.unpriced.contains { $0.phase == .backward && $0.op == last.op }, "\(profile.unpriced)")
    }

    @Test("recurrent layers have gradients", arguments: [("RNN", 3), ("LSTM", 12), ("GRU", 9)])
    func recurrences(name: String, rows: Int) throws {
        let graph = try model(
            """
            g (float[7, 2, 5] x, float[1, \(rows), 5] w, float[1, \(rows), 3] r) => (float[1, 2, 3] h) {
              y, h = \(name) <hidden_size = 3, linear_before_reset = 1> (x, w, r)
            }
            """)
        for parameter in ["w", "r"] {
            let profile = try trained(graph, parameter: parameter, policy: VisibilityPolicy())
            #expect(profile.unpriced.isEmpty, "\(profile.unpriced)")
            let layer = profile.entries.filter { $0.phase == .backward && $0.op.type == name }
            #expect(layer.contains { $0.price.cost.online.bytes > 0 }, "\(name), \(parameter)")
        }
    }

    @Test("the gradients of a recurrent layer are those of its input's product, and of every step")
    func stepsOfARecurrence() throws {
        let graph = try model(
            """
            g (float[7, 2, 5] x, float[1, 3, 5] w, float[1, 3, 3] r) => (float[1, 2, 3] h) {
              y, h = RNN <hidden_size = 3> (x, w, r)
            }
            """)
        let profile = try trained(graph, parameter: "w", policy: VisibilityPolicy())
        let layer = try #require(profile.entries.first { $0.phase == .backward && $0.op == "RNN" })
        let f = try CrypTen().functions
        let step = [f.square([2, 3]), f.mul([2, 3], [2, 3])] + f.matmulGradients([2, 3], [3, 3])
        let expected = Call("backward", [Call("step", count: 7, step)] + f.matmulGradients([7, 2, 5], [5, 3]))
        #expect(layer.price.cost == expected.cost)
    }

    @Test("a parameter that is not secret-shared has no gradient under CrypTen")
    func publicParameters() throws {
        let graph = try model(
            """
            g (float[2, 4] x, float[4, 4] w) => (float[2, 4] y) {
              v = Transpose (w)
              y = MatMul (x, v)
            }
            """)
        let policy = VisibilityPolicy(exceptions: ["w": .public])
        let profile = try trained(graph, parameter: "w", policy: policy)
        #expect(profile.unpriced.map(\.op) == ["Transpose"])
        #expect(profile.unpriced.map(\.phase) == [.backward])
    }

    @Test("shapes need no gradients")
    func shapes() throws {
        let graph = try model(
            """
            g (float[2, 4] x, float[4, 4] w) => (float[2, 4] y) {
              v = MatMul (x, w)
              s = Shape (v)
              y = Reshape (v, s)
            }
            """)
        #expect(try trained(graph, parameter: "w", policy: VisibilityPolicy()).unpriced.isEmpty)
    }

    private func trained(_ graph: Graph, parameter: String, policy: VisibilityPolicy) throws -> TrainingProfile {
        let crypten = try CrypTen()
        let id = try #require(graph.value(named: parameter))
        return try Profiler(crypten, evaluator: Interpreter()).training(
            graph, parameters: [id], visibility: try graph.visibility(under: policy), by: crypten.autograd,
            loss: "mse_loss",
            reduction: "mean")
    }

    /// Elements that a party opens, and rounds, of the gradients of operators on 96 elements in 24 rows, as they were measured
    /// function by function.
    @Test(
        "gradients of operators",
        arguments: [
            ("Relu(x)", 2 * 96, 1), ("Sigmoid(x)", 4 * 96, 2), ("Tanh(x)", 3 * 96, 2), ("Exp(x)", 2 * 96, 1),
            ("Reciprocal(x)", 3 * 96, 2), ("Softmax <axis = 3> (x)", 4 * 96, 2),
            ("LogSoftmax <axis = 3> (x)", 9 * 96 + 24, 9), ("Mul(x, y)", 4 * 96, 2), ("Mul(x, c)", 2 * 96, 1),
            ("Add(x, y)", 0, 0), ("Div(x, c)", 0, 0), ("Pow(x, c)", 2 * 96, 1), ("Neg(x)", 0, 0),
            ("AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (x)", 0, 0),
            ("MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (x)", 24 + 96, 1),
            ("BatchNormalization(x, v, v, v, v)", 4 * 96 + 2 * 3, 3),
            ("BatchNormalization <training_mode = 1> (x, v, v, v, v)", 8 * 96 + 6 * 3, 7),
            ("Conv <kernel_shape = [1, 1]> (x, w)", 160 + 15 + 96 + 3 * 160, 2),
        ])
    func gradients(expression: String, elements: Int, rounds: Int) throws {
        let graph = try model(
            """
            g (float[2, 3, 4, 4] x, float[2, 3, 4, 4] y, float[3] v, float[5, 3, 1, 1] w) => (r) {
              c = Constant <value_float = 2.0> ()
              r = \(expression)
            }
            """)
        let visibility = try graph.visibility(under: VisibilityPolicy())
        let node = try #require(graph.nodes.last)
        let site = OperatorSite(node, in: graph, visibility: visibility)
        let price = try #require(
            try CrypTen().autograd.recorded(
                site, needed: node.inputs.map { $0.map { graph[$0].constant == nil } ?? false }))
        #expect(Call("backward", price.backward).cost.online == Traffic(bytes: 16 * elements, rounds: rounds))
    }
}

extension CrypTen {
    /// Its autograd, as a profiler is handed it.
    fileprivate var autograd: Autograd { Autograd(functions: functions) }
}
