extension OperatorTable {
    /// Operators whose output elements depend on the input elements at the same place.
    static let elementwiseOperators: [OperatorDefinition] =
        [
            unary("Abs", [.idempotent, .comparison]),
            unary("Acos", .steep),
            unary("Acosh", [.increasing, .steep]),
            unary("Asin", [.increasing, .steep]),
            unary("Asinh", [.increasing]),
            unary("Atan", [.increasing]),
            unary("Atanh", [.increasing, .steep]),
            unary("Ceil", [.increasing, .idempotent, .stepwise]),
            unary("Cos"),
            unary("Cosh", .steep),
            unary("Erf", [.increasing]),
            unary("Exp", [.increasing, .steep]),
            unary("Floor", [.increasing, .idempotent, .stepwise]),
            unary("Identity", [.increasing, .idempotent, .dataMovement, .reshape]),
            unary("Log", [.increasing, .steep]),
            unary("Neg", [.linear]),
            unary("Reciprocal", .steep),
            unary("Round", [.increasing, .idempotent, .stepwise]),
            unary("Sign", [.increasing, .idempotent, .stepwise, .comparison]),
            unary("Sin"),
            unary("Sinh", [.increasing, .steep]),
            unary("Sqrt", [.increasing, .steep]),
            unary("Tan", .steep),
            unary("Tanh", [.increasing]),
            binary("Add", [.commutative, .linear]),
            binary("Div", .steep),
            binary("Mod", attributes: [.optional("fmod", .int(0))]),
            binary("Mul", [.commutative, .product], conditionalTraits: [.traits(.power, if: .repeatsInput)]),
            OperatorDefinition("Pow", inputs: 2...2, traits: [.elementwise, .scaled, .power, .steep]) { inference in
                // The exponent's element type is free.
                inference.setOutput(0, inference.elementType(0), try inference.broadcast(0..<2))
            },
            binary("Sub", [.linear]),
            variadic("Max", [.comparison]),
            variadic(
                "Mean", [.average],
                body: { b in
                    let sum = try added(b)
                    return [b.node.inputs.count > 1 ? try sum / Double(b.node.inputs.count) : sum]
                }),
            variadic("Min", [.comparison]),
            variadic("Sum", [.linear], body: { b in [try added(b)] }),
            OperatorDefinition("Where", inputs: 3...3, traits: [.elementwise, .choice]) { inference in
                try inference.requireBool(0)
                let shape = try inference.broadcast(0..<3)
                inference.setOutput(0, try inference.sharedElementType(1...2), shape)
            },
            OperatorDefinition(
                "Cast", inputs: 1...1, attributes: [.optional("saturate", .int(1)), .required("to", .int)],
                traits: [.elementwise, .idempotent],
                conditionalTraits: [
                    // Rounding to a floating-point format keeps the order; integers wrap around, and text has another order.
                    .increasing(
                        if: .value("to", isOneOf: orderedTypes.map { .int($0.rawValue) }))
                ]
            ) { inference in
                inference.setOutput(0, try inference.elementTypeAttribute("to"), inference.shape(0))
            },
            OperatorDefinition("CastLike", inputs: 2...2, attributes: [.optional("saturate", .int(1))]) { inference in
                inference.setOutput(0, inference.elementType(1), inference.shape(0))
            }.since(15),
        ]

    /// A row of an operator with one input, whose output has the type of the input.
    static func unary(
        _ name: OperatorName, _ traits: OperatorDefinition.Traits = [], attributes: [AttributeDefinition] = [],
        conditionalTraits: [OperatorDefinition.ConditionalTraits] = [], body: OperatorDefinition.BodyWriter? = nil
    ) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...1, attributes: attributes, traits: traits.union(.elementwise),
            conditionalTraits: conditionalTraits,
            body: body
        ) { inference in
            inference.setOutput(0, inference.type(0))
        }
    }

    /// A row of an operator with two inputs of one element type, which broadcast.
    static func binary(
        _ name: OperatorName, _ traits: OperatorDefinition.Traits = [], attributes: [AttributeDefinition] = [],
        conditionalTraits: [OperatorDefinition.ConditionalTraits] = []
    ) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 2...2, attributes: attributes, traits: traits.union(.elementwise),
            conditionalTraits: conditionalTraits
        ) { try $0.inferBroadcast() }
    }

    /// The sum of the operands.
    private static func added(_ b: NodeContext) throws -> GraphBuilder.Term {
        let first = try b.input(0)
        guard b.node.inputs.count > 1 else { return try first.apply("Identity") }
        return try (1..<b.node.inputs.count).reduce(first) { try $0 + b.input($1) }
    }

    private static func variadic(
        _ name: OperatorName, _ traits: OperatorDefinition.Traits, body: OperatorDefinition.BodyWriter? = nil
    ) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...Int.max, traits: traits.union([.elementwise, .commutative]), body: body
        ) { try $0.inferBroadcast() }
    }

    private static let orderedTypes: [ElementType] = [.float16, .bfloat16, .float32, .float64]
}

extension TypeInference {
    /// The shape that inputs broadcast to; nil if one of their ranks is not known.
    func broadcast(_ indices: Range<Int>) throws -> [Dimension]? {
        var result: [Dimension]? = []
        for index in indices { result = try broadcastShape(result, shape(index)) }
        return result
    }

    /// One output of the element type that all inputs share, and of the shape that they broadcast to.
    mutating func inferBroadcast() throws {
        setOutput(0, try sharedElementType(inputTypes.indices), try broadcast(inputTypes.indices))
    }
}
