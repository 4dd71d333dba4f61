extension OperatorTable {
    /// Operators that put elements into another order, repeat some, or leave some out.
    static let dataMovementOperators: [OperatorDefinition] = [
        OperatorDefinition(
            "CenterCropPad", inputs: 2...2, attributes: [.optional("axes", .ints)], traits: .dataMovement
        ) { try $0.inferCenterCropPad() }.since(18),
        OperatorDefinition(
            "Concat", inputs: 1...Int.max, attributes: [.required("axis", .int)], traits: .dataMovement
        ) { try $0.inferConcat() },
        OperatorDefinition(
            "DepthToSpace", inputs: 1...1,
            attributes: [.required("blocksize", .int), .optional("mode", .string("DCR"))], traits: .dataMovement
        ) { try $0.inferDepthToSpace() },
        OperatorDefinition("Expand", inputs: 2...2, traits: .dataMovement) { try $0.inferExpand() },
        OperatorDefinition(
            "Pad", inputs: 2...4, attributes: [.optional("mode", .string("constant"))], traits: .dataMovement
        ) { try $0.inferPad() },
        OperatorDefinition(
            "ReverseSequence", inputs: 2...2,
            attributes: [.optional("batch_axis", .int(1)), .optional("time_axis", .int(0))], traits: .dataMovement
        ) { inference in
            _ = try inference.shape(0, rank: 2...Int.max)
            inference.setOutput(0, inference.type(0))
        },
        OperatorDefinition("Slice", inputs: 3...5, traits: .dataMovement) { try $0.inferSlice() },
        OperatorDefinition(
            "SpaceToDepth", inputs: 1...1, attributes: [.required("blocksize", .int)], traits: .dataMovement
        ) { try $0.inferSpaceToDepth() },
        OperatorDefinition(
            "Split", inputs: 1...2, outputs: 1...Int.max,
            attributes: [.optional("axis", .int(0)), .optional("num_outputs", .int)], traits: .dataMovement
        ) { try $0.inferSplit() },
        OperatorDefinition("Tile", inputs: 2...2, traits: .dataMovement) { try $0.inferTile() },
        OperatorDefinition(
            "Transpose", inputs: 1...1, attributes: [.optional("perm", .ints)], traits: [.dataMovement, .transposition]
        ) { try $0.inferTranspose() },
        OperatorDefinition(
            "Trilu", inputs: 1...2, attributes: [.optional("upper", .int(1))], traits: [.dataMovement, .idempotent]
        ) { inference in
            _ = try inference.shape(0, rank: 2...Int.max)
            inference.setOutput(0, inference.type(0))
        }.since(14),
    ]
}

extension TypeInference {
    fileprivate mutating func inferConcat() throws {
        let elementType = try sharedElementType(inputTypes.indices)
        let known = inputTypes.compactMap { $0?.shape }
        guard let first = known.first else { return setOutput(0, elementType, nil) }
        let axis = try axis(rank: first.count)
        var result = first
        for shape in known.dropFirst() {
            guard shape.count == first.count else {
                throw HarrierError("Concat cannot join \(display(shape)) to \(display(first))")
            }
            for index in shape.indices {
                if index == axis {
                    result[index] = result[index] + shape[index]
                } else {
                    result[index] = try merge(result[index], shape[index], "the lengths along axis \(index)")
                }
            }
        }
        if known.count < inputTypes.count { result[axis] = .unknown }
        setOutput(0, elementType, result)
    }

    fileprivate mutating func inferSplit() throws {
        let lengths = try splitLengths()
        guard let shape = shape(0) else {
            for output in outputTypes.indices { setOutput(output, elementType(0), nil) }
            return
        }
        let axis = try axis(rank: shape.count)
        if let lengths, let length = shape[axis].value, lengths.reduce(0, +|) != length {
            throw HarrierError("Split cannot divide \(length) elements into \(lengths)")
        }
        for output in outputTypes.indices {
            var part = shape
            part[axis] = lengths.map { .known($0[output]) } ?? .unknown
            setOutput(output, elementType(0), part)
        }
    }

    /// The length of each part along the split axis; nil if not known.
    private func splitLengths() throws -> [Int]? {
        if has(1) {
            guard let lengths = try integers(1) else { return nil }
            guard lengths.count == outputCount, lengths.allSatisfy({ $0 >= 0 }) else {
                throw HarrierError("Split into \(lengths) does not fit \(outputCount) outputs")
            }
            return lengths
        }
        let parts = try node.optionalInt("num_outputs") ?? outputCount
        guard parts == outputCount else {
            throw HarrierError("Split into \(parts) parts has \(outputCount) outputs")
        }
        guard let shape = shape(0), let length = shape[try axis(rank: shape.count)].value else {
            return nil
        }
        let part = max(0, length).dividedRoundingUp(by: parts)
        let last = length -| part *| (parts - 1)
        guard last >= 0 else { throw HarrierError("Split cannot divide \(length) elements into \(parts) parts") }
        return Array(repeating: part, count: parts - 1) + [last]
    }

