import Evaluate
import Foundation
import IR
import ONNXFormat
import Testing
import TestSupport

/// Bodies of composite operators against the operators themselves.
@Suite struct FunctionBodyTests {
    /// A node of a composite operator.
    struct Case: CustomTestStringConvertible, Sendable {
        var op: OperatorName
        var shapes: [[Int]]
        var attributes: [String: Attribute] = [:]
        /// Operands that are constants, by position.
        var constants: [Int: Tensor] = [:]
        var outputCount = 1
        var elementType = ElementType.float32

        var testDescription: String { "\(op) \(attributes)" }

        /// The constant at that position, in the case's element type if it is of real numbers.
        private func constant(_ index: Int) -> Tensor? {
            guard let tensor = constants[index], tensor.elementType == .float32, elementType == .float64 else {
                return constants[index]
            }
            return (try? tensor.doubles()).map { Tensor(float64: $0, shape: tensor.shape) }
        }

        /// The node as a graph of its own. Constants take their place among the operands.
        func graph() -> Graph {
            var graph = Graph(opsets: ["": max(Graph.opsetVersion, OperatorTable[op]?.opsetVersion ?? 0)])
            if !op.domain.isEmpty { graph.opsets[op.domain] = 3 }
            var shapes = shapes.makeIterator()
            let count = self.shapes.count + constants.count
            let operands = (0..<count).map { index -> ValueID in
                if let tensor = constant(index) { return graph.addConstant("x\(index)", tensor, isLiteral: true) }
                return graph.addInput("x\(index)", TensorType(elementType, lengths: shapes.next() ?? []))
            }
            let results = (0..<outputCount).map { graph.add(Value(name: "y\($0)")) }
            graph.append(Node(name: "node", op: op, inputs: operands, outputs: results, attributes: attributes))
            graph.outputs = results
            return graph
        }

        /// The graph with the body's nodes in place of the node.
        func expanded() throws -> Graph {
            let whole = graph()
            let types = whole.nodes[0].inputs.map { $0.flatMap { whole[$0].type } }
            let tensors = whole.nodes[0].inputs.indices.map { constant($0) }
            let result = try FunctionBodies.body(of: whole.nodes[0], inputTypes: types, inputTensors: tensors)
            var body = try #require(result, "\(op)")
            var inputs: [ValueID] = []
            for (index, input) in body.inputs.enumerated() {
                body[input].name = "x\(index)"
                if let tensor = constant(index) {
                    body[input].constant = Constant(tensor, form: .literal(nodeName: "x\(index)"))
                } else {
                    inputs.append(input)
                }
            }
            body.inputs = inputs
            for (index, output) in body.outputs.enumerated() { body[output].name = "y\(index)" }
            body.opsets = whole.opsets
            return body
        }
    }

    private static let cases = realCases + indexedCases + classicalCases

