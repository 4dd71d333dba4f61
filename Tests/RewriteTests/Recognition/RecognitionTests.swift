import Evaluate
import Frameworks
import IR
import Pricing
import Testing

@testable import Rewrite

/// Operators that a graph spells out are recognised, however they are spelled.
@Suite struct RecognitionTests {
    /// A function of the spelling table: an operator with attributes, and the shapes of its operands.
    struct Case: CustomTestStringConvertible, Sendable {
        let op: OperatorName
        var attributes: [String: Attribute] = [:]
        var shapes: [[Int]] = [[3, 40]]
        var bounds: [Double] = []

        var testDescription: String { "\(op) \(attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })" }

        /// What the operator is recognised as where a simpler one does the same.
        var node: Node {
            let count = shapes.count + bounds.count
            return Node(
                name: "node", op: op, inputs: (0..<count).map { ValueID($0) }, outputs: [ValueID(count)],
                attributes: attributes)
        }

        func body() throws -> Graph {
            let types = shapes.map { TensorType(.float32, lengths: $0) }
            let numbers = bounds.map { Tensor(float32: [Float($0)], shape: []) }
            let found = try FunctionBodies.body(
                of: node, inputTypes: types + numbers.map(\.type), inputTensors: types.map { _ in nil } + numbers)
            var body = try #require(found)
            for (input, tensor) in zip(body.inputs.dropFirst(shapes.count), numbers) {
                body[input].constant = Constant(tensor, form: .literal(nodeName: body[input].name))
                body[input].known = nil
            }
            body.inputs = Array(body.inputs.prefix(shapes.count))
            return body
        }
    }

    static let cases: [Case] = [
        Case(op: "Celu", attributes: ["alpha": .float(2)]), Case(op: "Clip", bounds: [0, 6]),
        Case(op: "Elu"), Case(op: "Elu", attributes: ["alpha": .float(0.5)]), Case(op: "Gelu"),
        Case(op: "Gelu", attributes: ["approximate": .string("tanh")]), Case(op: "HardSigmoid"),
        Case(op: "HardSigmoid", attributes: ["alpha": .float(1.0 / 6), "beta": .float(0.5)]), Case(op: "HardSwish"),
        Case(op: "LeakyRelu"), Case(op: "LeakyRelu", attributes: ["alpha": .float(0.1)]), Case(op: "Mish"),
        Case(op: "Relu"), Case(op: "Selu"), Case(op: "Sigmoid"), Case(op: "Softplus"), Case(op: "Softsign"),
        Case(op: "Swish"), Case(op: "Swish", attributes: ["alpha": .float(1.702)]), Case(op: "ThresholdedRelu"),
        Case(op: "Softmax"), Case(op: "Softmax", attributes: ["axis": .int(0)]), Case(op: "LogSoftmax"),
        Case(op: "LayerNormalization", shapes: [[2, 5, 24], [24], [24]]),
        Case(op: "LayerNormalization", attributes: ["epsilon": .float(1e-12)], shapes: [[2, 5, 24], [24], [24]]),
        Case(op: "RMSNormalization", attributes: ["epsilon": .float(1e-6)], shapes: [[2, 5, 24], [24]]),
        Case(op: "InstanceNormalization", shapes: [[2, 6, 5, 5], [6], [6]]),
        Case(op: "GroupNormalization", attributes: ["num_groups": .int(2)], shapes: [[2, 6, 5, 5], [6], [6]]),
    ]

    private func recognized(_ graph: Graph) throws -> [Candidate] {
        let facts = GraphFacts(graph, visibility: try graph.visibility(under: VisibilityPolicy()))
        return Recognizer().candidates(in: facts, evaluator: Interpreter())
    }

    @Test(arguments: cases) func everySpellingIsRecognized(_ example: Case) throws {
        let body = try example.body()
        for seed in 0..<24 {
            var respelling = Respelling(of: body, seed: UInt64(seed))
            let graph = try respelling.graph()
            let found = try recognized(graph)
            let output = graph.outputs[0]
            let node = found.first { $0.replaced.contains { $0.host == output } }?.fragment.nodes.last
            // A spelling can be the operator itself.
            let written = node ?? (graph.nodes.count == 1 ? graph.nodes.first : nil)
            #expect(written?.op == example.op, "seed \(seed): \(ONNXText.print(graph))")
        }
    }
}