    fileprivate mutating func inferTranspose() throws {
        let permutation = try node.optionalInts("perm")
        guard let shape = shape(0) else {
            return setOutput(0, elementType(0), permutation.map { Array(repeating: .unknown, count: $0.count) })
        }
        let order = permutation ?? shape.indices.reversed()
        guard order.sorted() == Array(shape.indices) else {
            throw HarrierError("Transpose cannot order the axes of \(display(shape)) as \(order)")
        }
        setOutput(0, elementType(0), order.map { shape[$0] })
    }

    fileprivate mutating func inferExpand() throws {
        guard let target = try integers(1) else {
            guard let count = try listLength(1) else { return setOutput(0, elementType(0), nil) }
            let shape = try broadcastShape(shape(0), Array(repeating: .unknown, count: count))
            return setOutput(0, elementType(0), shape)
        }
        guard target.allSatisfy({ $0 >= 0 }) else { throw HarrierError("Expand has a negative length in \(target)") }
        setOutput(0, elementType(0), try broadcastShape(shape(0), target.map(Dimension.known)))
    }

    fileprivate mutating func inferTile() throws {
        guard let shape = shape(0) else { return setOutput(0, elementType(0), nil) }
        guard let repeats = try integers(1) else {
            return setOutput(0, elementType(0), Array(repeating: .unknown, count: shape.count))
        }
        guard repeats.count == shape.count, repeats.allSatisfy({ $0 >= 0 }) else {
            throw HarrierError("Tile cannot repeat \(display(shape)) by \(repeats)")
        }
        setOutput(0, elementType(0), zip(shape, repeats).map { $0 * .known($1) })
    }

    fileprivate mutating func inferPad() throws {
        _ = try node.choice("mode", of: ["constant", "reflect", "edge", "wrap"])
        guard let shape = shape(0) else { return setOutput(0, elementType(0), nil) }
        let axes = has(3) ? try integers(3) : Array(shape.indices)
        guard let pads = try integers(1), let axes else {
            return setOutput(0, elementType(0), Array(repeating: .unknown, count: shape.count))
        }
        guard pads.count == 2 * axes.count else {
            throw HarrierError("Pad needs \(2 * axes.count) pads, not \(pads.count)")
        }
        var result = shape
        for (index, axis) in try normalized(axes: axes, rank: shape.count).enumerated() {
            let added = pads[index] +| pads[axes.count + index]
            result[axis] = shape[axis] + .known(added)
            if let length = result[axis].value, length < 0 {
                throw HarrierError("Pad cuts \(added) elements off an axis of length \(shape[axis])")
            }
        }
        setOutput(0, elementType(0), result)
    }

    fileprivate mutating func inferCenterCropPad() throws {
        guard let shape = shape(0) else { return setOutput(0, elementType(0), nil) }
        let axes = try normalized(axes: node.optionalInts("axes") ?? Array(shape.indices), rank: shape.count)
        let target = try integers(1)
        guard target == nil || target?.count == axes.count, target?.allSatisfy({ $0 >= 0 }) != false else {
            throw HarrierError("CenterCropPad needs \(axes.count) lengths, one for each axis")
        }
        var result = shape
        for (index, axis) in axes.enumerated() { result[axis] = target.map { .known($0[index]) } ?? .unknown }
        setOutput(0, elementType(0), result)
    }

    fileprivate mutating func inferDepthToSpace() throws {
        let block = try positive("blocksize")
        _ = try node.choice("mode", of: ["DCR", "CRD"])
        guard let shape = try shape(0, rank: 4...4) else { return setOutput(0, elementType(0), nil) }
        let channels = try divided(shape[1], by: block *| block, "channels")
        setOutput(
            0, elementType(0), [shape[0], channels, shape[2] * .known(block), shape[3] * .known(block)])
    }

    fileprivate mutating func inferSpaceToDepth() throws {
        let block = try positive("blocksize")
        guard let shape = try shape(0, rank: 4...4) else { return setOutput(0, elementType(0), nil) }
        setOutput(
            0, elementType(0),
            [
                shape[0], shape[1] * .known(block *| block), try divided(shape[2], by: block, "rows"),
                try divided(shape[3], by: block, "columns"),
            ])
    }

    private func divided(_ length: Dimension, by divisor: Int, _ what: String) throws -> Dimension {
        guard let count = length.value else { return .unknown }
        guard count % divisor == 0 else {
            throw HarrierError("\(node.op) cannot divide \(count) \(what) by \(divisor)")
        }
        return .known(count / divisor)
    }
}
