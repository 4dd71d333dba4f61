extension OperatorTable {
    /// Operators whose output elements depend on the input elements at the same place.
    static let elementwiseOperators: [OperatorDefinition] = [
        binary("Add", [.commutative]),
        binary("Sub"),
        binary("Mul", [.commutative]),
        binary("Div"),
        unary("Relu", [.monotone, .idempotent]),
    ]

    private static func unary(_ name: OperatorName, _ traits: OperatorDefinition.Traits = []) -> OperatorDefinition {
        OperatorDefinition(name, inputs: 1...1, traits: traits.union(.elementwise)) { inference in
            inference.setOutput(0, inference.type(0))
        }
    }

    private static func binary(_ name: OperatorName, _ traits: OperatorDefinition.Traits = []) -> OperatorDefinition {
        OperatorDefinition(name, inputs: 2...2, traits: traits.union(.elementwise)) { inference in
            guard let left = inference.type(0), let right = inference.type(1) else { return }
            inference.setOutput(0, TensorType(left.elementType, try broadcastShape(left.shape, right.shape)))
        }
    }
}
