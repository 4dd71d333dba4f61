import IR

/// Operators that move elements about by position.
let movementKernels: [KernelRow] = [
    KernelRow("Transpose") { call in
        let input = try call.input(0)
        let permutation = try call.node.optionalInts("perm") ?? input.shape.indices.reversed()
        guard permutation.sorted() == Array(input.shape.indices) else {
            throw HarrierError("\(permutation) is not an order of the axes of \(input.shape)")
        }
        return try input.transposed(permutation)
    },
    KernelRow("Concat", concatenate),
    KernelRow(outputs: "Split", split),
    KernelRow("Slice", slice),
    KernelRow("Expand") { call in
        let input = try call.input(0)
        guard let shape = try call.integers(1) else { throw HarrierError("Expand lacks its shape") }
        _ = try checkedCount(shape)
        return try input.broadcast(to: broadcast([input.shape, shape]))
    },
    KernelRow("Tile", tile),
    KernelRow("Pad", pad),
    KernelRow("DepthToSpace") { call in
        let (input, block) = try blocks(call)
        let (n, c, h, w) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3])
        guard c % (block * block) == 0 else { throw HarrierError("\(c) channels do not split into blocks of \(block)") }
        let depth = c / (block * block)
        let isDepthFirst = try call.node.choice("mode", of: ["DCR", "CRD"]) == "DCR"
        let split = isDepthFirst ? [n, block, block, depth, h, w] : [n, depth, block, block, h, w]
        let order = isDepthFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]
        return try input.reshaped(split).transposed(order).reshaped([n, depth, h * block, w * block])
    },
    KernelRow("SpaceToDepth") { call in
        let (input, block) = try blocks(call)
        let (n, c, h, w) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3])
        guard h % block == 0, w % block == 0 else {
            throw HarrierError("a plane of \(h)×\(w) does not split into blocks of \(block)")
        }
        // The mode came after the version of the row; without it, depth comes first.
        let order = try call.node.optionalString("mode") == "CRD" ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]
        return try input.reshaped([n, c, h / block, block, w / block, block]).transposed(order)
            .reshaped([n, c * block * block, h / block, w / block])
    },
]

/// The 4-dimensional operand and the block size of DepthToSpace and SpaceToDepth.
private func blocks(_ call: Call) throws -> (NumericArray, Int) {
    let input = try call.input(0)
    guard input.rank == 4, case let block = try call.node.int("blocksize"), block > 0, block < 1 << 20 else {
        throw HarrierError("\(call.node.op) needs an input of rank 4 and a positive attribute 'blocksize'")
    }
    return (input, block)
}

private func concatenate(_ call: Call) throws -> NumericArray {
    let axis = try call.node.int("axis")
    return try concatenate(try call.allInputs(), axis: axis)
}

/// Arrays joined along an axis that is there.
func concatenate(_ arrays: [NumericArray], axis: Int) throws -> NumericArray {
    guard let first = arrays.first else { throw HarrierError("nothing to join") }
    let axis = try normalizedAxis(axis, rank: first.rank)
    var shape = first.shape
    shape[axis] = 0
    for array in arrays {
        var rest = array.shape
        guard rest.count == shape.count else {
            throw HarrierError("tensors of shapes \(first.shape) and \(array.shape) cannot be joined")
        }
        shape[axis] += rest[axis]
        rest[axis] = first.shape[axis]
        guard rest == first.shape else {
            throw HarrierError(
                "tensors of shapes \(first.shape) and \(array.shape) cannot be joined along axis \(axis)")
        }
    }
    let joining = Joining(
        outer: shape[..<axis].reduce(1, *), lengths: arrays.map { $0.shape[axis...].reduce(1, *) })
    return try NumericArray.rearranged(arrays, joining, shape: shape)
}

private func split(_ call: Call) throws -> [NumericArray?] {
    let input = try call.input(0)
    let axis = try call.axis(call.node.int("axis"), rank: input.rank)
    let length = input.shape[axis]
    var lengths: [Int]
    if let given = try call.integers(1) {
        lengths = given
    } else {
        let parts = try call.node.optionalInt("num_outputs") ?? call.node.outputs.count
        guard parts > 0, parts <= max(1, call.node.outputs.count) else {
            throw HarrierError("Split into \(parts) parts")
        }
        let size = (length + parts - 1) / parts
        lengths = (0..<parts).map { max(0, min(size, length - $0 * size)) }
    }
    guard lengths.allSatisfy({ $0 >= 0 && $0 <= length }), lengths.reduce(0, +) == length else {
        throw HarrierError("parts of lengths \(lengths) do not make up an axis of length \(length)")
    }
    return try splitting(input, axis: axis, lengths: lengths)
}

/// The parts of an array along an axis. The caller guarantees that the lengths add up.
func splitting(_ input: NumericArray, axis: Int, lengths: [Int]) throws -> [NumericArray] {
    let strides = rowMajorStrides(input.shape)
    var start = 0
    return try lengths.map { part in
        var shape = input.shape
        shape[axis] = part
        defer { start += part }
        return try input.rearranged(
            StridedCopy(shape: shape, strides: strides, offset: start * strides[axis]), shape: shape)
    }
}

