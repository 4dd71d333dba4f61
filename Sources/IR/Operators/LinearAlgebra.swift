extension OperatorTable {
    /// Matrix products and what belongs to them.
    static let linearAlgebraOperators: [OperatorDefinition] = [
        OperatorDefinition("Det", inputs: 1...1) { inference in
            let shape = try inference.shape(0, rank: 2...Int.max)
            if let shape { _ = try inference.merge(shape[shape.count - 2], shape[shape.count - 1], "the two sides") }
            inference.setOutput(0, inference.elementType(0), shape.map { Array($0.dropLast(2)) })
        },
        OperatorDefinition(
            "Einsum", inputs: 1...Int.max, attributes: [.required("equation", .string)],
            traits: .scaled,
            conditionalTraits: [.traits(.product, if: .inputCount(2...2))], body: { try $0.einsum() }
        ) { inference in
            let elementType = try inference.sharedElementType(inference.inputTypes.indices)
            let equation = try EinsumEquation(inference.node.string("equation"))
            let shapes = inference.inputTypes.map { $0?.shape }
            inference.setOutput(0, elementType, try equation.outputShape(of: shapes))
        }.since(12),
        OperatorDefinition(
            "Gemm", inputs: 2...3,
            attributes: [
                .optional("alpha", .float(1)), .optional("beta", .float(1)), .optional("transA", .int(0)),
                .optional("transB", .int(0)),
            ], traits: .product
        ) { try $0.inferGemm() },
        OperatorDefinition("MatMul", inputs: 2...2, traits: .product) { inference in
            let elementType = try inference.sharedElementType(0..<2)
            inference.setOutput(0, elementType, try inference.matrixProduct(inference.shape(0), inference.shape(1)))
        },
        OperatorDefinition("MatMulInteger", inputs: 2...4, body: { try $0.integerProduct() }) { inference in
            inference.setOutput(0, .int32, try inference.matrixProduct(inference.shape(0), inference.shape(1)))
        }.computing(inTypeOf: nil),
        OperatorDefinition("QLinearMatMul", inputs: 8...8, body: { try $0.quantizedProduct() }) { inference in
            let shape = try inference.matrixProduct(inference.shape(0), inference.shape(3))
            inference.setOutput(0, inference.elementType(7), shape)
        }.computing(inTypeOf: 1),
    ]
}

extension TypeInference {
    /// The shape of a matrix product under NumPy's rules: lists count as rows or columns, leading axes broadcast.
    func matrixProduct(_ left: [Dimension]?, _ right: [Dimension]?) throws -> [Dimension]? {
        guard let left, let right else { return nil }
        guard let columns = left.last, let last = right.last else {
            throw HarrierError("\(node.op) needs tensors of rank 1 or more, not a scalar")
        }
        let rows = right.count == 1 ? last : right[right.count - 2]
        guard columns.merged(with: rows) != nil else {
            throw HarrierError(
                "\(node.op) cannot multiply \(display(left)) by \(display(right)): inner lengths \(columns) and \(rows)"
            )
        }
        let batch = try broadcastShape(Array(left.dropLast(2)), Array(right.dropLast(2))) ?? []
        return batch + left.dropLast().suffix(1) + (right.count == 1 ? [] : [last])
    }

    fileprivate mutating func inferGemm() throws {
        let elementType = try sharedElementType(0..<3)
        let left = try matrix(0, transposed: "transA")
        let right = try matrix(1, transposed: "transB")
        if let left, let right, left[1].merged(with: right[0]) == nil {
            throw HarrierError(
                "Gemm cannot multiply \(display(left)) by \(display(right)): inner lengths \(left[1]) and \(right[0])")
        }
        let shape = [left?[0] ?? .unknown, right?[1] ?? .unknown]
        if let addend = self.shape(2) {
            let sum = try broadcastShape(shape, addend)
            guard sum?.count == 2, zip(sum ?? [], shape).allSatisfy({ $0.merged(with: $1) != nil }) else {
                throw HarrierError("Gemm cannot broadcast \(display(addend)) to its product of shape \(display(shape))")
            }
        }
        setOutput(0, elementType, shape)
    }

    private func matrix(_ index: Int, transposed attribute: String) throws -> [Dimension]? {
        let transposed = try node.flag(attribute)
        return try shape(index, rank: 2...2).map { transposed ? $0.reversed() : $0 }
    }
}
