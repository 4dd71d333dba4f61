import IR

extension GradientTable {
    /// Operators that move elements about: their gradients move them back, and add up where one went to several places.
    static let movements: [OperatorName: Row] = [
        "Transpose": { b in
            try b.give {
                let rank = try b.input(0).rank
                let order = try b.node.node.optionalInts("perm") ?? (0..<rank).reversed()
                let inverse = order.indices.sorted { order[$0] < order[$1] }
                let gradient = try b.gradient()
                return try gradient.rank == 0 ? gradient : b.rankedGradient().transposedIfNeeded(inverse)
            }
        },
        "Concat": { b in
            let axis = try b.node.axis(rank: b.output().rank)
            var offset = 0
            for index in b.node.inputs.indices {
                let length = try b.input(index).lengths[axis]
                let start = offset
                offset += length
                try b.give(index) {
                    let gradient = try b.rankedGradient()
                    return try gradient.lengths[axis] == 1
                        ? gradient : gradient.sliced(axis: axis, from: start, to: start + length)
                }
            }
        },
        "Split": { b in
            try b.give {
                let parts = try b.outputs.indices.map { index -> GraphBuilder.Term in
                    guard b.gradients[index] == nil else { return try b.fullGradient(index) }
                    guard let output = b.outputs[index] else {
                        throw HarrierError("Split has a gradient only where all of its parts are named")
                    }
                    return try output.zeros(output.lengths)
                }
                let axis = try b.node.int("axis")
                return try b.builder.apply("Concat", parts, ["axis": .int(axis)])
            }
        },
        "Slice": { b in
            try b.give {
                let lengths = try b.input(0).lengths
                var gradient = try b.fullGradient()
                var (begin, steps) = (lengths.map { _ in 0 }, lengths.map { _ in 1 })
                for range in try SliceRange.ranges(of: b.node, lengths: lengths) {
                    let count = try gradient.lengths[range.axis]
                    guard count > 0 else { return try gradient.zeros(lengths) }
                    if range.step < 0 { gradient = try gradient.reversed(axis: range.axis) }
                    begin[range.axis] = range.step < 0 ? range.start + (count - 1) * range.step : range.start
                    steps[range.axis] = abs(range.step)
                }
                return try gradient.placed(begin: begin, steps: steps, in: lengths)
            }
        },
        "Pad": { b in
            try b.give {
                let lengths = try b.input(0).lengths
                let pads = try b.node.pads(rank: lengths.count)
                return try b.fullGradient().padded(begin: pads.begin.map { -$0 }, end: pads.end.map { -$0 })
            }
        },
        "Expand": { b in try b.giveSummed { try b.gradient() } },
        "Tile": { b in
            try b.give {
                let (input, output) = (try b.input(0).lengths, try b.output().lengths)
                let split = input.indices.flatMap { [input[$0] == 0 ? 1 : output[$0] / input[$0], input[$0]] }
                return try b.fullGradient().reshaped(split)
                    .reduced("ReduceSum", axes: input.indices.map { 2 * $0 }, keepsAxes: false)
            }
        },
        "Trilu": { b in
            try b.give {
                try b.fullGradient().apply("Trilu", b.node.optionalInput(1), attributes: b.node.node.attributes)
            }
        },
        "SpaceToDepth": { b in
            try b.give {
                try b.fullGradient().apply("DepthToSpace", attributes: ["blocksize": .int(try b.node.int("blocksize"))])
            }
        },
        "DepthToSpace": { b in try b.give { try spaceToDepth(b) } },
    ]

    /// Both orders of DepthToSpace, taken back: the blocks of columns and rows become channels in front or behind.
    private static func spaceToDepth(_ b: Backward) throws -> GraphBuilder.Term {
        let block = try b.node.int("blocksize")
        let gradient = try b.fullGradient()
        if try b.node.node.string("mode") == "DCR" {
            return try gradient.apply("SpaceToDepth", attributes: ["blocksize": .int(block)])
        }
        let lengths = try gradient.lengths
        return
            try gradient
            .reshaped([lengths[0], lengths[1], lengths[2] / block, block, lengths[3] / block, block])
            .transposed([0, 1, 3, 5, 2, 4])
            .reshaped(b.input(0).lengths)
    }
}

/// What a Slice takes of one axis.
struct SliceRange {
    let axis: Int
    /// The first element taken.
    let start: Int
    let step: Int

    /// The axes that a node cuts, with ONNX's rules for what lies outside.
    static func ranges(of node: NodeContext, lengths: [Int]) throws -> [SliceRange] {
        func list(_ index: Int) throws -> [Int]? {
            guard let term = node.optionalInput(index) else { return nil }
            guard let tensor = term.value.knownTensor else {
                throw HarrierError("Slice has a gradient only for known starts, axes and steps")
            }
            return try tensor.integers()
        }
        let starts = try list(1) ?? []
        let axes = try list(3) ?? Array(starts.indices)
        let steps = try list(4) ?? starts.map { _ in 1 }
        return starts.indices.map { index in
            let axis = axes[index] < 0 ? axes[index] + lengths.count : axes[index]
            let length = lengths[axis]
            let start = starts[index] < 0 ? starts[index] + length : starts[index]
            let last = steps[index] < 0 ? length - 1 : length
            // A step over the whole axis takes one element, however long it is.
            let step = min(max(steps[index], -length - 1), length + 1)
            return SliceRange(axis: axis, start: min(max(start, 0), last), step: step)
        }
    }
}

extension NodeContext {
    /// The numbers of elements that a Pad adds, for all axes.
    func pads(rank: Int) throws -> (begin: [Int], end: [Int]) {
        func list(_ index: Int) throws -> [Int]? {
            guard let term = optionalInput(index) else { return nil }
            guard let tensor = term.value.knownTensor else {
                throw HarrierError("the pads of \(node.op) are not known")
            }
            return try tensor.integers()
        }
        let pads = try list(1) ?? []
        let axes = try list(3) ?? Array(0..<rank)
        var (begin, end) = (Array(repeating: 0, count: rank), Array(repeating: 0, count: rank))
        let bounds = -TensorType.maximumElementCount...TensorType.maximumElementCount
        guard pads.count == 2 * axes.count, pads.allSatisfy(bounds.contains) else {
            throw HarrierError("\(node.op) cannot pad by \(pads)")
        }
        for (index, axis) in axes.enumerated() {
            let axis = axis < 0 ? axis + rank : axis
            (begin[axis], end[axis]) = (pads[index], pads[axes.count + index])
        }
        return (begin, end)
    }
}
