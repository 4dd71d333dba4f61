import IR
import Testing

/// Each promise of ``Graph/verify()`` with a graph that breaks it. The graphs are made by hand: the parser would not let them through.
@Suite("The verifier") struct VerifyTests {
    /// `y = Relu (x)`, where x is value 0 and y is value 1.
    private static func relu() -> Graph {
        var graph = Graph()
        let x = graph.addInput("x", TensorType(.float32, [2, 3]))
        graph.outputs = [graph.append("Relu", [x], output: "y")]
        return graph
    }

    struct Violation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let message: String
        let place: String?
        let breakGraph: @Sendable (inout Graph) -> Void
    }

    static let violations: [Violation] = [
        Violation(
            testDescription: "an operand computed later", message: "reads 'z', which nothing before it computes",
            place: "node 'w' (Exp)"
        ) { graph in
            let z = graph.add(Value(name: "z"))
            graph.append("Exp", [z], output: "w")
            graph.append(Node(op: "Log", inputs: [ValueID(0)], outputs: [z]))
        },
        Violation(
            testDescription: "an operand computed by nothing", message: "reads 'z', which nothing before it computes",
            place: "node 'w' (Exp)"
        ) { graph in
            graph.append("Exp", [graph.add(Value(name: "z"))], output: "w")
        },
        Violation(testDescription: "an operand that does not exist", message: "reads '?'", place: "node 'w' (Exp)") {
            graph in
            graph.append("Exp", [ValueID(99)], output: "w")
        },
        Violation(testDescription: "a negative value number", message: "reads '?'", place: "node 'w' (Exp)") { graph in
            graph.append("Exp", [ValueID(-1)], output: "w")
        },
        Violation(
            testDescription: "a result that does not exist", message: "refers to a value that does not exist",
            place: "node 'n' (Exp)"
        ) { graph in
            graph.append(Node(name: "n", op: "Exp", inputs: [ValueID(0)], outputs: [ValueID(7)]))
        },
        Violation(
            testDescription: "two producers", message: "computes 'y', which is there already", place: "node 'n' (Exp)"
        ) { graph in
            graph.append(Node(name: "n", op: "Exp", inputs: [ValueID(0)], outputs: [ValueID(1)]))
        },
        Violation(
            testDescription: "an input that is computed", message: "computes 'x', which is there already",
            place: "node 'n' (Exp)"
        ) { graph in
            graph.append(Node(name: "n", op: "Exp", inputs: [ValueID(1)], outputs: [ValueID(0)]))
        },
        Violation(
            testDescription: "a constant that is computed", message: "computes 'c', which is there already",
            place: "node 'n' (Exp)"
        ) { graph in
            let constant = graph.addConstant("c", Tensor(float32: [1]))
            graph.append(Node(name: "n", op: "Exp", inputs: [ValueID(1)], outputs: [constant]))
        },
        Violation(
            testDescription: "an input twice", message: "computes 'x', which is there already",
            place: "the graph's inputs"
        ) { graph in
            graph.inputs.append(graph.inputs[0])
        },
        Violation(
            testDescription: "one name for two values", message: "a second value of the name 'x'",
            place: "node 'x' (Exp)"
        ) { graph in
            graph.append("Exp", [ValueID(0)], output: "x")
        },
        Violation(testDescription: "a value without a name", message: "gives a value without a name", place: nil) {
            graph in
            graph.append("Exp", [ValueID(0)], output: "")
        },
        Violation(
            testDescription: "an output computed by nothing", message: "the graph's output 'z' is computed by nothing",
            place: nil
        ) { graph in
            graph.outputs.append(graph.add(Value(name: "z")))
        },
        Violation(
            testDescription: "an output that does not exist", message: "the graph's output '?' is computed by nothing",
            place: nil
        ) { graph in
            graph.outputs.append(ValueID(12))
        },
        Violation(testDescription: "too many operands", message: "Relu takes 1 inputs, not 2", place: "node 'z' (Relu)")
        { graph in
            graph.append("Relu", [ValueID(0), ValueID(1)], output: "z")
        },
        Violation(testDescription: "too few operands", message: "Add takes 2 inputs, not 1", place: "node 'z' (Add)") {
            graph in
            graph.append("Add", [ValueID(0)], output: "z")
        },
        Violation(
            testDescription: "a missing attribute", message: "Concat lacks its attribute 'axis'",
            place: "node 'z' (Concat)"
        ) { graph in
            graph.append("Concat", [ValueID(0)], output: "z")
        },
        Violation(testDescription: "a negative dimension", message: "a negative dimension in float[2,-3]", place: "'x'")
        { graph in
            graph[ValueID(0)].type = TensorType(.float32, [2, .known(-3)])
        },
        Violation(testDescription: "a huge tensor", message: "is too large", place: "'y'") { graph in
            graph[ValueID(1)].type = TensorType(.float32, lengths: [1 << 21, 1 << 20])
        },
        Violation(testDescription: "dimensions whose product overflows", message: "is too large", place: "'y'") {
            graph in
            graph[ValueID(1)].type = TensorType(.float32, [.known(.max), .known(.max), 4])
        },
        Violation(
            testDescription: "a constant with a negative dimension", message: "a negative dimension", place: "'c'"
        ) { graph in
            graph.addConstant("c", Tensor(.float32, shape: [-1], payload: .bytes([])))
        },
        Violation(
            testDescription: "a fault in a body", message: "reads 'q', which nothing before it computes",
            place: "node 's' (Exp)"
        ) { graph in
            var body = Graph()
            body.outputs = [body.append("Exp", [body.add(Value(name: "q"))], output: "s")]
            graph.append(
                "If", [ValueID(0)], attributes: ["then_branch": .graph(body), "else_branch": .graph(body)], output: "z")
        },
        Violation(
            testDescription: "a capture that the graph computes later",
            message: "reads 'late', which nothing before it computes", place: "node 'z' (If)"
        ) { graph in
            var body = Graph()
            let capture = body.add(Value(name: "late"))
            body.captures = [capture]
            body.outputs = [body.append("Exp", [capture], output: "s")]
            graph.append(
                "If", [ValueID(0)], attributes: ["then_branch": .graph(body), "else_branch": .graph(body)], output: "z")
            graph.append("Log", [ValueID(0)], output: "late")
        },
    ]

    @Test("refuses", arguments: violations)
    func refuses(_ violation: Violation) throws {
        var graph = Self.relu()
        try graph.verify()
        violation.breakGraph(&graph)
        let error = try #require(throws: HarrierError.self) { try graph.verify() }
        #expect(error.message.contains(violation.message), "\(error)")
        #expect(violation.place == nil || error.place == violation.place, "\(error)")
    }

    @Test("accepts what is unusual but right") func accepts() throws {
        var graph = Self.relu()
        graph.add(Value(name: "x"))
        graph.append(Node(op: "Exp", inputs: [ValueID(0)], outputs: [nil]))
        graph.append(Node(op: OperatorName("F", domain: "d"), inputs: [nil, ValueID(0)], outputs: []))
        graph[ValueID(1)].type = TensorType(.float32, [.symbol("N"), .unknown, 0])
        graph.outputs += [ValueID(0), ValueID(1), graph.addConstant("c", Tensor(int64: []))]
        try graph.verify()
    }

    @Test("sorting finds a cycle and names a node on it") func cycle() throws {
        var graph = Self.relu()
        let back = graph.add(Value(name: "back"))
        graph.append("Add", [ValueID(1), back], output: "forth")
        let forth = try #require(graph.value(named: "forth"))
        graph.append(Node(name: "n", op: "Exp", inputs: [forth], outputs: [back]))
        let error = try #require(throws: HarrierError.self) { try graph.sortTopologically() }
        #expect(error.message.contains("cycle"))
        #expect(["node 'forth' (Add)", "node 'n' (Exp)"].contains(error.place))
    }

    @Test("sorting brings nodes after their operands and keeps the order otherwise") func sorting() throws {
        var graph = Graph()
        let x = graph.addInput("x", TensorType(.float32, [2]))
        let late = graph.add(Value(name: "late"))
        graph.append("Exp", [x], output: "first")
        graph.append("Log", [late], output: "second")
        graph.append("Neg", [x], output: "third")
        graph.append(Node(name: "late", op: "Abs", inputs: [x], outputs: [late]))
        graph.outputs = [ValueID(3)]
        try graph.sortTopologically()
        #expect(graph.nodes.map(\.name) == ["first", "late", "second", "third"])
        try graph.verify()
    }
}
