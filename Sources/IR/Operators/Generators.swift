extension OperatorTable {
    /// Operators that make tensors from little or nothing: constants, ranges, random numbers.
    static let generatorOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "Bernoulli", inputs: 1...1, attributes: [.optional("dtype", .int), seed], traits: [.random, .elementwise]
        ) { try $0.inferLike() }.since(15),
        OperatorDefinition("Constant", inputs: 0...0, attributes: constantAttributes) { try $0.inferConstant() },
        OperatorDefinition(
            "ConstantOfShape", inputs: 1...1, attributes: [.optional("value", .tensor)], traits: .generator
        ) { inference in
            let elementType = try inference.tensorAttribute("value")?.elementType ?? .float32
            inference.setOutput(0, elementType, try inference.shapeFromInput(0))
        },
        OperatorDefinition(
            "EyeLike", inputs: 1...1, attributes: [.optional("dtype", .int), .optional("k", .int(0))],
            traits: .generator
        ) { inference in
            _ = try inference.shape(0, rank: 2...2)
            try inference.inferLike()
        },
        OperatorDefinition(
            "Multinomial", inputs: 1...1,
            attributes: [.optional("dtype", .int(6)), .optional("sample_size", .int(1)), seed], traits: .random
        ) { inference in
            let rows = try inference.shape(0, rank: 2...2)?[0] ?? .unknown
            let count = try inference.positive("sample_size")
            inference.setOutput(0, try inference.elementTypeAttribute("dtype"), [rows, .known(count)])
        },
        random("RandomNormal", normal),
        randomLike("RandomNormalLike", normal),
        random("RandomUniform", uniform),
        randomLike("RandomUniformLike", uniform),
        OperatorDefinition("Range", inputs: 3...3, traits: .generator) { try $0.inferRange() },
    ]

    private static let seed = AttributeDefinition.optional("seed", .float)
    private static let normal = [AttributeDefinition.optional("mean", .float(0)), .optional("scale", .float(1)), seed]
    private static let uniform = [AttributeDefinition.optional("high", .float(1)), .optional("low", .float(0)), seed]

    private static let constantAttributes: [AttributeDefinition] = [
        .optional("sparse_value", .sparseTensor), .optional("value", .tensor), .optional("value_float", .float),
        .optional("value_floats", .floats), .optional("value_int", .int), .optional("value_ints", .ints),
        .optional("value_string", .string), .optional("value_strings", .strings),
    ]

    private static func random(_ name: OperatorName, _ attributes: [AttributeDefinition]) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 0...0, attributes: [.optional("dtype", .int(1)), .required("shape", .ints)] + attributes,
            traits: .random
        ) { inference in
            let lengths = try inference.node.ints("shape")
            guard lengths.allSatisfy({ $0 >= 0 }) else {
                throw HarrierError("\(inference.node.op) has a negative length in its shape \(lengths)")
            }
            inference.setOutput(
                0, try inference.elementTypeAttribute("dtype"), lengths.map(Dimension.known))
        }
    }

    private static func randomLike(_ name: OperatorName, _ attributes: [AttributeDefinition]) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 1...1, attributes: [.optional("dtype", .int)] + attributes,
            traits: [.random, .stepwise]
        ) { try $0.inferLike() }
    }
}

extension TypeInference {
    /// The shape of input 0 and the element type in `dtype`, or that of the input.
    fileprivate mutating func inferLike() throws {
        setOutput(0, try elementTypeAttribute("dtype") ?? elementType(0), shape(0))
    }

    /// The shape that is the value of an integer input.
    func shapeFromInput(_ index: Int) throws -> [Dimension]? {
        guard let lengths = try integers(index) else {
            return try listLength(index).map { Array(repeating: .unknown, count: $0) }
        }
        guard lengths.allSatisfy({ $0 >= 0 }) else {
            throw HarrierError("\(node.op) has a negative length in its shape \(lengths)")
        }
        return lengths.map(Dimension.known)
    }

    /// A tensor attribute, nil if it is absent.
    func tensorAttribute(_ name: String) throws -> Tensor? {
        switch node.attributes[name] {
        case nil: nil
        case .tensor(let tensor): tensor
        default: throw HarrierError("attribute '\(name)' of \(node.op) must be a tensor")
        }
    }

    fileprivate mutating func inferConstant() throws {
        for (name, value) in node.attributes {
            switch (name, value) {
            case ("value", .tensor(let tensor)): setOutput(0, tensor.type)
            case ("value_int", .int): setOutput(0, .int64, [])
            case ("value_ints", .ints(let values)): setOutput(0, .int64, [.known(values.count)])
            case ("value_float", .float): setOutput(0, .float32, [])
            case ("value_floats", .floats(let values)): setOutput(0, .float32, [.known(values.count)])
            case ("value_string", .string): setOutput(0, .string, [])
            case ("value_strings", .strings(let values)): setOutput(0, .string, [.known(values.count)])
            case ("sparse_value", _): break
            default: throw HarrierError("Constant has an attribute '\(name)' of a kind that does not belong to it")
            }
        }
    }

    fileprivate mutating func inferRange() throws {
        let elementType = try sharedElementType(0..<3)
        for index in 0..<3 where shape(index)?.isEmpty == false {
            // ONNX wants scalars; lists of one element occur.
            guard type(index)?.elementCount ?? 1 == 1 else {
                throw HarrierError("Range must have scalar operands, not one of shape \(display(shape(index) ?? []))")
            }
        }
        guard let start = tensor(0)?.scalar, let limit = tensor(1)?.scalar, let delta = tensor(2)?.scalar else {
            return setOutput(0, elementType, [.unknown])
        }
        guard delta != 0 else { throw HarrierError("Range has a step of 0") }
        let count = max(0, ((limit - start) / delta).rounded(.up))
        guard count <= Double(TensorType.maximumElementCount) else {
            throw HarrierError("Range from \(start) to \(limit) by \(delta) has too many elements")
        }
        setOutput(0, elementType, [.known(Int(count))])
    }
}
