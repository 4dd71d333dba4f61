extension OperatorTable {
    /// Operators between real numbers and their quantized forms. Quantized products stand with the real ones.
    static let quantizationOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "DequantizeLinear", inputs: 2...3,
            attributes: [.optional("axis", .int(1)), .optional("block_size", .int(0))], body: { try $0.dequantized() }
        ) { inference in
            try inference.sharedElementType([0, 2])
            inference.setOutput(0, inference.elementType(1), inference.shape(0))
        }.computing(inTypeOf: 1),
        OperatorDefinition(
            "DynamicQuantizeLinear", inputs: 1...1, outputs: 3...3, body: { try $0.dynamicallyQuantized() }
        ) { inference in
            inference.setOutput(0, .uint8, inference.shape(0))
            inference.setOutput(1, .float32, [])
            inference.setOutput(2, .uint8, [])
        }.computing(inTypeOf: nil),
        OperatorDefinition(
            "QuantizeLinear", inputs: 2...3,
            attributes: [
                .optional("axis", .int(1)), .optional("block_size", .int(0)), .optional("output_dtype", .int(0)),
                .optional("saturate", .int(1)),
            ], body: { try $0.quantized() }
        ) { inference in
            let named = try inference.node.int("output_dtype")
            let elementType =
                named == 0
                ? (inference.has(2) ? inference.elementType(2) : .uint8)
                : try inference.elementTypeAttribute("output_dtype")
            inference.setOutput(0, elementType, inference.shape(0))
        }.computing(inTypeOf: nil),
    ]
}
