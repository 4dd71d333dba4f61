import IR

/// Operators that make tensors out of shapes and numbers. Those that draw random numbers are not supported.
let generatorKernels: [KernelRow] = [
    KernelRow("Constant") { call in
        for (name, attribute) in call.node.attributes {
            switch (name, attribute) {
            case ("value", .tensor(let tensor)): return try NumericArray(tensor, precision: call.precision)
            case ("value_float", .float(let value)): return try call.result([Double(value)], shape: [], type: .float32)
            case ("value_floats", .floats(let values)):
                return try call.result(values.map { Double($0) }, shape: [values.count], type: .float32)
            case ("value_int", .int(let value)): return try call.result([Int64(value)], shape: [], type: .int64)
            case ("value_ints", .ints(let values)):
                return try call.result(values.map { Int64($0) }, shape: [values.count], type: .int64)
            case ("value_string", .string(let value)):
                return try NumericArray(.string, shape: [], storage: .strings([value]))
            case ("value_strings", .strings(let values)):
                return try NumericArray(.string, shape: [values.count], storage: .strings(values))
            default: continue
            }
        }
        throw HarrierError("Constant without a value that Harrier understands")
    },
    KernelRow("ConstantOfShape") { call in
        guard let shape = try call.integers(0) else { throw HarrierError("ConstantOfShape lacks its shape") }
        let count = try checkedCount(shape)
        var value = NumericArray(unchecked: .float32, [1], .doubles([0]))
        if case .tensor(let tensor)? = call.node.attributes["value"] { value = try NumericArray(tensor) }
        guard value.count == 1 else { throw HarrierError("attribute 'value' of ConstantOfShape must have one element") }
        return try value.rearranged(BlockCopy(starts: Array(repeating: 0, count: count), length: 1), shape: shape)
    },
    KernelRow("Range") { call in
        let type = try call.input(0).elementType
        guard let start = try call.number(0), let limit = try call.number(1), let step = try call.number(2), step != 0
        else { throw HarrierError("Range needs a start, a limit and a step that is not 0") }
        let length = ((limit - start) / step).rounded(.up)
        guard !length.isNaN, length <= Double(NumericArray.maximumCount) else {
            throw HarrierError("a range from \(start) to \(limit) in steps of \(step) is too long")
        }
        let count = Int(max(0, length))
        guard !type.isFloatingPoint else {
            return try call.result((0..<count).map { start + Double($0) * step }, shape: [count], type: type)
        }
        let (first, delta) = (try call.input(0).integers()[0], try call.input(2).integers()[0])
        return try call.result((0..<count).map { first &+ Int64($0) &* delta }, shape: [count], type: type)
    },
    KernelRow("EyeLike") { call in
        let input = try call.input(0)
        guard input.rank == 2 else { throw HarrierError("EyeLike needs a matrix") }
        let number = try call.node.optionalInt("dtype") ?? input.elementType.rawValue
        guard let type = ElementType(rawValue: number) else { throw HarrierError("\(number) is not an element type") }
        let shift = try call.node.int("k")
        let columns = input.shape[1]
        let ones = (0..<input.count).map { $0 % columns == ($0 / columns).addingReportingOverflow(shift).partialValue }
        return type.isFloatingPoint
            ? try call.result(ones.map { $0 ? 1.0 : 0 }, shape: input.shape, type: type)
            : try call.result(ones.map { $0 ? Int64(1) : 0 }, shape: input.shape, type: type)
    },
    KernelRow("OneHot") { call in
        let (indices, values) = (try call.input(0), try call.input(2))
        guard let depth = try call.number(1).map({ Int64(saturating: $0) }), depth >= 0, values.count == 2 else {
            throw HarrierError("OneHot needs a depth of one element and two values")
        }
        let axis = try call.axis(call.node.int("axis"), rank: indices.rank + 1)
        var shape = indices.shape
        shape.insert(Int(min(depth, 1 << 40)), at: axis)
        _ = try checkedCount(shape)
        let inner = indices.shape[axis...].reduce(1, *)
        let hot = try indices.doubles().map { index in
            let whole = Int64(saturating: index)
            return whole < 0 ? whole &+ depth : whole
        }
        var starts: [Int] = []
        for outer in 0..<indices.shape[..<axis].reduce(1, *) {
            for level in 0..<depth {
                for position in 0..<inner { starts.append(hot[outer * inner + position] == level ? 1 : 0) }
            }
        }
        return try values.rearranged(BlockCopy(starts: starts, length: 1), shape: shape)
    },
]