    private static let realCases: [Case] = [
        Case(op: "Attention", shapes: [[2, 3, 5, 4], [2, 3, 6, 4], [2, 3, 6, 4]]),
        Case(
            op: "Attention", shapes: [[2, 5, 12], [2, 5, 6], [2, 5, 6], [5, 5]],
            attributes: ["q_num_heads": .int(4), "kv_num_heads": .int(2), "is_causal": .int(1), "scale": .float(0.3)]),
        Case(
            op: "Attention",
            shapes: [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 5], [1, 1, 3, 5], [1, 2, 2, 4], [1, 2, 2, 5]],
            attributes: ["softcap": .float(1.5), "qk_matmul_output_mode": .int(1)], outputCount: 4),
        Case(op: "BatchNormalization", shapes: [[2, 3, 4, 5], [3], [3], [3]], constants: [4: positive(3)]),
        Case(
            op: "BatchNormalization", shapes: [[4, 3, 5], [3], [3], [3]],
            attributes: ["training_mode": .int(1), "momentum": .float(0.75)], constants: [4: positive(3)],
            outputCount: 3),
        Case(op: "DFT", shapes: [[2, 5, 1]], elementType: .float64),
        Case(
            op: "DFT", shapes: [[3, 4, 2]], attributes: ["inverse": .int(1)],
            constants: [1: Tensor(int64: [3], shape: []), 2: Tensor(int64: [0], shape: [])], elementType: .float64),
        Case(
            op: "DFT", shapes: [[2, 4, 3, 1]], attributes: ["onesided": .int(1)],
            constants: [1: Tensor(int64: [6], shape: []), 2: Tensor(int64: [1], shape: [])], elementType: .float64),
        Case(op: "BatchNormalization", shapes: [[4, 3], [3], [3], [3]], constants: [4: positive(3)]),
        Case(
            op: "CausalConvWithState", shapes: [[2, 3, 5], [3, 1, 4], [3], [2, 3, 3]],
            attributes: ["activation": .string("silu")], outputCount: 2),
        Case(op: "CausalConvWithState", shapes: [[2, 3, 5], [3, 1, 4]], outputCount: 2),
        Case(op: "Celu", shapes: [[3, 40]], attributes: ["alpha": .float(0.7)]),
        Case(op: "Clip", shapes: [[3, 40]], constants: [1: scalar(-0.5), 2: scalar(0.75)]),
        Case(op: "Clip", shapes: [[3, 40]], constants: [1: scalar(-0.5)]),
        Case(op: "Elu", shapes: [[3, 40]]),
        Case(op: "Gelu", shapes: [[3, 40]]),
        Case(op: "Gelu", shapes: [[3, 40]], attributes: ["approximate": .string("tanh")]),
        Case(
            op: "GRU", shapes: [[5, 2, 3], [1, 12, 3], [1, 12, 4], [1, 24]],
            attributes: ["hidden_size": .int(4), "linear_before_reset": .int(1)], outputCount: 2),
        Case(
            op: "GroupNormalization", shapes: [[2, 6, 4, 5], [6], [6]],
            attributes: ["num_groups": .int(3), "epsilon": .float(0.01)]),
        Case(op: "HardSigmoid", shapes: [[3, 40]]),
        Case(op: "HardSwish", shapes: [[3, 40]]),
        Case(op: "InstanceNormalization", shapes: [[2, 3, 4, 5], [3], [3]]),
        Case(
            op: "LSTM", shapes: [[5, 2, 3], [2, 16, 3], [2, 16, 4], [2, 32]],
            attributes: ["hidden_size": .int(4), "direction": .string("bidirectional")], outputCount: 3),
        Case(op: "LayerNormalization", shapes: [[2, 3, 8], [8], [8]]),
        Case(op: "LayerNormalization", shapes: [[2, 3, 8], [3, 8]], attributes: ["axis": .int(1)], outputCount: 3),
        Case(op: "LeakyRelu", shapes: [[3, 40]]),
        Case(op: "Relu", shapes: [[3, 40]]),
        Case(op: "Sigmoid", shapes: [[3, 40]]),
        Case(op: "LogSoftmax", shapes: [[3, 9, 4]], attributes: ["axis": .int(1)]),
        Case(op: "LpNormalization", shapes: [[3, 9]]),
        Case(op: "LpNormalization", shapes: [[3, 9]], attributes: ["axis": .int(0), "p": .int(1)]),
        Case(op: "Mean", shapes: [[3, 9], [9], [3, 1]]),
        Case(op: "Mean", shapes: [[3, 9]]),
        Case(op: "MeanVarianceNormalization", shapes: [[2, 3, 4, 5]]),
        Case(op: "Mish", shapes: [[3, 40]]),
        Case(op: "PRelu", shapes: [[3, 40], [40]]),
        Case(op: "RMSNormalization", shapes: [[3, 8], [8]]),
        Case(
            op: "RNN", shapes: [[5, 2, 3], [1, 4, 3], [1, 4, 4]],
            attributes: [
                "hidden_size": .int(4), "direction": .string("reverse"), "activations": .strings(["Relu"]),
            ], outputCount: 2),
        Case(op: "ReduceL1", shapes: [[3, 4, 5]], constants: [1: Tensor(int64: [0, 2])]),
        Case(op: "ReduceL2", shapes: [[3, 4, 5]], attributes: ["keepdims": .int(0)]),
        Case(op: "ReduceLogSum", shapes: [], constants: [0: positive(9)]),
        Case(op: "ReduceLogSumExp", shapes: [[3, 4, 5]], constants: [1: Tensor(int64: [-1])]),
        Case(op: "ReduceSumSquare", shapes: [[3, 4]], attributes: ["noop_with_empty_axes": .int(1)]),
        Case(op: "Selu", shapes: [[3, 40]]),
        Case(op: "Shrink", shapes: [[3, 40]], attributes: ["bias": .float(0.25), "lambd": .float(0.4)]),
        Case(op: "Softmax", shapes: [[3, 9, 4]], attributes: ["axis": .int(-2)]),
        Case(
            op: "SoftmaxCrossEntropyLoss", shapes: [[3, 5], [5]],
            attributes: ["reduction": .string("sum")], constants: [1: Tensor(int64: [1, 4, 0])], outputCount: 2),
        Case(op: "Softplus", shapes: [[3, 40]]),
        Case(op: "Softsign", shapes: [[3, 40]]),
        Case(op: "Sum", shapes: [[3, 9], [9], [3, 1]]),
        Case(op: "RotaryEmbedding", shapes: [[2, 3, 5, 8], [2, 5, 4], [2, 5, 4]]),
        Case(
            op: "RotaryEmbedding", shapes: [[1, 4, 24], [9, 2], [9, 2]],
            attributes: ["num_heads": .int(3), "interleaved": .int(1), "rotary_embedding_dim": .int(4)],
            constants: [3: Tensor(int64: [0, 2, 5, 8], shape: [1, 4])]),
        Case(op: "SwiGLU", shapes: [[3, 40], [3, 40]], attributes: ["alpha": .float(0.5)]),
        Case(op: "Swish", shapes: [[3, 40]], attributes: ["alpha": .float(1.5)]),
        Case(op: "ThresholdedRelu", shapes: [[3, 40]], attributes: ["alpha": .float(0.3)]),
    ]

    private static func positive(_ count: Int) -> Tensor {
        Tensor(float32: (1...count).map { Float($0) / 4 })
    }

    private static func scalar(_ value: Float) -> Tensor { Tensor(float32: [value], shape: []) }

    @Test func everyBodyIsTested() {
        #expect(Set(Self.cases.map(\.op)) == FunctionBodies.operators)
    }

    @Test(arguments: cases) func bodyHasTheTypesOfTheOperator(test: Case) throws {
        var whole = test.graph()
        try whole.inferTypes(evaluator: nil)
        let body = try test.expanded()
        try body.verify()
        #expect(body.outputs.map { body[$0].type } == whole.outputs.map { whole[$0].type })
        #expect(whole.outputs.allSatisfy { whole[$0].type?.lengths != nil })
        #expect(!body.nodes.contains { $0.op == test.op })
    }

    @Test func bodiesComputeWhatOnnxruntimeComputes() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (index, test) in Self.cases.enumerated() {
            var whole = test.graph()
            try whole.inferTypes(evaluator: nil)
            for (graph, name) in [(whole, "operator"), (try test.expanded(), "body")] {
                let path = folder.appendingPathComponent("\(index).\(name).onnx").path
                _ = try ONNXWriter(opset: graph.opsets[""]).write(graph, to: path)
            }
        }
        let text = try Oracle.run(script: "function_bodies.py", arguments: [folder.path])
        let errors = try JSONDecoder().decode([String: Double].self, from: Data(text.utf8))
        #expect(errors.count == Self.cases.count)
        for (index, test) in Self.cases.enumerated() {
            let error = try #require(errors["\(index)"], "\(test.testDescription)")
            #expect(error < 1e-5, "\(test.testDescription)")
        }
    }

    @Test(arguments: cases) func bodiesComputeWhatTheInterpreterComputes(test: Case) throws {
        guard Interpreter().supports(test.op) else { return }
        var test = test
        // Literals of bodies have the element type of the operands; in 64 bits both sides compute the same.
        test.elementType = .float64
        let (whole, body) = (test.graph(), try test.expanded())
        var inputs: [String: NumericArray] = [:]
        for id in whole.inputs {
            let lengths = try #require(whole[id].type?.lengths)
            let values = (0..<lengths.reduce(1, *)).map { sin(Double($0 + id.index) * 1.7) * 2 }
            inputs[whole[id].name] = try NumericArray(values, shape: lengths)
        }
        let expected = try Interpreter().run(whole, inputs: inputs)
        for (name, array) in try Interpreter().run(body, inputs: inputs) {
            let pairs = zip(try array.doubles(), try #require(expected[name]).doubles())
            #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) }, "\(test.testDescription) \(name)")
        }
    }

    @Test func bodiesOfHalfPrecisionComputeStatisticsInFloat32() throws {
        var test = Case(op: "LayerNormalization", shapes: [[2, 8], [8], [8]])
        test.elementType = .float16
        let body = try test.expanded()
        #expect(body.nodes.filter { $0.op == "Cast" }.count == 2)
        #expect(
            body.nodes.filter { $0.op == "ReduceMean" }.allSatisfy {
                body[$0.outputs[0]!].type?.elementType == .float32
            })
    }

    @Test func operatorsWithoutBodiesHaveNone() throws {
        let root = Node(op: "Sqrt", inputs: [ValueID(0)], outputs: [ValueID(1)])
        #expect(try FunctionBodies.body(of: root, inputTypes: [TensorType(.float32, [2])]) == nil)
        let norm = Node(op: "Sum", inputs: [ValueID(0)], outputs: [ValueID(1)])
        #expect(try FunctionBodies.body(of: norm, inputTypes: [TensorType(.int64, [2])]) == nil)
        #expect(try FunctionBodies.body(of: norm, inputTypes: [nil]) == nil)
    }
}
