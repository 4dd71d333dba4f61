import IR

/// Operators that pick or place elements by index.
let indexingKernels: [KernelRow] = [
    KernelRow("Gather", gather),
    KernelRow("GatherElements") { call in
        let (data, indices) = (try call.input(0), try call.input(1))
        let axis = try call.axis(call.node.int("axis"), rank: data.rank)
        return try data.rearranged(
            BlockCopy(starts: elementOffsets(of: indices, in: data.shape, axis: axis), length: 1), shape: indices.shape)
    },
    KernelRow("GatherND", gatherND),
    KernelRow("Compress") { call in
        let input = try call.input(0)
        let keeps = try call.input(1).integers().enumerated().filter { $1 != 0 }.map(\.offset)
        guard let raw = try call.node.optionalInt("axis") else {
            return try input.rearranged(BlockCopy(starts: keeps, length: 1), shape: [keeps.count])
        }
        return try pick(input, axis: call.axis(raw, rank: input.rank), keeps, shape: [keeps.count])
    },
    KernelRow("ScatterElements") { call in
        let (data, indices, updates) = (try call.input(0), try call.input(1), try call.input(2))
        let axis = try call.axis(call.node.int("axis"), rank: data.rank)
        guard indices.shape == updates.shape else {
            throw HarrierError("updates of shape \(updates.shape) for indices of shape \(indices.shape)")
        }
        return try scatter(call, offsets: elementOffsets(of: indices, in: data.shape, axis: axis), length: 1)
    },
    KernelRow("ScatterND") { call in
        let (data, indices, updates) = (try call.input(0), try call.input(1), try call.input(2))
        let slices = try sliceOffsets(of: indices, in: data.shape, batchAxes: 0)
        guard updates.shape == slices.shape else {
            throw HarrierError("updates of shape \(updates.shape) where indices ask for \(slices.shape)")
        }
        return try scatter(call, offsets: slices.starts, length: slices.length)
    },
]

/// An index counted from the front.
///
/// - Throws: ``HarrierError`` if it is out of range.
func normalizedIndex(_ index: Int64, length: Int) throws -> Int {
    guard index >= -Int64(length) && index < Int64(length) else {
        throw HarrierError("index \(index) is out of range for an axis of length \(length)")
    }
    return index < 0 ? Int(index) + length : Int(index)
}

private func gather(_ call: Call) throws -> NumericArray {
    let (data, indices) = (try call.input(0), try call.input(1))
    let axis = try call.axis(call.node.int("axis"), rank: data.rank)
    let positions = try indices.integers().map { try normalizedIndex($0, length: data.shape[axis]) }
    return try pick(data, axis: axis, positions, shape: indices.shape)
}

/// The slices at some positions of an axis, which is replaced by axes of the given shape.
func pick(_ data: NumericArray, axis: Int, _ positions: [Int], shape: [Int]) throws -> NumericArray {
    let result = Array(data.shape[..<axis]) + shape + Array(data.shape[(axis + 1)...])
    _ = try checkedCount(result)
    guard positions.allSatisfy({ $0 < data.shape[axis] }) else {
        throw HarrierError("more conditions than the axis of length \(data.shape[axis]) has slices")
    }
    let (outer, inner) = (data.shape[..<axis].reduce(1, *), data.shape[(axis + 1)...].reduce(1, *))
    let step = data.shape[axis] * inner
    let starts = (0..<outer).flatMap { block in positions.map { block * step + $0 * inner } }
    return try data.rearranged(BlockCopy(starts: starts, length: inner), shape: result)
}

/// For every index the offset of the element of `shape` that has the same position, but that index along the axis.
private func elementOffsets(of indices: NumericArray, in shape: [Int], axis: Int) throws -> [Int] {
    guard indices.rank == shape.count else {
        throw HarrierError("indices of shape \(indices.shape) for a tensor of shape \(shape)")
    }
    for other in shape.indices where other != axis && indices.shape[other] > shape[other] {
        throw HarrierError("indices of shape \(indices.shape) go beyond a tensor of shape \(shape)")
    }
    var strides = rowMajorStrides(shape)
    let step = strides[axis]
    strides[axis] = 0
    let values = try indices.integers()
    var (offsets, next) = ([Int](), 0)
    offsets.reserveCapacity(values.count)
    var failure: HarrierError?
    let loop = StridedLoop(shape: indices.shape, strides: [strides], offsets: [0])
    guard !values.isEmpty else { return [] }
    loop.forEachRow { _, start in
        for position in 0..<loop.rowLength where failure == nil {
            do {
                let index = try normalizedIndex(values[next], length: shape[axis])
                offsets.append(start[0] + position * loop.rowStrides[0] + index * step)
            } catch {
                failure = error as? HarrierError
            }
            next += 1
        }
    }
    if let failure { throw failure }
    return offsets
}

