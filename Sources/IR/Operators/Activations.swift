extension OperatorTable {
    /// Activation functions that work element by element.
    static let activationOperators: [OperatorDefinition] =
        [
            unary(
                "Celu", attributes: [.optional("alpha", .float(1))],
                conditionalTraits: [.increasing(if: .positive("alpha"))],
                body: bent { b, x in
                    let alpha = try b.float("alpha")
                    return try ((x / alpha).apply("Exp") - 1) * alpha
                }
            ).since(12),
            OperatorDefinition(
                "Clip", inputs: 1...3, traits: [.elementwise, .increasing, .idempotent, .comparison],
                body: function { b, x in
                    var result = x
                    if let least = b.optionalInput(1) { result = try result.apply("Max", least) }
                    if let greatest = b.optionalInput(2) { result = try result.apply("Min", greatest) }
                    return result.id == x.id ? try x.apply("Identity") : result
                }
            ) { inference in
                try inference.sharedElementType(0..<3)
                inference.setOutput(0, inference.type(0))
            },
            unary(
                "Elu", attributes: [.optional("alpha", .float(1))],
                conditionalTraits: [.increasing(if: .nonNegative("alpha"))],
                body: bent { b, x in try (x.apply("Exp") - 1) * b.float("alpha") }),
            unary(
                "Gelu", attributes: [.choice("approximate", "none", "tanh")],
                body: function { b, x in
                    switch try b.node.string("approximate") {
                    case "none": try (x * 0.5) * ((x * 0.5.squareRoot()).apply("Erf") + 1)
                    case "tanh":
                        try (x * 0.5)
                            * (((x + (x.apply("Pow", x.scalar(3)) * 0.044715)) * (2 / Double.pi).squareRoot()).apply(
                                "Tanh")
                                + 1)
                    case let other: throw HarrierError("Gelu has no approximation '\(other)'")
                    }
                }
            ).since(20),
            unary(
                "HardSigmoid", attributes: [.optional("alpha", .float(0.2)), .optional("beta", .float(0.5))],
                conditionalTraits: [.increasing(if: .nonNegative("alpha"))],
                body: function { b, x in
                    try clipped((x * b.float("alpha")) + b.float("beta"))
                }),
            unary("HardSwish", body: function { _, x in try x * clipped((x * (1.0 / 6)) + 0.5) }).since(14),
            unary(
                "LeakyRelu", [.scaled], attributes: [.optional("alpha", .float(0.01))],
                conditionalTraits: [.increasing(if: .nonNegative("alpha"))],
                body: bent { b, x in try x * b.float("alpha") }),
            unary("Mish", body: function { _, x in try x * softplus(x).apply("Tanh") }).since(18),
            OperatorDefinition(
                "PRelu", inputs: 2...2, traits: [.elementwise, .scaled], body: bent { b, x in try x * b.input(1) }
            ) { inference in
                try inference.sharedElementType(0..<2)
                // The slope broadcasts to the input, never the other way round.
                _ = try broadcastShape(inference.shape(0), inference.shape(1))
                inference.setOutput(0, inference.type(0))
            },
            unary(
                "Relu", [.increasing, .idempotent, .comparison],
                body: function { _, x in try x.apply("Max", x.scalar(0)) }),
            unary(
                "Selu",
                attributes: [
                    .optional("alpha", .float(1.67326319217681884765625)),
                    .optional("gamma", .float(1.05070102214813232421875)),
                ],
                conditionalTraits: [.increasing(if: .all([.nonNegative("alpha"), .nonNegative("gamma")]))],
                body: function { b, x in
                    let (alpha, gamma) = (try b.float("alpha"), try b.float("gamma"))
                    let above = try x.apply("Relu")
                    return try (above * gamma) + (((x - above).apply("Exp") - 1) * (alpha * gamma))
                }),
            unary(
                "Shrink", attributes: [.optional("bias", .float(0)), .optional("lambd", .float(0.5))],
                conditionalTraits: [.increasing(if: .all([.nonNegative("lambd"), .ordered("bias", "lambd")]))],
                body: function { b, x in
                    let (bias, threshold) = (try b.float("bias"), try b.float("lambd"))
                    let low = try x.isLess(than: -threshold)
                    let high = try x.isGreater(than: threshold)
                    let rest = try high.chooses(x - bias, else: x.scalar(0))
                    return try low.chooses(x + bias, else: rest)
                }),
            unary(
                "Sigmoid", [.increasing],
                body: function { _, x in try ((-x).apply("Exp") + 1).apply("Reciprocal") }),
            unary("Softplus", [.increasing], body: function { _, x in try softplus(x) }),
            unary("Softsign", [.increasing], body: function { _, x in try x / (x.apply("Abs") + 1) }),
            unary(
                "ThresholdedRelu", attributes: [.optional("alpha", .float(1))],
                conditionalTraits: [.increasing(if: .nonNegative("alpha"))],
                body: function { b, x in
                    try x.isGreater(than: b.float("alpha")).chooses(x, else: x.scalar(0))
                }),
        ]

    /// The body of a function of the first operand with one output.
    static func function(
        _ write: @escaping @Sendable (NodeContext, GraphBuilder.Term) throws -> GraphBuilder.Term
    ) -> OperatorDefinition.BodyWriter {
        { node in [try write(node, try node.input(0))] }
    }

    /// A function that is the identity above 0 and another below: the sum of x above 0 and what the other makes of x
    /// below 0, where each is 0 on the other's side.
    private static func bent(
        _ below: @escaping @Sendable (NodeContext, GraphBuilder.Term) throws -> GraphBuilder.Term
    ) -> OperatorDefinition.BodyWriter {
        function { b, x in
            let above = try x.apply("Relu")
            return try above + below(b, x - above)
        }
    }

    private static func clipped(_ x: GraphBuilder.Term) throws -> GraphBuilder.Term {
        try x.apply("Clip", x.scalar(0), x.scalar(1))
    }

    private static func softplus(_ x: GraphBuilder.Term) throws -> GraphBuilder.Term {
        try (x.apply("Exp") + 1).apply("Log")
    }
}