private func slice(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    guard let starts = try call.integers(1), let ends = try call.integers(2) else {
        throw HarrierError("Slice lacks its starts or ends")
    }
    let axes = try normalizedAxes(try call.integers(3) ?? Array(starts.indices), rank: input.rank)
    let steps = try call.integers(4) ?? Array(repeating: 1, count: starts.count)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
        throw HarrierError("starts, ends, axes and steps of Slice differ in number")
    }
    var (shape, strides, offset) = (input.shape, rowMajorStrides(input.shape), 0)
    for (position, axis) in axes.enumerated() {
        let (length, step) = (input.shape[axis], steps[position])
        guard step != 0, step != .min else { throw HarrierError("Slice with a step of \(step)") }
        func bound(_ value: Int, least: Int) -> Int {
            let index = value < 0 ? value &+ length : value
            return step > 0 ? min(max(index, 0), length) : min(max(index, least), length - 1)
        }
        // Going backwards, -1 is the place before the first element: a slice can end there, but not start.
        let start = bound(starts[position], least: length > 0 ? 0 : -1)
        let end = bound(ends[position], least: -1)
        let distance = step > 0 ? end - start : start - end
        shape[axis] = distance > 0 ? (distance - 1) / abs(step) + 1 : 0
        if shape[axis] > 0 {
            offset += start * strides[axis]
            // With one element the step does not matter and may be too large to multiply.
            strides[axis] = shape[axis] == 1 ? 1 : strides[axis] * step
        }
    }
    return try input.rearranged(StridedCopy(shape: shape, strides: strides, offset: offset), shape: shape)
}

/// Tiling is broadcasting along a new axis before each axis.
private func tile(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    guard let repeats = try call.integers(1), repeats.count == input.rank, repeats.allSatisfy({ $0 >= 0 }) else {
        throw HarrierError("Tile needs a number of repeats for each of the \(input.rank) axes")
    }
    let shape = try zip(input.shape, repeats).map { length, times in
        let (product, overflow) = length.multipliedReportingOverflow(by: times)
        guard !overflow else { throw HarrierError("the output of Tile is too large") }
        return product
    }
    _ = try checkedCount(shape)
    let strides = rowMajorStrides(input.shape)
    let copy = StridedCopy(
        shape: input.shape.indices.flatMap { [repeats[$0], input.shape[$0]] }, strides: strides.flatMap { [0, $0] })
    return try input.rearranged(copy, shape: shape)
}

func pad(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    let mode = try call.node.choice("mode", of: ["constant", "reflect", "edge", "wrap"])
    let axes = try normalizedAxes(try call.integers(3) ?? Array(input.shape.indices), rank: input.rank)
    guard let pads = try call.integers(1), pads.count == 2 * axes.count else {
        throw HarrierError("Pad needs two numbers for each of \(axes.count) axes")
    }
    guard pads.allSatisfy({ $0.magnitude <= NumericArray.maximumCount }) else {
        throw HarrierError("the output of Pad is too large")
    }
    var shape = input.shape
    // For each axis the input index that each output index reads; negative for the fill.
    var sources = input.shape.map { Array(0..<$0) }
    for (position, axis) in axes.enumerated() {
        let (before, length) = (pads[position], input.shape[axis])
        shape[axis] = length + before + pads[axes.count + position]
        guard shape[axis] >= 0 else { throw HarrierError("the pads of Pad cut away more than there is") }
        guard length > 0 || shape[axis] == 0 || mode == "constant" else { throw HarrierError("Pad of an empty axis") }
        _ = try checkedCount([shape[axis]])
        sources[axis] = (0..<shape[axis]).map { padSource($0 - before, length, mode) }
    }
    let count = try checkedCount(shape)
    let strides = rowMajorStrides(input.shape)
    var offsets = [0]
    offsets.reserveCapacity(count)
    for axis in shape.indices where count > 0 {
        offsets = offsets.flatMap { offset in
            sources[axis].map { $0 < 0 || offset < 0 ? -1 : offset + $0 * strides[axis] }
        }
    }
    if count == 0 { offsets = [] }
    let fill = call.optional(2) ?? zero(like: input)
    guard fill.count == 1 else { throw HarrierError("the fill of Pad must have one element") }
    return try NumericArray.rearranged([input, fill], FillingCopy(offsets: offsets), shape: shape)
}

/// The input index that is read for an index counted from the input's first; -1 for the fill.
private func padSource(_ index: Int, _ length: Int, _ mode: String) -> Int {
    if index >= 0 && index < length { return index }
    func modulo(_ value: Int, _ base: Int) -> Int { (value % base + base) % base }
    switch mode {
    case "edge": return index < 0 ? 0 : length - 1
    case "wrap": return modulo(index, length)
    case "reflect":
        if length == 1 { return 0 }
        let folded = modulo(index, 2 * length - 2)
        return folded < length ? folded : 2 * length - 2 - folded
    default: return -1
    }
}

/// One zero (or empty string) of an array's type.
func zero(like array: NumericArray) -> NumericArray {
    let storage: NumericArray.Storage =
        switch array.storage {
        case .doubles: .doubles([0])
        case .floats: .floats([0])
        case .integers: .integers([0])
        case .strings: .strings([""])
        case .sequence: .sequence([])
        }
    return NumericArray(unchecked: array.elementType, [], storage)
}