/// Slices of a tensor that rows of indices point at.
struct Slices {
    /// Where each starts.
    var starts: [Int]
    /// Elements of one.
    var length: Int
    /// The shape of all of them together.
    var shape: [Int]
}

/// The slices of a tensor of `shape` that the last axis of `indices` points at, behind common batch axes.
func sliceOffsets(of indices: NumericArray, in shape: [Int], batchAxes: Int) throws -> Slices {
    guard let depth = indices.shape.last, batchAxes >= 0, batchAxes < indices.rank, batchAxes + depth <= shape.count,
        indices.shape.prefix(batchAxes) == shape.prefix(batchAxes)
    else { throw HarrierError("indices of shape \(indices.shape) do not point into a tensor of shape \(shape)") }
    let strides = rowMajorStrides(shape)
    let count = indices.shape.dropLast().reduce(1, *)
    let batch = shape.prefix(batchAxes).reduce(1, *)
    let inner = shape[batchAxes...].reduce(1, *)
    let values = try indices.integers()
    let starts = try (0..<count).map { row in
        try (0..<depth).reduce(row / max(1, count / max(1, batch)) * inner) { offset, position in
            let axis = batchAxes + position
            return offset + (try normalizedIndex(values[row * depth + position], length: shape[axis])) * strides[axis]
        }
    }
    let rest = Array(shape[(batchAxes + depth)...])
    return Slices(starts: starts, length: rest.reduce(1, *), shape: indices.shape.dropLast() + rest)
}

private func gatherND(_ call: Call) throws -> NumericArray {
    let data = try call.input(0)
    let slices = try sliceOffsets(
        of: call.input(1), in: data.shape, batchAxes: call.node.int("batch_dims"))
    return try data.rearranged(BlockCopy(starts: slices.starts, length: slices.length), shape: slices.shape)
}

/// The first operand with runs of the third put, or added, multiplied and so on, at the given offsets.
private func scatter(_ call: Call, offsets: [Int], length: Int) throws -> NumericArray {
    let (data, updates) = (try call.input(0), try call.input(2))
    let reduction = try call.node.choice("reduction", of: ["none", "add", "mul", "max", "min"])
    guard reduction != "none" else {
        return try NumericArray.rearranged(
            [data, updates], Placing(offsets: offsets, length: length), shape: data.shape)
    }
    let places = offsets.flatMap { start in start..<start + length }
    guard data.elementType == updates.elementType else {
        throw HarrierError("operands of types \(data.kindName) and \(updates.kindName) do not go together")
    }
    if case .integers(var values) = data.storage {
        for (place, update) in zip(places, try updates.integers()) {
            let old = values[place]
            values[place] =
                switch reduction {
                case "add": old &+ update
                case "mul": old &* update
                case "max": isLess(old, update, data.elementType) ? update : old
                default: isLess(update, old, data.elementType) ? update : old
                }
        }
        return try call.result(values, shape: data.shape, type: data.elementType)
    }
    var values = try data.doubles()
    for (place, update) in zip(places, try updates.doubles()) {
        let old = values[place]
        values[place] =
            switch reduction {
            case "add": old + update
            case "mul": old * update
            case "max": Swift.max(old, update)
            default: Swift.min(old, update)
            }
    }
    return try call.result(values, shape: data.shape, type: data.elementType)
}

/// The first source with runs of the second in places of it.
private struct Placing: Rearrangement {
    var offsets: [Int]
    var length: Int

    func apply<Element>(_ sources: [[Element]]) -> [Element] {
        var result = sources[0]
        for (index, offset) in offsets.enumerated() {
            for position in 0..<length { result[offset + position] = sources[1][index * length + position] }
        }
        return result
    }
}
