import Evaluate
import IR

/// What a cone was recognised as: a node of a known operator on the cone's operand and parameters.
struct RecognizedNode: Sendable, Hashable {
    /// What the node reads at one position.
    enum Operand: Hashable, Sendable {
        /// An input of the cone: the operand is the first, parameters follow.
        case input(Int)
        /// A parameter in a shape without its axes of length 1.
        case flattened(Int)
        /// A public number.
        case number(Double)
        /// Nothing: the operand is left out.
        case absent
    }

    /// The operator.
    var op: OperatorName
    /// Attributes that do not have their default.
    var attributes: [String: Attribute] = [:]
    /// The operands.
    var operands: [Operand]

    /// The operands without those at the end that are left out.
    var trimmed: RecognizedNode {
        var result = self
        while result.operands.last == .absent { result.operands.removeLast() }
        return result
    }

    /// The node, with values numbered by position of the operands and the output behind them.
    private var node: Node {
        Node(
            op: op, inputs: operands.enumerated().map { $1 == .absent ? nil : ValueID($0) },
            outputs: [ValueID(operands.count)], attributes: attributes)
    }

    /// The elements of the result.
    func run(_ inputs: [NumericArray]) throws -> NumericArray? {
        let type = inputs[0].elementType
        let arrays = try operands.map { operand -> NumericArray? in
            switch operand {
            case .input(let index): return inputs[index]
            case .flattened(let index):
                return try NumericArray(
                    inputs[index].doubles(), shape: [inputs[index].count], elementType: inputs[index].elementType)
            case .number(let value): return try NumericArray([value], shape: [], elementType: type)
            case .absent: return nil
            }
        }
        return try Interpreter().evaluate(node, inputs: arrays)?.first ?? nil
    }

    /// The node as a graph with the inputs of the cone.
    func graph(like cone: Graph) throws -> Graph {
        var result = Graph(name: op.type)
        for id in cone.inputs { result.inputs.append(result.add(Value(name: cone[id].name, type: cone[id].type))) }
        let type = cone[cone.inputs[0]].type?.elementType ?? .float32
        let inputs = operands.enumerated().map { position, operand -> ValueID? in
            switch operand {
            case .input(let index): return result.inputs[index]
            case .flattened(let index):
                let shape = result.addConstant("shape_\(position)", Tensor(int64: [-1]), isLiteral: true)
                return result.append("Reshape", [result.inputs[index], shape], output: "flat_\(position)")
            case .number(let value):
                return result.addConstant("number_\(position)", Tensor(scalar: value, type), isLiteral: true)
            case .absent: return nil
            }
        }
        let output = result.append(op, inputs, attributes: attributes, output: cone[cone.outputs[0]].name)
        result.outputs = [output]
        try result.inferTypes(evaluator: Interpreter())
        return result
    }
}
