/// What composite operators do, said with simpler ones.
///
/// A framework that has no price for an operator is given the price of its body, an interpreter without a kernel runs it, and
/// its gradient is that of its nodes. The bodies stand in the operator's rows (``OperatorDefinition/body``).
public enum FunctionBodies {
    /// The operators that have a body.
    public static let operators = Set(OperatorTable.rows.values.filter { $0.body != nil }.map(\.name))

    /// The body of a node with its attributes filled in.
    ///
    /// Inputs and outputs of the graph are the node's by position; an input that the node leaves out is there and
    /// unused, an output that the node leaves out is computed all the same. Numbers are literals of the element type of the
    /// operands. Types are inferred.
    ///
    /// - Parameters:
    ///   - inputTypes: the types of the node's inputs, by position.
    ///   - inputTensors: the inputs that are known, by position (the axes of a reduction); types inside the body may depend
    ///     on them.
    /// - Returns: nil if the operator has no body, or none for these operands: element types other than float16, bfloat16,
    ///   float32 and float64, ranks that are not known where the body depends on them, recurrent layers of unknown or several lengths.
    /// - Throws: ``HarrierError`` if attributes or operands do not fit the operator.
    public static func body(
        of node: Node, inputTypes: [TensorType?], inputTensors: [Tensor?] = []
    ) throws -> Graph? {
        guard let row = OperatorTable[node.op], let write = row.body else { return nil }
        if let operand = row.bodyOperand {
            guard operand < inputTypes.count, let elementType = inputTypes[operand]?.elementType,
                [.float16, .bfloat16, .float32, .float64].contains(elementType)
            else { return nil }
        }
        try OperatorTable[node.op]?.checkNode(node)
        return try graph(of: node, inputTypes: inputTypes, inputTensors: inputTensors, write)
    }

    /// A graph that stands for a node, with an input for each of the node's, also for those that are left out.
    ///
    /// - Parameter write: writes the nodes and returns the outputs; nil if there is no such graph for these operands.
    package static func graph(
        of node: Node, inputTypes: [TensorType?], inputTensors: [Tensor?],
        _ write: (NodeContext) throws -> [GraphBuilder.Term]?
    ) throws -> Graph? {
        let builder = GraphBuilder(name: node.op.type)
        builder.defaultElementType = (inputTypes.first ?? nil)?.elementType ?? .float32
        let inputs = node.inputs.indices.map { index in
            var value = Value(name: "input\(index)", type: index < inputTypes.count ? inputTypes[index] : nil)
            if index < inputTensors.count { value.known = inputTensors[index] }
            return builder.addInput(value)
        }
        let context = NodeContext(
            builder: builder, node: node, inputs: zip(node.inputs, inputs).map { $0 == nil ? nil : $1 })
        guard let outputs = try write(context), outputs.count >= node.outputs.count else { return nil }
        return builder.graph(outputs: Array(outputs.prefix(node.outputs.count)))
    }
}
