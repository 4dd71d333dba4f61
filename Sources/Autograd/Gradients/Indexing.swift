import IR

extension GradientTable {
    /// Operators that read elements by index: their gradients are added up where they were read.
    static let indexing: [OperatorName: Row] = [
        "Gather": { b in
            try b.give {
                let lengths = try b.input(0).lengths
                let axis = try b.node.axis(rank: lengths.count)
                let (gradient, indices) = (try b.fullGradient(), try b.input(1))
                if let places = try indices.progression(length: lengths[axis]) {
                    var (begin, steps) = (lengths.map { _ in 0 }, lengths.map { _ in 1 })
                    (begin[axis], steps[axis]) = (places.first, places.step)
                    let isScalar = try indices.rank == 0
                    let column = isScalar ? try gradient.apply("Unsqueeze", b.builder.integers([axis])) : gradient
                    return try column.placed(begin: begin, steps: steps, in: lengths)
                }
                return try gradient.scattered(to: indices, axis: axis, length: lengths[axis])
            }
        },
        "GatherElements": { b in
            try b.give {
                let data = try b.input(0)
                return try data.zeros(data.lengths).apply(
                    "ScatterElements", b.input(1), b.fullGradient(),
                    attributes: ["axis": .int(try b.node.int("axis")), "reduction": .string("add")])
            }
        },
        "GatherND": { b in
            guard try b.node.int("batch_dims") == 0 else {
                throw HarrierError("GatherND has a gradient only without batch_dims")
            }
            try b.give {
                let data = try b.input(0)
                return try data.zeros(data.lengths).apply(
                    "ScatterND", b.input(1), b.fullGradient(), attributes: ["reduction": .string("add")])
            }
        },
        "Resize": { b in
            try b.give {
                var gradient = try b.fullGradient()
                let lengths = try b.input(0).lengths
                for (axis, indices) in try NearestSampling(b.node, lengths: lengths, results: b.output().lengths).axes {
                    gradient = try gradient.collected(axis: axis, indices: indices, length: lengths[axis])
                }
                return gradient
            }
        },
    ]
}

extension GraphBuilder.Term {
    /// Indices that are known and go up by equal steps, as a slice would say them; nil if they are not.
    ///
    /// - Parameter length: of the axis that they are in.
    fileprivate func progression(length: Int) throws -> (first: Int, step: Int)? {
        guard let tensor = value.knownTensor, try rank <= 1 else { return nil }
        let places = try tensor.integers().map { $0 < 0 ? $0 + length : $0 }
        guard let first = places.first, places.allSatisfy((0..<length).contains) else { return nil }
        let step = places.count > 1 ? places[1] - first : 1
        return step > 0 && zip(places, places.dropFirst()).allSatisfy { $1 - $0 == step } ? (first, step) : nil
    }

    /// The elements of an axis added up at the indices they were read from.
    fileprivate func collected(axis: Int, indices: [Int], length: Int) throws -> Self {
        let factor = length == 0 ? 0 : indices.count / length
        guard factor > 0, indices == (0..<factor * length).map({ $0 / factor }) else {
            return try scattered(to: builder.integers(indices), axis: axis, length: length)
        }
        // Every element was read as often as the others, one after another.
        let own = try lengths
        return try reshaped(Array(own[..<axis]) + [length, factor] + Array(own[(axis + 1)...]))
            .reduced("ReduceSum", axes: [axis + 1], keepsAxes: false)
    }
}

/// Which elements a Resize to the nearest reads.
private struct NearestSampling {
    /// The axes whose elements move, with the index that each element of the result is read from.
    let axes: [(axis: Int, indices: [Int])]

    init(_ node: NodeContext, lengths: [Int], results: [Int]) throws {
        let coordinates = try node.node.string("coordinate_transformation_mode")
        guard try node.node.string("mode") == "nearest",
            ["half_pixel", "asymmetric", "pytorch_half_pixel", "align_corners"].contains(coordinates)
        else { throw HarrierError("Resize has a gradient for the mode 'nearest' only, without cropping") }
        let resized = try node.node.optionalInts("axes") ?? Array(lengths.indices)
        let given = try node.optionalInput(2)?.value.knownTensor?.doubles() ?? []
        let rounding = try node.node.string("nearest_mode")
        axes = try resized.enumerated().compactMap { position, axis in
            let axis = axis < 0 ? axis + lengths.count : axis
            let (length, count) = (lengths[axis], results[axis])
            let scale = position < given.count ? given[position] : Double(count) / Double(max(1, length))
            if scale == 1 && length == count { return nil }
            guard scale > 0, length > 0 else { throw HarrierError("Resize of an axis without elements") }
            return (
                axis,
                (0..<count).map { index in
                    let place = Self.place(index, coordinates, scale: scale, length: length, count: count)
                    return min(max(Int(Self.round(place, rounding)), 0), length - 1)
                }
            )
        }
    }

    private static func place(_ index: Int, _ mode: String, scale: Double, length: Int, count: Int) -> Double {
        switch mode {
        case "asymmetric": Double(index) / scale
        case "align_corners": count > 1 ? Double(index * (length - 1)) / (scale * Double(length) - 1) : 0
        case "pytorch_half_pixel": count > 1 ? (Double(index) + 0.5) / scale - 0.5 : 0
        default: (Double(index) + 0.5) / scale - 0.5
        }
    }

    private static func round(_ place: Double, _ mode: String) -> Double {
        switch mode {
        case "floor": place.rounded(.down)
        case "ceil": place.rounded(.up)
        case "round_prefer_ceil": (place + 0.5).rounded(.down)
        default: (place - 0.5).rounded(.up)
        }
    }
}
