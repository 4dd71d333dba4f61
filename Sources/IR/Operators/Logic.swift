extension OperatorTable {
    /// Comparisons, logic and bitwise operators.
    static let logicOperators: [OperatorDefinition] = [
        logic("And", .commutative),
        logic("Or", .commutative),
        logic("Xor", .commutative),
        comparison("Equal", .commutative),
        comparison("Greater"),
        comparison("GreaterOrEqual").since(12),
        comparison("Less"),
        comparison("LessOrEqual").since(12),
        OperatorDefinition("Not", inputs: 1...1, traits: [.elementwise, .stepwise]) { inference in
            try inference.requireBool(0)
            inference.setOutput(0, inference.type(0))
        },
        test(
            "IsInf", attributes: [.optional("detect_negative", .int(1)), .optional("detect_positive", .int(1))]),
        test("IsNaN"),
        binary("BitShift", attributes: [.required("direction", .string)]),
        binary("BitwiseAnd", [.commutative]).since(18),
        unary("BitwiseNot").since(18),
        binary("BitwiseOr", [.commutative]).since(18),
        binary("BitwiseXor", [.commutative]).since(18),
    ]

    private static func comparison(
        _ name: OperatorName, _ traits: OperatorDefinition.Traits = []
    ) -> OperatorDefinition {
        OperatorDefinition(name, inputs: 2...2, traits: traits.union([.elementwise, .stepwise, .comparison])) {
            inference in
            try inference.sharedElementType(0..<2)
            inference.setOutput(0, .bool, try inference.broadcast(0..<2))
        }
    }

    private static func logic(_ name: OperatorName, _ traits: OperatorDefinition.Traits) -> OperatorDefinition {
        OperatorDefinition(name, inputs: 2...2, traits: traits.union([.elementwise, .stepwise])) { inference in
            for index in 0..<2 { try inference.requireBool(index) }
            inference.setOutput(0, .bool, try inference.broadcast(0..<2))
        }
    }

    private static func test(_ name: OperatorName, attributes: [AttributeDefinition] = []) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...1, attributes: attributes, traits: [.elementwise, .stepwise, .nonFiniteTest]
        ) { inference in
            inference.setOutput(0, .bool, inference.shape(0))
        }
    }
}
