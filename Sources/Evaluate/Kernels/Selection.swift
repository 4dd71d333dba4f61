import IR

/// Operators whose result depends on an order or on which elements are there.
let selectionKernels: [KernelRow] = [
    KernelRow(outputs: "TopK", topK),
    KernelRow("NonZero") { call in
        let input = try call.input(0)
        let strides = rowMajorStrides(input.shape)
        let places = try input.doubles().enumerated().filter { $1 != 0 }.map(\.offset)
        // A scalar is taken as a vector of one element.
        let axes = input.rank == 0 ? [(1, 1)] : Array(zip(strides, input.shape))
        let rows = axes.flatMap { stride, length in places.map { Int64($0 / stride % length) } }
        return try call.result(rows, shape: [axes.count, places.count], type: .int64)
    },
    KernelRow(outputs: "Unique", unique),
    KernelRow("Trilu") { call in
        let input = try call.input(0)
        guard input.rank >= 2 else { throw HarrierError("Trilu needs a matrix, not shape \(input.shape)") }
        let (height, width) = (input.shape[input.rank - 2], input.shape[input.rank - 1])
        let shift = min(max(try call.integer(1) ?? 0, -height - 1), width + 1)
        let keepsUpper = try call.node.flag("upper")
        let offsets = (0..<input.count).map { place in
            let diagonal = place % width - place / width % height
            return (keepsUpper ? diagonal >= shift : diagonal <= shift) ? place : -1
        }
        return try NumericArray.rearranged(
            [input, zero(like: input)], FillingCopy(offsets: offsets), shape: input.shape)
    },
    KernelRow("ReverseSequence", reverseSequence),
    KernelRow("TensorScatter", tensorScatter),
    KernelRow("NonMaxSuppression", nonMaxSuppression),
]

/// Outputs: the largest (or smallest) elements along an axis, and where they were; of equal ones the earlier comes first.
private func topK(_ call: Call) throws -> [NumericArray?] {
    let input = try call.input(0)
    let axis = try call.axis(call.node.int("axis"), rank: input.rank)
    let takesLargest = try call.node.flag("largest")
    guard let k = try call.integer(1), k >= 0, k <= input.shape[axis] else {
        throw HarrierError("TopK asks for more elements than the axis of length \(input.shape[axis]) has")
    }
    let rows = try Rows(input, axes: [axis])
    let keys = try rows.array.doubles()
    let exact: [Int64]? = if case .integers(let values) = rows.array.storage { values } else { nil }
    let type = input.elementType
    var places: [Int] = []
    for row in 0..<rows.count {
        let range = Array(row * rows.length..<(row + 1) * rows.length)
        let sorted = range.sorted { one, two in
            if let exact {
                if exact[one] == exact[two] { return one < two }
                return isLess(exact[one], exact[two], type) != takesLargest
            }
            if keys[one].isNaN != keys[two].isNaN { return keys[one].isNaN == takesLargest }
            if keys[one] == keys[two] || keys[one].isNaN { return one < two }
            return (keys[one] > keys[two]) == takesLargest
        }
        places += sorted.prefix(k)
    }
    let shape = rows.outerShape + [k]
    let values = try rows.array.rearranged(BlockCopy(starts: places, length: 1), shape: shape)
    let indices = try call.result(places.map { Int64($0 % max(1, rows.length)) }, shape: shape, type: .int64)
    return [try rows.restored(values), try rows.restored(indices)]
}

