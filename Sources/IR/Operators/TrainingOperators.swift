extension OperatorTable {
    /// The optimizers of ONNX's domain `ai.onnx.preview.training`. Inputs: rate, number of the step, then all parameters, all
    /// their gradients and all of each kind of state; outputs: the new parameters and states.
    static let trainingOperators: [OperatorDefinition] = [
        optimizer("Adagrad", [.optional("decay_factor", .float(0)), .optional("epsilon", .float(1e-6)), penalty]),
        optimizer(
            "Adam",
            [
                .optional("alpha", .float(0.9)), .optional("beta", .float(0.999)), .optional("epsilon", .float(1e-6)),
                penalty, .optional("norm_coefficient_post", .float(0)),
            ]),
        optimizer(
            "Momentum",
            [
                .required("alpha", .float), .required("beta", .float), .required("mode", .string),
                .required("norm_coefficient", .float),
            ]),
    ]

    private static let penalty = AttributeDefinition.optional("norm_coefficient", .float(0))

    private static func optimizer(_ name: String, _ attributes: [AttributeDefinition]) -> OperatorDefinition {
        OperatorDefinition(
            OperatorName(name, domain: "ai.onnx.preview.training"), inputs: 3...Int.max, outputs: 1...Int.max,
            attributes: attributes
        ) { inference in
            // Parameters and states are as many as there are outputs; gradients stand between them.
            let gradients = inference.inputTypes.count - 2 - inference.outputCount
            for output in inference.outputTypes.indices where gradients > 0 {
                inference.setOutput(output, inference.type(2 + output + (output < gradients ? 0 : gradients)))
            }
        }
    }
}
