extension OperatorTable {
    /// Operators that read or write elements at places given by index tensors.
    static let indexingOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "Compress", inputs: 2...2, attributes: [.optional("axis", .int)], traits: [.dataMovement, .indexed]
        ) {
            try $0.inferCompress()
        },
        OperatorDefinition(
            "Gather", inputs: 2...2, attributes: [axisZero], traits: [.dataMovement, .indexed],
            body: { try $0.gather() }
        ) { inference in
            try inference.requireIntegers(1)
            inference.setOutput(0, inference.elementType(0), try inference.gatheredShape())
        }.computing(inTypeOf: nil),
        OperatorDefinition(
            "GatherElements", inputs: 2...2, attributes: [axisZero], traits: [.dataMovement, .indexed],
            body: { try $0.gatherElements() }
        ) { inference in
            try inference.requireIntegers(1)
            try inference.checkSameRank(0, 1)
            inference.setOutput(0, inference.elementType(0), inference.shape(1))
        }.computing(inTypeOf: nil),
        OperatorDefinition(
            "GatherND", inputs: 2...2, attributes: [.optional("batch_dims", .int(0))],
            traits: [.dataMovement, .indexed], body: { try $0.gatherSlices() }
        ) { inference in
            try inference.requireIntegers(1)
            inference.setOutput(0, inference.elementType(0), try inference.gatheredSlicesShape())
        }.computing(inTypeOf: nil),
        OperatorDefinition(
            "NonMaxSuppression", inputs: 2...5, attributes: [.optional("center_point_box", .int(0))]
        ) { $0.setOutput(0, .int64, [.unknown, 3]) },
        OperatorDefinition("NonZero", inputs: 1...1, traits: .stepwise) { inference in
            // A scalar counts as a list of one element.
            let rank = inference.shape(0).map { Dimension.known(max(1, $0.count)) }
            inference.setOutput(0, .int64, [rank ?? .unknown, .unknown])
        },
        OperatorDefinition(
            "OneHot", inputs: 3...3, attributes: [.optional("axis", .int(-1))], traits: .stepwise,
            body: { try $0.oneHot() }
        ) { try $0.inferOneHot() }.computing(inTypeOf: 2),
        scatter("Scatter", attributes: [axisZero]),
        scatter("ScatterElements", attributes: [axisZero, reduction]),
        OperatorDefinition(
            "ScatterND", inputs: 3...3, attributes: [reduction], traits: [.indexed, .overwriting],
            conditionalTraits: [onlyReplaces]
        ) {
            inference in
            try inference.requireIntegers(1)
            inference.setOutput(0, try inference.sharedElementType([0, 2]), inference.shape(0))
        },
        OperatorDefinition(
            "TopK", inputs: 2...2, outputs: 2...2,
            attributes: [.optional("axis", .int(-1)), .optional("largest", .int(1)), .optional("sorted", .int(1))]
        ) { try $0.inferTopK() },
        OperatorDefinition(
            "Unique", inputs: 1...1, outputs: 1...4,
            attributes: [.optional("axis", .int), .optional("sorted", .int(1))]
        ) { try $0.inferUnique() },
    ]

    private static let axisZero = AttributeDefinition.optional("axis", .int(0))
    private static let reduction = AttributeDefinition.optional("reduction", .string("none"))

    private static func scatter(_ name: OperatorName, attributes: [AttributeDefinition]) -> OperatorDefinition {
        OperatorDefinition(
            name, inputs: 3...3, attributes: attributes, traits: [.indexed, .overwriting],
            conditionalTraits: [onlyReplaces]
        ) {
            inference in
            try inference.requireIntegers(1)
            try inference.checkSameRank(0, 1)
            inference.setOutput(0, try inference.sharedElementType([0, 2]), inference.shape(0))
        }
    }

    /// Without a reduction, elements only replace others.
    private static let onlyReplaces = OperatorDefinition.ConditionalTraits.traits(
        .dataMovement, if: .value("reduction", isOneOf: [.string("none")]))
}

extension TypeInference {
    /// Checks that two inputs have one rank, and that the attribute `axis` is one of their axes.
    fileprivate func checkSameRank(_ one: Int, _ two: Int) throws {
        guard let shape = shape(one) else { return }
        _ = try axis(rank: shape.count)
        if let other = self.shape(two), other.count != shape.count {
            throw HarrierError(
                "operands of \(node.op) must have the same rank, not the shapes \(display(shape)) and \(display(other))"
            )
        }
    }

    fileprivate func gatheredShape() throws -> [Dimension]? {
        guard let data = try shape(0, rank: 1...Int.max) else { return nil }
        let axis = try axis(rank: data.count)
        return shape(1).map { data[..<axis] + $0 + data[(axis + 1)...] }
    }

    fileprivate func gatheredSlicesShape() throws -> [Dimension]? {
        let batch = try node.int("batch_dims")
        guard let data = try shape(0, rank: 1...Int.max), let indices = try shape(1, rank: 1...Int.max) else {
            return nil
        }
        guard batch >= 0, batch < min(data.count, indices.count) else {
            throw HarrierError(
                "GatherND cannot have \(batch) batch axes with operands of shape \(display(data)) and \(display(indices))"
            )
        }
        guard let depth = indices.last?.value else { return nil }
        guard depth >= 0, depth <= data.count - batch else {
            throw HarrierError("GatherND has indices of \(depth) axes into a tensor of shape \(display(data))")
        }
        return indices.dropLast() + data[(batch + depth)...]
    }

    fileprivate mutating func inferOneHot() throws {
        guard let indices = shape(0) else { return setOutput(0, elementType(2), nil) }
        let axis = try axis(rank: indices.count + 1)
        let depth = tensor(1)?.scalar.flatMap { Int(exactly: $0.rounded(.towardZero)) }
        if let depth, depth < 0 { throw HarrierError("OneHot has a negative depth, \(depth)") }
        setOutput(
            0, elementType(2), indices[..<axis] + [depth.map(Dimension.known) ?? .unknown] + indices[axis...])
    }

    fileprivate mutating func inferTopK() throws {
        var result: [Dimension]?
        if var shape = try shape(0, rank: 1...Int.max) {
            let axis = try axis(rank: shape.count)
            let count = try integers(1)?.first
            if let count, count < 0 || count > shape[axis].value ?? .max {
                throw HarrierError("TopK cannot give \(count) of \(shape[axis]) elements")
            }
            shape[axis] = count.map(Dimension.known) ?? .unknown
            result = shape
        }
        setOutput(0, elementType(0), result)
        setOutput(1, .int64, result)
    }

    fileprivate mutating func inferCompress() throws {
        try requireBool(1)
        guard let axis = try node.optionalInt("axis") else { return setOutput(0, elementType(0), [.unknown]) }
        var result = try shape(0, rank: 1...Int.max)
        if let rank = result?.count { result?[try normalized(axis: axis, rank: rank)] = .unknown }
        setOutput(0, elementType(0), result)
    }

    fileprivate mutating func inferUnique() throws {
        if let axis = try node.optionalInt("axis") {
            var result = shape(0)
            if let rank = result?.count { result?[try normalized(axis: axis, rank: rank)] = .unknown }
            setOutput(0, elementType(0), result)
        } else {
            setOutput(0, elementType(0), [.unknown])
        }
        for output in 1..<4 { setOutput(output, .int64, [.unknown]) }
    }
}