/// Outputs: the distinct elements (or slices along an axis), where each first was, which one each was, and how often it was there.
private func unique(_ call: Call) throws -> [NumericArray?] {
    var input = try call.input(0)
    let axis = try call.node.optionalInt("axis").map { try call.axis($0, rank: input.rank) }
    if axis == nil { input = try input.reshaped([input.count]) }
    let length = input.shape[axis ?? 0]
    let slices = try (0..<length).map { try pick(input, axis: axis ?? 0, [$0], shape: []) }
    let keys: [[Double]]
    let texts: [[String]]
    if case .strings = input.storage {
        (keys, texts) = (slices.map { _ in [] }, try slices.map { try $0.strings() })
    } else {
        (keys, texts) = (try slices.map { try $0.doubles() }, slices.map { _ in [] })
    }
    struct Key: Hashable {
        var numbers: [Double]
        var texts: [String]
    }
    var (first, members, order) = ([Key: Int](), [Int](), [Int]())
    for index in 0..<length {
        let key = Key(numbers: keys[index], texts: texts[index])
        if first[key] == nil {
            first[key] = index
            order.append(index)
        }
        members.append(first[key]!)
    }
    if try call.node.flag("sorted") {
        order.sort { one, two in
            if keys[one] != keys[two] { return keys[one].lexicographicallyPrecedes(keys[two]) }
            return texts[one].lexicographicallyPrecedes(texts[two])
        }
    }
    let positions = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    var counts = [Int64](repeating: 0, count: order.count)
    for member in members { counts[positions[member]!] += 1 }
    return [
        try pick(input, axis: axis ?? 0, order, shape: [order.count]),
        try call.result(order.map { Int64($0) }, shape: [order.count], type: .int64),
        try call.result(members.map { Int64(positions[$0]!) }, shape: [length], type: .int64),
        try call.result(counts, shape: [order.count], type: .int64),
    ]
}

private func reverseSequence(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    let time = try call.axis(call.node.int("time_axis"), rank: input.rank)
    let batch = try call.axis(call.node.int("batch_axis"), rank: input.rank)
    let lengths = try call.integers(1) ?? []
    guard time != batch, lengths.count == input.shape[batch], lengths.allSatisfy({ $0 >= 0 && $0 <= input.shape[time] })
    else { throw HarrierError("lengths of ReverseSequence that do not fit its input of shape \(input.shape)") }
    let strides = rowMajorStrides(input.shape)
    let starts = (0..<input.count).map { place in
        let length = lengths[place / strides[batch] % input.shape[batch]]
        let step = place / strides[time] % input.shape[time]
        return step < length ? place + (length - 1 - 2 * step) * strides[time] : place
    }
    return try input.rearranged(BlockCopy(starts: starts, length: 1), shape: input.shape)
}

/// A cache [batch, ..., steps, ...] with new steps written from a position on that each entry of the batch has.
private func tensorScatter(_ call: Call) throws -> NumericArray {
    let (cache, update) = (try call.input(0), try call.input(1))
    let axis = try call.axis(call.node.int("axis"), rank: cache.rank)
    let isCircular = try call.node.choice("mode", of: ["linear", "circular"]) == "circular"
    guard axis > 0, update.rank == cache.rank else { throw HarrierError("TensorScatter along the batch axis") }
    for other in cache.shape.indices where other != axis && cache.shape[other] != update.shape[other] {
        throw HarrierError("updates of shape \(update.shape) for a tensor of shape \(cache.shape)")
    }
    let (steps, batch) = (cache.shape[axis], cache.shape[0])
    let starts = try call.integers(2) ?? Array(repeating: 0, count: batch)
    guard starts.count == batch, starts.allSatisfy({ $0 >= 0 && $0 <= steps }) else {
        throw HarrierError("positions of TensorScatter that do not fit its input of shape \(cache.shape)")
    }
    let inner = cache.shape[(axis + 1)...].reduce(1, *)
    let blocks = cache.shape[1..<axis].reduce(1, *)
    var offsets = Array(0..<cache.count)
    for row in 0..<batch * blocks {
        for step in 0..<update.shape[axis] {
            var target = starts[row / blocks] + step
            if isCircular { target %= max(1, steps) }
            guard target < steps else { throw HarrierError("TensorScatter writes beyond its \(steps) steps") }
            for position in 0..<inner {
                offsets[(row * steps + target) * inner + position] =
                    cache.count + (row * update.shape[axis] + step) * inner + position
            }
        }
    }
    let both = try concatenate([cache.reshaped([cache.count]), update.reshaped([update.count])], axis: 0)
    return try both.rearranged(BlockCopy(starts: offsets, length: 1), shape: cache.shape)
}
