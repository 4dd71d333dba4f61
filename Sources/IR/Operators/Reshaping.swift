extension OperatorTable {
    /// Operators that give the same elements in the same order another shape, and those that tell the shape.
    static let reshapingOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "Flatten", inputs: 1...1, attributes: [.optional("axis", .int(1))], traits: [.dataMovement, .reshape]
        ) { inference in
            guard let shape = inference.shape(0) else {
                return inference.setOutput(0, inference.elementType(0), [.unknown, .unknown])
            }
            let given = try inference.node.int("axis")
            // The axis may also stand behind the last one.
            let axis = given == shape.count ? given : try inference.axis(rank: shape.count)
            inference.setOutput(
                0, inference.elementType(0), [shape[..<axis].product(), shape[axis...].product()])
        },
        OperatorDefinition(
            "Reshape", inputs: 2...2, attributes: [.optional("allowzero", .int(0))], traits: [.dataMovement, .reshape]
        ) { try $0.inferReshape() },
        OperatorDefinition(
            "Shape", inputs: 1...1, attributes: [.optional("end", .int), .optional("start", .int(0))],
            traits: .shapeQuery
        ) { try $0.inferShape() },
        OperatorDefinition("Size", inputs: 1...1, traits: .shapeQuery) { $0.setOutput(0, .int64, []) },
        OperatorDefinition("Squeeze", inputs: 1...2, traits: [.dataMovement, .reshape]) { inference in
            inference.setOutput(0, inference.elementType(0), try inference.squeezedShape())
        },
        OperatorDefinition("Unsqueeze", inputs: 2...2, traits: [.dataMovement, .reshape]) { inference in
            inference.setOutput(0, inference.elementType(0), try inference.unsqueezedShape())
        },
    ]
}

extension TypeInference {
    fileprivate mutating func inferReshape() throws {
        guard let target = try integers(1) else {
            let rank = try listLength(1)
            return setOutput(
                0, elementType(0), rank.map { Array(repeating: .unknown, count: $0) })
        }
        let keepsZeros = try node.flag("allowzero")
        guard target.allSatisfy({ $0 >= -1 }), target.count(where: { $0 == -1 }) <= 1,
            !(keepsZeros && target.contains(0) && target.contains(-1))
        else { throw HarrierError("Reshape cannot give a tensor the shape \(target)") }
        let input = shape(0)
        var rest = input ?? []
        var result: [Dimension] = []
        for (axis, length) in target.enumerated() {
            guard length == 0, !keepsZeros else {
                result.append(length == -1 ? .unknown : .known(length))
                continue
            }
            guard let input else {
                result.append(.unknown)
                continue
            }
            guard axis < input.count else {
                throw HarrierError("Reshape to \(target) copies axis \(axis) of a tensor of shape \(display(input))")
            }
            result.append(input[axis])
            // What is copied cancels out when the open length is worked out, even if it is not known.
            rest[axis] = .known(1)
        }
        if input != nil {
            let written = target.filter { $0 > 0 || ($0 == 0 && keepsZeros) }.saturatingProduct()
            if let open = target.firstIndex(of: -1) {
                result[open] = try quotient(of: rest, by: written)
            }
            try checkReshape(to: result)
        }
        setOutput(0, elementType(0), result)
    }

    /// The length that stands for -1: what is left of the input when the lengths that are written are taken out.
    private func quotient(of rest: [Dimension], by written: Int) throws -> Dimension {
        let open = rest.filter { $0.value == nil }
        let known = rest.compactMap(\.value).saturatingProduct()
        if open.count == 1, known == written { return open[0] }
        guard open.isEmpty else { return .unknown }
        guard written > 0, known % written == 0 else {
            throw HarrierError("Reshape cannot divide \(known) elements into rows of \(written)")
        }
        return .known(known / written)
    }

    private func checkReshape(to result: [Dimension]) throws {
        let output = TensorType(.float32, result)
        guard let input = type(0), let before = input.elementCount, let after = output.elementCount, before != after
        else { return }
        throw HarrierError("Reshape cannot give \(before) elements of \(input) the shape \(display(result))")
    }

    fileprivate mutating func inferShape() throws {
        guard let rank = shape(0)?.count else { return setOutput(0, .int64, [.unknown]) }
        func clamped(_ position: Int) -> Int { min(max(position < 0 ? position +| rank : position, 0), rank) }
        let start = clamped(try node.int("start"))
        let end = clamped(try node.optionalInt("end") ?? rank)
        setOutput(0, .int64, [.known(max(0, end - start))])
    }

    fileprivate func squeezedShape() throws -> [Dimension]? {
        guard let shape = shape(0) else { return nil }
        guard has(1) else {
            // Every axis of length 1 goes, so the rank is known only if all lengths are.
            return shape.allSatisfy { $0.value != nil } ? shape.filter { $0 != .known(1) } : nil
        }
        guard let axes = try integers(1) else {
            guard let count = try listLength(1), count <= shape.count else { return nil }
            return Array(repeating: .unknown, count: shape.count - count)
        }
        let removed = Set(try normalized(axes: axes, rank: shape.count))
        for axis in removed where (shape[axis].value ?? 1) != 1 {
            throw HarrierError("Squeeze cannot remove axis \(axis) of a tensor of shape \(display(shape))")
        }
        return shape.indices.filter { !removed.contains($0) }.map { shape[$0] }
    }

    fileprivate func unsqueezedShape() throws -> [Dimension]? {
        guard let shape = shape(0) else { return nil }
        guard let axes = try integers(1) else {
            return try listLength(1).map { Array(repeating: .unknown, count: shape.count + $0) }
        }
        let rank = shape.count + axes.count
        let added = Set(try normalized(axes: axes, rank: rank))
        var lengths = shape.makeIterator()
        return (0..<rank).map { added.contains($0) ? .known(1) : lengths.next() ?? .unknown }
    }
}
