import IR
import Pricing

extension MeasuredRun {
    /// ONNX's names of what CrypTen and PyTorch have as modules of other names.
    private static let modules = [
        "AvgPool2d": "AveragePool", "AdaptiveAvgPool2d": "GlobalAveragePool", "BatchNorm1d": "BatchNormalization",
        "BatchNorm2d": "BatchNormalization", "Conv1d": "Conv", "Conv2d": "Conv", "Linear": "Gemm",
        "MaxPool2d": "MaxPool",
        "Mean": "ReduceMean", "ReLU": "Relu",
    ]

    /// The layers as a graph, each a node of its own that nothing else reads, for runs of which no model is at hand: the
    /// prices of operators depend on shapes alone.
    ///
    /// - Parameter evaluator: computes the shapes of results that the run does not tell.
    /// - Returns: the graph, and who knows those of its inputs that are public.
    /// - Throws: ``HarrierError`` if a layer does not tell its operator and the shapes of its operands.
    public func graphOfLayers(
        evaluator: (any ConstantEvaluator)? = nil
    ) throws -> (graph: Graph, visibility: [String: Visibility]) {
        guard !layers.isEmpty else {
            throw HarrierError("it holds no layers, so the model has to be given, too")
        }
        var graph = Graph(name: model.isEmpty ? "measured" : model)
        var exceptions: [String: Visibility] = [:]
        for (index, layer) in layers.enumerated() {
            guard !layer.op.isEmpty, !layer.inputs.isEmpty else {
                throw HarrierError(
                    "it lacks its operator or the shapes of its inputs, so the model has to be given, too",
                    place: "layer '\(layer.label)'")
            }
            func value(_ kind: String, _ place: Int, _ operand: Operand) -> Value {
                Value(name: "\(index)/\(kind)\(place)", type: TensorType(.float32, lengths: operand.shape))
            }
            let inputs = layer.inputs.enumerated().map { place, operand in
                let value = value("input", place, operand)
                if operand.isPublic { exceptions[value.name] = .public }
                let id = graph.add(value)
                graph.inputs.append(id)
                return id
            }
            let outputs = layer.outputs.enumerated().map { graph.add(value("output", $0, $1)) }
            graph.nodes.append(
                Node(
                    name: layer.label, op: OperatorName(Self.modules[layer.op] ?? layer.op), inputs: inputs,
                    outputs: outputs.isEmpty ? [graph.add(Value(name: "\(index)/output0"))] : outputs,
                    attributes: layer.attributes))
            graph.outputs += graph.nodes[index].outputs.compactMap { $0 }
        }
        if layers.contains(where: \.outputs.isEmpty) { try graph.inferTypes(evaluator: evaluator) }
        return (graph, exceptions)
    }
}
