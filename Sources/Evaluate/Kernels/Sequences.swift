import IR

/// Sequences and optionals. An optional that is there is stored as its element, one that is not as an empty sequence.
let sequenceKernels: [KernelRow] = [
    KernelRow("SequenceConstruct") { NumericArray.sequence(try $0.allInputs()) },
    KernelRow("SequenceEmpty") { _ in NumericArray.sequence([]) },
    KernelRow("SequenceLength") { call in
        let count = Int64(try call.input(0).elements().count)
        return try call.result([count], shape: [], type: .int64)
    },
    KernelRow("SequenceAt") { call in
        let elements = try call.input(0).elements()
        return elements[try call.position(1, count: elements.count)]
    },
    KernelRow("SequenceInsert") { call in
        var elements = try call.input(0).elements()
        let position = call.optional(2) == nil ? elements.count : try call.position(2, count: elements.count, end: true)
        elements.insert(try call.input(1), at: position)
        return NumericArray.sequence(elements)
    },
    KernelRow("SequenceErase") { call in
        var elements = try call.input(0).elements()
        guard !elements.isEmpty else { throw HarrierError("SequenceErase of an empty sequence") }
        let last = call.optional(1) == nil
        elements.remove(at: last ? elements.count - 1 : try call.position(1, count: elements.count))
        return NumericArray.sequence(elements)
    },
    KernelRow("SplitToSequence", splitToSequence),
    KernelRow("ConcatFromSequence") { call in
        let elements = try call.input(0).elements()
        let axis = try call.node.int("axis")
        if try call.node.flag("new_axis") { return try stack(elements, axis: axis) }
        return try concatenate(elements, axis: axis)
    },
    KernelRow("Optional") { $0.optional(0) ?? NumericArray.sequence([]) },
    KernelRow("OptionalHasElement") { call in
        let isThere = call.optional(0).map { $0.storage != .sequence([]) } ?? false
        return try call.result([isThere], shape: [])
    },
    KernelRow("OptionalGetElement") { call in
        let element = try call.input(0)
        guard element.storage != .sequence([]) else { throw HarrierError("OptionalGetElement of an empty optional") }
        return element
    },
]

extension NumericArray {
    /// A sequence of arrays.
    static func sequence(_ elements: [NumericArray]) -> NumericArray {
        NumericArray(unchecked: elements.first?.elementType ?? .float32, [], .sequence(elements))
    }

    /// The elements of a sequence.
    func elements() throws -> [NumericArray] {
        guard case .sequence(let elements) = storage else { throw HarrierError("expects a sequence, not a tensor") }
        return elements
    }
}

extension Call {
    /// A position in a sequence, counted from the end if negative; the end itself only if allowed.
    fileprivate func position(_ index: Int, count: Int, end: Bool = false) throws -> Int {
        guard let raw = try integer(index) else { throw HarrierError("\(node.op) lacks its input \(index)") }
        let position = raw < 0 ? raw &+ count : raw
        guard position >= 0 && (position < count || (end && position == count)) else {
            throw HarrierError("position \(raw) is out of range for a sequence of \(count)")
        }
        return position
    }
}

private func splitToSequence(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    let axis = try call.axis(call.node.int("axis"), rank: input.rank)
    let length = input.shape[axis]
    var lengths = [Int](repeating: 1, count: length)
    if let split = call.optional(1), split.rank == 0 {
        guard let part = try call.integer(1), part > 0 else {
            throw HarrierError("SplitToSequence into parts of no length")
        }
        lengths = stride(from: 0, to: length, by: part).map { min(part, length - $0) }
    } else if let given = try call.integers(1) {
        lengths = given
    }
    guard lengths.allSatisfy({ $0 >= 0 && $0 <= length }), lengths.reduce(0, +) == length else {
        throw HarrierError("parts of lengths \(lengths) do not make up an axis of length \(length)")
    }
    let parts = try splitting(input, axis: axis, lengths: lengths)
    guard call.optional(1) == nil, try !call.node.flag("keepdims") else {
        return NumericArray.sequence(parts)
    }
    return NumericArray.sequence(
        try parts.map { part in
            var shape = part.shape
            shape.remove(at: axis)
            return try part.reshaped(shape)
        })
}
