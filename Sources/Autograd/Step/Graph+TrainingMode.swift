import IR

extension Graph {
    /// The graph with BatchNormalization and Dropout in training mode, as they are not when a model is exported for inference.
    ///
    /// BatchNormalization then has its running mean and variance as further outputs. What the exporter left out (a Dropout) or
    /// folded away (a BatchNormalization in a Conv) stays so.
    public func inTrainingMode() throws -> Graph {
        var result = self
        let names = UniqueNames(taken: values.map(\.name))
        for index in nodes.indices {
            let node = nodes[index]
            if node.op == "BatchNormalization", node.inputs.count == 5, try node.int("training_mode") == 0 {
                result.nodes[index].attributes["training_mode"] = .int(1)
                let running = [3, 4].map { position -> ValueID in
                    let old = node.inputs[position].map { self[$0] }
                    return result.add(Value(name: names.take((old?.name ?? "running") + ".new"), type: old?.type))
                }
                result.nodes[index].outputs = [node.output(0)] + running
            } else if node.op == "Dropout", node.input(2) == nil {
                let ratio =
                    node.input(1)
                    ?? result.addConstant(
                        names.take("dropout_ratio"), Tensor(scalar: 0.5, .float32), isLiteral: true)
                let mode = result.addConstant(
                    names.take("training_mode"), Tensor(bool: [true], shape: []), isLiteral: true)
                result.nodes[index].inputs = [node.input(0), ratio, mode]
            }
        }
        return result
    }
}
