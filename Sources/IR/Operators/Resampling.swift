extension OperatorTable {
    /// Operators that sample images anew.
    static let resamplingOperators: [OperatorDefinition] = [
        OperatorDefinition("AffineGrid", inputs: 2...2, attributes: [.optional("align_corners", .int(0))]) {
            try $0.inferAffineGrid()
        }.since(20),
        OperatorDefinition(
            "Col2Im", inputs: 3...3,
            attributes: [
                .list("dilations", filledWith: 1), .list("pads", filledWith: 0), .list("strides", filledWith: 1),
            ]
        ) { try $0.inferColumnsToImage() }.since(18),
        OperatorDefinition(
            "GridSample", inputs: 2...2,
            attributes: [
                .optional("align_corners", .int(0)), .optional("mode", .string("linear")),
                .optional("padding_mode", .string("zeros")),
            ]
        ) { inference in
            let grid = try inference.shape(1, rank: 4...5)
            let image = try inference.shape(0, rank: 4...5)
            let batch = try inference.merge(image?[0] ?? .unknown, grid?[0] ?? .unknown, "batches")
            inference.setOutput(
                0, inference.elementType(0), grid.map { [batch, image?[1] ?? .unknown] + $0[1...].dropLast() })
        }.since(16),
        OperatorDefinition(
            "Resize", inputs: 1...4,
            attributes: [
                .optional("antialias", .int(0)), .optional("axes", .ints),
                .optional("coordinate_transformation_mode", .string("half_pixel")),
                .optional("cubic_coeff_a", .float(-0.75)), .optional("exclude_outside", .int(0)),
                .optional("extrapolation_value", .float(0)),
                .optional("keep_aspect_ratio_policy", .string("stretch")), .optional("mode", .string("nearest")),
                .optional("nearest_mode", .string("round_prefer_floor")),
            ]
        ) { try $0.inferResize() },
        OperatorDefinition("Upsample", inputs: 2...2, attributes: [.optional("mode", .string("nearest"))]) {
            inference in
            guard let shape = inference.shape(0) else { return inference.setOutput(0, inference.elementType(0), nil) }
            let result = try inference.scaled(shape, axes: Array(shape.indices), by: inference.tensor(1)?.doubles())
            inference.setOutput(0, inference.elementType(0), result)
        },
    ]
}

extension TypeInference {
    fileprivate mutating func inferResize() throws {
        let policy = try node.choice(
            "keep_aspect_ratio_policy", of: ["stretch", "not_larger", "not_smaller"])
        // Before version 13 an operand that is left out is there without elements.
        func isGiven(_ index: Int) -> Bool { has(index) && type(index)?.elementCount != 0 }
        guard isGiven(2) != isGiven(3) else { throw HarrierError("Resize needs either scales or sizes") }
        guard let shape = shape(0) else { return setOutput(0, elementType(0), nil) }
        let axes = try normalized(axes: node.optionalInts("axes") ?? Array(shape.indices), rank: shape.count)
        if isGiven(2) {
            let crops = try node.string("coordinate_transformation_mode") == "tf_crop_and_resize"
            // Implementations disagree on whether the region's size counts.
            let scales = crops ? nil : try tensor(2)?.doubles()
            return setOutput(0, elementType(0), try scaled(shape, axes: axes, by: scales))
        }
        var result = shape
        for axis in axes { result[axis] = .unknown }
        if let sizes = try integers(3) {
            guard sizes.count == axes.count, sizes.allSatisfy({ $0 >= 0 }) else {
                throw HarrierError("Resize to \(sizes) does not fit an input of shape \(display(shape))")
            }
            if policy == "stretch" {
                for (axis, size) in zip(axes, sizes) { result[axis] = .known(size) }
            } else {
                keepAspectRatio(&result, of: shape, axes: axes, sizes: sizes, larger: policy == "not_smaller")
            }
        }
        setOutput(0, elementType(0), result)
    }

    /// Scales all axes by the least (or greatest) of the factors that the sizes ask for.
    private func keepAspectRatio(
        _ result: inout [Dimension], of shape: [Dimension], axes: [Int], sizes: [Int], larger: Bool
    ) {
        let lengths = axes.compactMap { shape[$0].value }
        guard lengths.count == axes.count, lengths.allSatisfy({ $0 > 0 }) else { return }
        let factors = zip(sizes, lengths).map { Float($0) / Float($1) }
        guard let factor = larger ? factors.max() : factors.min() else { return }
        for (axis, length) in zip(axes, lengths) {
            result[axis] = Int(exactly: (factor * Float(length)).rounded()).map(Dimension.known) ?? .unknown
        }
    }

    /// Lengths times factors, rounded down, in single precision as implementations do it.
    fileprivate func scaled(_ shape: [Dimension], axes: [Int], by factors: [Double]?) throws -> [Dimension] {
        var result = shape
        guard let factors else {
            for axis in axes { result[axis] = .unknown }
            return result
        }
        guard factors.count == axes.count, factors.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw HarrierError(
                "\(node.op) needs \(axes.count) positive scales for an input of shape \(display(shape)), not \(factors)"
            )
        }
        for (axis, factor) in zip(axes, factors) {
            guard let length = shape[axis].value else {
                result[axis] = factor == 1 ? shape[axis] : .unknown
                continue
            }
            result[axis] = .known(Int(exactly: (Float(length) * Float(factor)).rounded(.down)) ?? .max)
        }
        return result
    }

    fileprivate mutating func inferAffineGrid() throws {
        guard let size = try integers(1) else {
            // The length of `size` tells whether images or volumes are meant.
            let rank = try listLength(1)
            return setOutput(
                0, elementType(0),
                rank.map { Array(repeating: Dimension.unknown, count: max(0, $0 - 1)) + [.known(max(0, $0 - 2))] })
        }
        guard size.count == 4 || size.count == 5, size.allSatisfy({ $0 >= 0 }) else {
            throw HarrierError("AffineGrid needs a size of 4 or 5 lengths, not \(size)")
        }
        let lengths = [size[0]] + size[2...] + [size.count - 2]
        setOutput(0, elementType(0), lengths.map(Dimension.known))
    }

    fileprivate mutating func inferColumnsToImage() throws {
        let input = try shape(0, rank: 3...3)
        let block = try integers(2)
        guard block?.allSatisfy({ $0 > 0 }) != false else { throw HarrierError("Col2Im has an empty block") }
        var channels = Dimension.unknown
        if let rows = input?[1].value, let block {
            let perChannel = block.saturatingProduct()
            guard rows % perChannel == 0 else {
                throw HarrierError("Col2Im cannot divide \(rows) rows into blocks of \(perChannel)")
            }
            channels = .known(rows / perChannel)
        }
        let image = try shapeFromInput(1)
        setOutput(0, elementType(0), image.map { [input?[0] ?? .unknown, channels] + $0 })
    }
}
