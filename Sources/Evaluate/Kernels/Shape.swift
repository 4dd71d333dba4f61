import IR

/// Shapes as values, and the same elements in another shape.
let shapeKernels: [KernelRow] = [
    KernelRow("Shape") { try shapeOutput(of: $0.node, shape: try $0.input(0).shape) },
    KernelRow("Size") { try shapeOutput(of: $0.node, shape: try $0.input(0).shape) },
    KernelRow("Reshape", reshape),
    KernelRow("Flatten") { call in
        let input = try call.input(0)
        let axis = try call.node.int("axis")
        guard axis >= -input.rank && axis <= input.rank else {
            throw HarrierError("there is no axis \(axis) in a tensor of rank \(input.rank)")
        }
        let cut = axis < 0 ? axis + input.rank : axis
        return try input.reshaped([input.shape[..<cut].reduce(1, *), input.shape[cut...].reduce(1, *)])
    },
    KernelRow("Squeeze") { call in
        let input = try call.input(0)
        let axes = try call.reductionAxes(rank: input.rank) ?? input.shape.indices.filter { input.shape[$0] == 1 }
        for axis in axes where input.shape[axis] != 1 {
            throw HarrierError("axis \(axis) of shape \(input.shape) is not of length 1")
        }
        return try input.reshaped(input.shape.indices.filter { !axes.contains($0) }.map { input.shape[$0] })
    },
    KernelRow("Unsqueeze") { call in
        let input = try call.input(0)
        guard let raw = try call.integers(1) ?? call.node.optionalInts("axes") else {
            throw HarrierError("Unsqueeze lacks its axes")
        }
        let axes = try normalizedAxes(raw, rank: input.rank + raw.count)
        var rest = input.shape[...]
        return try input.reshaped(
            (0..<input.rank + raw.count).map { axes.contains($0) ? 1 : rest.removeFirst() })
    },
]

/// What Shape and Size give for an operand of that shape.
func shapeOutput(of node: Node, shape: [Int]) throws -> NumericArray {
    if node.op == "Size" {
        return NumericArray(unchecked: .int64, [], .integers([Int64(shape.saturatingProduct())]))
    }
    func bound(_ value: Int) -> Int { min(max(value < 0 ? value + shape.count : value, 0), shape.count) }
    let start = bound(try node.int("start"))
    let end = bound(try node.optionalInt("end") ?? shape.count)
    let lengths = start < end ? shape[start..<end].map { Int64($0) } : []
    return NumericArray(unchecked: .int64, [lengths.count], .integers(lengths))
}

/// In the new shape a 0 keeps the axis (unless `allowzero`), and one -1 takes what is left.
private func reshape(_ call: Call) throws -> NumericArray {
    let input = try call.input(0)
    guard var shape = try call.integers(1) else { throw HarrierError("Reshape lacks its shape") }
    if try !call.node.flag("allowzero") {
        for axis in shape.indices where shape[axis] == 0 {
            guard axis < input.rank else {
                throw HarrierError("the shape \(shape) copies axis \(axis) of \(input.shape)")
            }
            shape[axis] = input.shape[axis]
        }
    }
    let open = shape.indices.filter { shape[$0] == -1 }
    if let axis = open.first {
        guard open.count == 1 else { throw HarrierError("the shape \(shape) leaves more than one axis open") }
        shape[axis] = 1
        let known = try checkedCount(shape)
        guard known > 0, input.count % known == 0 else {
            throw HarrierError("\(input.count) elements of shape \(input.shape) do not fill the shape \(shape)")
        }
        shape[axis] = input.count / known
    }
    return try input.reshaped(shape)
}
