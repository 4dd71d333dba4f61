extension OperatorTable {
    /// Activation functions that work element by element.
    static let activationOperators: [OperatorDefinition] =
        [
            unary("Celu", attributes: [.optional("alpha", .float(1))], nodeTraits: monotone { $0("alpha") > 0 }),
            OperatorDefinition(
                "Clip", inputs: 1...3, traits: [.elementwise, .monotone, .idempotent]
            ) { inference in
                try inference.sharedElementType(0..<3)
                inference.setOutput(0, inference.type(0))
            },
            unary("Elu", attributes: [.optional("alpha", .float(1))], nodeTraits: monotone { $0("alpha") >= 0 }),
            unary("Gelu", attributes: [.optional("approximate", .string("none"))]),
            unary(
                "HardSigmoid", attributes: [.optional("alpha", .float(0.2)), .optional("beta", .float(0.5))],
                nodeTraits: monotone { $0("alpha") >= 0 }),
            unary("HardSwish"),
            unary(
                "LeakyRelu", attributes: [.optional("alpha", .float(0.01))], nodeTraits: monotone { $0("alpha") >= 0 }),
            unary("Mish"),
            OperatorDefinition("PRelu", inputs: 2...2, traits: .elementwise) { inference in
                try inference.sharedElementType(0..<2)
                // The slope broadcasts to the input, never the other way round.
                _ = try broadcastShape(inference.shape(0), inference.shape(1))
                inference.setOutput(0, inference.type(0))
            },
            unary("Relu", [.monotone, .idempotent]),
            unary(
                "Selu",
                attributes: [
                    .optional("alpha", .float(1.67326319217681884765625)),
                    .optional("gamma", .float(1.05070102214813232421875)),
                ],
                nodeTraits: monotone { $0("alpha") >= 0 && $0("gamma") >= 0 }),
            unary(
                "Shrink", attributes: [.optional("bias", .float(0)), .optional("lambd", .float(0.5))],
                nodeTraits: monotone { $0("lambd") >= 0 && $0("bias") <= $0("lambd") }),
            unary("Sigmoid", [.monotone]),
            unary("Softplus", [.monotone]),
            unary("Softsign", [.monotone]),
            unary(
                "ThresholdedRelu", attributes: [.optional("alpha", .float(1))],
                nodeTraits: monotone { $0("alpha") >= 0 }),
        ]

    /// The trait of being monotone for nodes whose floating-point attributes satisfy a condition.
    private static func monotone(
        if condition: @escaping @Sendable (_ attribute: (String) -> Float) -> Bool
    ) -> @Sendable (Node) -> OperatorDefinition.Traits {
        { node in
            let definition = OperatorTable[node.op]
            let holds = condition { name in
                guard case .float(let value)? = node.attributes[name] ?? definition?.attribute(name)?.defaultValue
                else { return .nan }
                return value
            }
            return holds ? .monotone : []
        }
    }
}
