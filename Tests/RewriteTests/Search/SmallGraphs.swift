import Evaluate
import IR

/// Makes small graphs of operators that rules match, put together so that rewrites meet.
struct SmallGraphs {
    private var numbers: NumberSource
    private var graph = Graph(name: "small")
    /// Floating-point matrices of 4 rows and images, as far as they have been computed.
    private var matrices: [ValueID] = []
    private var images: [ValueID] = []
    private var used: Set<ValueID> = []
    private var count = 0

    /// A graph of at most that many operators; the same for the same seed.
    static func graph(seed: UInt64, operators: Int) throws -> Graph {
        var maker = SmallGraphs(numbers: NumberSource(name: "small", seed: seed))
        // One choice can add three operators.
        return try maker.make(operators - 2)
    }

    private init(numbers: NumberSource) { self.numbers = numbers }

    private mutating func below(_ limit: Int) -> Int { min(limit - 1, Int(numbers.unit() * Double(limit))) }

    private mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    private mutating func make(_ operators: Int) throws -> Graph {
        let hasImages = below(3) == 0
        if hasImages {
            images = [graph.addInput("image", TensorType(.float32, lengths: [1, 2, 8, 8]))]
        } else {
            matrices = [graph.addInput("x", TensorType(.float32, lengths: [4, 6]))]
            if below(2) == 0 { matrices.append(graph.addInput("y", TensorType(.float32, lengths: [4, 6]))) }
        }
        while graph.nodes.count < operators { hasImages ? addImageOperator() : addMatrixOperator() }
        for id in matrices + images where !used.contains(id) && !graph.inputs.contains(id) { graph.outputs.append(id) }
        if graph.outputs.isEmpty, let last = graph.nodes.last?.outputs.first.flatMap({ $0 }) { graph.outputs = [last] }
        try graph.inferTypes(evaluator: Interpreter())
        return graph
    }

    /// A recent value more often than an old one, so that operators follow each other.
    private mutating func recent(_ values: [ValueID]) -> ValueID {
        let id = below(3) < 2 ? values[values.count - 1] : pick(values)
        used.insert(id)
        return id
    }

    private mutating func append(
        _ op: String, _ inputs: [ValueID?], _ attributes: [String: Attribute] = [:]
    ) -> ValueID {
        count += 1
        return graph.append(OperatorName(op), inputs, attributes: attributes, output: "v\(count)")
    }

    private mutating func number(_ value: Float) -> ValueID {
        count += 1
        return graph.addConstant("n\(count)", Tensor(float32: [value], shape: []), isLiteral: true)
    }

    private mutating func integers(_ values: [Int]) -> ValueID {
        count += 1
        return graph.addConstant("i\(count)", Tensor(int64: values), isLiteral: true)
    }

    private mutating func weight(_ shape: [Int]) -> ValueID {
        count += 1
        return graph.addConstant(
            "w\(count)", Tensor(.float32, shape: shape, payload: .missing(ExternalReference(location: "weights"))))
    }

    private mutating func addMatrixOperator() {
        let x = recent(matrices)
        let unary = [
            "Relu", "Sigmoid", "Tanh", "Neg", "Exp", "Identity", "HardSigmoid", "HardSwish", "Abs", "Softmax", "Sqrt",
            "Softplus", "Reciprocal", "Erf",
        ]
        switch below(16) {
        case 0...3: matrices.append(append(pick(unary), [x]))
        case 4: matrices.append(append("Mul", [x, x]))
        case 5: matrices.append(append("Pow", [x, number(2)]))
        case 6...8: matrices.append(append(pick(["Add", "Sub", "Mul", "Max", "Min"]), [x, recent(matrices)]))
        case 9: matrices.append(append(pick(["Mul", "Add", "Div"]), [x, number(pick([0.5, 2, 8]))]))
        case 10: matrices.append(append("MatMul", [x, weight([6, 6])]))
        case 11: matrices.append(append("Clip", [x, number(0)]))
        case 12: addRowOperator(x)
        case 13: matrices.append(append("Gemm", [x, weight([6, 6]), weight([6])]))
        case 14:
            matrices.append(append("LayerNormalization", [x, weight([6]), weight([6])]))
        default: matrices.append(append("Div", [x, append("ReduceSum", [recent(matrices), integers([1])])]))
        }
    }

    /// Operators between a matrix and a column that comes of it.
    private mutating func addRowOperator(_ x: ValueID) {
        let column = append(pick(["ReduceSum", "ReduceMean", "ReduceMax"]), [x, integers([1])])
        switch below(4) {
        case 0: matrices.append(append("Div", [x, append("Sqrt", [column])]))
        case 1: matrices.append(append("Mul", [x, append("Expand", [column, integers([4, 6])])]))
        case 2: matrices.append(append("Sub", [x, column]))
        default: matrices.append(append("ReduceSum", [append("Mul", [x, column]), integers([1])]))
        }
    }

    private mutating func addImageOperator() {
        let x = recent(images)
        switch below(9) {
        case 0...1:
            images.append(
                append(
                    "Conv", [x, weight([2, 2, 3, 3])], ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]))
        case 2...3:
            images.append(
                append("BatchNormalization", [x, weight([2]), weight([2]), weight([2]), weight([2])]))
        case 4: images.append(append(pick(["Relu", "HardSwish", "Clip"]), [x]))
        case 5:
            let size = pick([2, 3])
            images.append(
                append(
                    "MaxPool", [x],
                    ["kernel_shape": .ints([size, size]), "pads": .ints(size == 3 ? [1, 1, 1, 1] : [0, 0, 1, 1])]))
        case 6: images.append(append("Relu", [x]))
        case 7: images.append(append(pick(["Add", "Mul", "Max"]), [x, recent(images)]))
        default: images.append(append("Sigmoid", [x]))
        }
    }
}
