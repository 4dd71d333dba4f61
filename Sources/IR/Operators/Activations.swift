extension OperatorTable {
    /// Activation functions that work element by element.
    static let activationOperators: [OperatorDefinition] =
        [
            unary(
                "Celu", attributes: [.optional("alpha", .float(1))],
                conditionalTraits: [.increasing(if: .positive("alpha"))]),
            OperatorDefinition(
                "Clip", inputs: 1...3, traits: [.elementwise, .increasing, .idempotent]
            ) { inference in
                try inference.sharedElementType(0..<3)
                inference.setOutput(0, inference.type(0))
            },
            unary(
                "Elu", attributes: [.optional("alpha", .float(1))],
                conditionalTraits: [.increasing(if: .nonNegative("alpha"))]),
            unary("Gelu", attributes: [.optional("approximate", .string("none"))]),
            unary(
                "HardSigmoid", attributes: [.optional("alpha", .float(0.2)), .optional("beta", .float(0.5))],
                conditionalTraits: [.increasing(if: .nonNegative("alpha"))]),
            unary("HardSwish"),
            unary(
                "LeakyRelu", attributes: [.optional("alpha", .float(0.01))],
                conditionalTraits: [.increasing(if: .nonNegative("alpha"))]),
            unary("Mish"),
            OperatorDefinition("PRelu", inputs: 2...2, traits: .elementwise) { inference in
                try inference.sharedElementType(0..<2)
                // The slope broadcasts to the input, never the other way round.
                _ = try broadcastShape(inference.shape(0), inference.shape(1))
                inference.setOutput(0, inference.type(0))
            },
            unary("Relu", [.increasing, .idempotent]),
            unary(
                "Selu",
                attributes: [
                    .optional("alpha", .float(1.67326319217681884765625)),
                    .optional("gamma", .float(1.05070102214813232421875)),
                ],
                conditionalTraits: [.increasing(if: .all([.nonNegative("alpha"), .nonNegative("gamma")]))]),
            unary(
                "Shrink", attributes: [.optional("bias", .float(0)), .optional("lambd", .float(0.5))],
                conditionalTraits: [.increasing(if: .all([.nonNegative("lambd"), .ordered("bias", "lambd")]))]),
            unary("Sigmoid", [.increasing]),
            unary("Softplus", [.increasing]),
            unary("Softsign", [.increasing]),
            unary(
                "ThresholdedRelu", attributes: [.optional("alpha", .float(1))],
                conditionalTraits: [.increasing(if: .nonNegative("alpha"))]),
        ]
}
