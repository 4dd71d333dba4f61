import Evaluate
import IR
import Testing

/// Running whole graphs.
@Suite struct InterpreterTests {
    /// `y = relu(x * w) + x`, with `w` a constant.
    private func sample() -> Graph {
        var graph = Graph()
        let x = graph.addInput("x", TensorType(.float32, lengths: [2]))
        let w = graph.addConstant("w", Tensor(float32: [2, -1]))
        let product = graph.append("Mul", [x, w], output: "product")
        let positive = graph.append("Relu", [product], output: "positive")
        graph.outputs = [graph.append("Add", [positive, x], output: "y"), product]
        return graph
    }

    @Test func runsAGraph() throws {
        let outputs = try Interpreter().run(sample(), inputs: ["x": Tensor(float32: [1, 3])])
        #expect(outputs == ["y": Tensor(float32: [3, 3]), "product": Tensor(float32: [2, -3])])
    }

    @Test func constantsCanBeReplaced() throws {
        let outputs = try Interpreter().run(sample(), inputs: ["x": f([1, 3])]) { value in
            value.name == "w" ? f([10, 10]) : nil
        }
        #expect(outputs["y"] == f([11, 33]))
    }

    @Test func doublePrecisionKeepsWhatSinglePrecisionRounds() throws {
        var graph = Graph()
        let x = graph.addInput("x", TensorType(.float32, lengths: [1]))
        let third = graph.append("Reciprocal", [x], output: "third")
        graph.outputs = [third]
        #expect(try Interpreter().run(graph, inputs: ["x": f([3])])["third"]?.doubles() == [1.0 / 3])
        let single = try Interpreter(precision: .float32).run(graph, inputs: ["x": f([3])])["third"]
        #expect(try single?.doubles() == [Double(Float(1.0) / 3)])
    }

    @Test func namesTheNodeThatFails() throws {
        var graph = Graph()
        let x = graph.addInput("x", TensorType(.float32, lengths: [2]))
        graph.outputs = [graph.append("RandomNormalLike", [x], output: "noise")]
        let error = #expect(throws: HarrierError.self) { try Interpreter().run(graph, inputs: ["x": f([1, 2])]) }
        #expect(error?.description.contains("RandomNormalLike") == true)
        #expect(throws: HarrierError.self) { try Interpreter().run(graph, inputs: [String: NumericArray]()) }
    }

    @Test func shapesNeedNoData() throws {
        let node = Node(op: "Shape", inputs: [ValueID(0)], outputs: [ValueID(1)])
        let absent = Tensor(.float32, shape: [2, 3], payload: .missing(ExternalReference(location: "weights.bin")))
        #expect(try Interpreter().evaluate(node, inputs: [absent]) == [Tensor(int64: [2, 3])])
    }

    @Test func foldsToTheDeclaredType() throws {
        let node = Node(op: "Cast", inputs: [ValueID(0)], outputs: [ValueID(1)], attributes: ["to": .int(10)])
        let folded = try Interpreter().evaluate(node, inputs: [Tensor(float32: [1.0001, 65520])])
        #expect(folded == [Tensor(.float16, shape: [2], payload: .bytes([0x00, 0x3c, 0x00, 0x7c]))])
    }

    @Test func unknownOperatorsAreNotEvaluated() throws {
        let node = Node(op: "Bernoulli", inputs: [ValueID(0)], outputs: [ValueID(1)])
        #expect(try Interpreter().evaluate(node, inputs: [Tensor(float32: [1])]) == nil)
        #expect(!Interpreter().supports("Bernoulli"))
        #expect(Interpreter().supports("Conv"))
    }

    @Test func runsTheModelsOwnFunctions() throws {
        var body = Graph(name: "Twice")
        let operand = body.addInput("operand", TensorType(.float32, lengths: [2]))
        let twice = body.add(Value(name: "twice"))
        body.append(
            Node(
                op: "LeakyRelu", inputs: [operand], outputs: [twice],
                attributes: ["alpha": .reference(name: "slope", kind: .float)]))
        body.outputs = [twice]
        var graph = Graph()
        graph.functions = [Function(name: OperatorName("Leak", domain: "own"), attributes: ["slope"], body: body)]
        let x = graph.addInput("x", TensorType(.float32, lengths: [2]))
        graph.outputs = [
            graph.append(OperatorName("Leak", domain: "own"), [x], attributes: ["slope": .float(0.5)], output: "y")
        ]
        #expect(try Interpreter().run(graph, inputs: ["x": f([-2, 2])])["y"] == f([-1, 2]))
    }
}
