import IR

/// Conversions to and from quantized numbers, and products of these.
let quantizationKernels: [KernelRow] = [
    KernelRow("QuantizeLinear") { call in
        let declared = ElementType(rawValue: try call.node.int("output_dtype"))
        let type = call.optional(2)?.elementType ?? declared ?? .uint8
        return try quantize(call, type: type)
    },
    KernelRow("DequantizeLinear") { call in
        let input = try call.input(0)
        let scale = try call.input(1)
        // The attribute came after the version of the row.
        let declared = try call.node.optionalInt("output_dtype").flatMap(ElementType.init(rawValue:))
        let type = declared ?? scale.elementType
        let scales = try spread(scale, over: input.shape, call.node).doubles()
        let zeros = try call.optional(2).map { try spread($0, over: input.shape, call.node).doubles() }
        let values = try input.doubles().enumerated().map { ($1 - (zeros?[$0] ?? 0)) * scales[$0] }
        return try call.result(values, shape: input.shape, type: type)
    },
    KernelRow(outputs: "DynamicQuantizeLinear", dynamicallyQuantize),
    KernelRow("MatMulInteger") { call in
        let (a, b) = (
            try centered(call.input(0), zero: call.optional(2), axis: -2),
            try centered(call.input(1), zero: call.optional(3), axis: -1)
        )
        let product = try matrixProduct(a, b)
        return try call.result(try product.integers(), shape: product.shape, type: .int32)
    },
    KernelRow("ConvInteger") { call in
        let convolved = try integerConvolution(
            call, try call.input(0), zero: call.optional(2), try call.input(1), zero: call.optional(3))
        return try call.result(convolved.doubles().map { Int64(saturating: $0) }, shape: convolved.shape, type: .int32)
    },
    KernelRow("QLinearMatMul") { call in
        let (a, b) = (
            try centered(call.input(0), zero: call.optional(2), axis: -2),
            try centered(call.input(3), zero: call.optional(5), axis: -1)
        )
        let product = try matrixProduct(a, b)
        let left = try aligned(call.input(1), axis: -2, rank: product.rank).broadcast(to: product.shape).doubles()
        let right = try aligned(call.input(4), axis: -1, rank: product.rank).broadcast(to: product.shape).doubles()
        let values = try product.integers().enumerated().map { Double($1) * left[$0] * right[$0] }
        return try requantize(call, values, shape: product.shape, scale: 6, zero: 7, axis: -1)
    },
    KernelRow("QLinearConv") { call in
        let convolved = try integerConvolution(
            call, try call.input(0), zero: call.optional(2), try call.input(3), zero: call.optional(5))
        let input = try call.number(1) ?? 1
        let weights = try aligned(call.input(4), axis: 1, rank: convolved.rank).broadcast(to: convolved.shape).doubles()
        let bias = try call.optional(8).map {
            try aligned($0, axis: 1, rank: convolved.rank).broadcast(to: convolved.shape).doubles()
        }
        let values = try convolved.doubles().enumerated().map { ($1 + (bias?[$0] ?? 0)) * input * weights[$0] }
        return try requantize(call, values, shape: convolved.shape, scale: 6, zero: 7, axis: 1)
    },
]

/// The least and greatest number of an integer type, as far as 64-bit floating-point numbers go.
func integerRange(_ type: ElementType) throws -> ClosedRange<Double> {
    guard type.isInteger, let width = type.bitWidth else {
        throw HarrierError("cannot quantize to \(type.onnxName)")
    }
    switch type {
    case .uint2, .uint4, .uint8, .uint16, .uint32, .uint64:
        return 0...(Double(sign: .plus, exponent: width, significand: 1) - 1)
    default:
        let half = Double(sign: .plus, exponent: width - 1, significand: 1)
        return -half...(half - 1)
    }
}

/// A parameter of one element, of one for each index of an axis, or of one for each block along an axis, as an array of `shape`.
private func spread(_ parameter: NumericArray, over shape: [Int], _ node: Node) throws -> NumericArray {
    if parameter.count == 1 && parameter.rank <= 1 { return try parameter.reshaped([]).broadcast(to: shape) }
    let axis = try normalizedAxis(try node.int("axis"), rank: shape.count)
    if parameter.rank == 1 {
        return try aligned(parameter, axis: axis, rank: shape.count).broadcast(to: shape)
    }
    let block = try node.int("block_size")
    guard parameter.rank == shape.count, block > 0 else {
        throw HarrierError("a scale of shape \(parameter.shape) for a tensor of shape \(shape)")
    }
    let positions = (0..<shape[axis]).map { $0 / block }
    let result = try pick(parameter, axis: axis, positions, shape: [shape[axis]])
    return try result.broadcast(to: shape)
}

/// A vector laid along an axis (also counted from the end) of a tensor of that rank; other arrays as they are.
private func aligned(_ parameter: NumericArray, axis: Int, rank: Int) throws -> NumericArray {
    guard parameter.rank == 1, parameter.count > 1 else {
        return parameter.count == 1 ? try parameter.reshaped([]) : parameter
    }
    var shape = [Int](repeating: 1, count: max(rank, 1))
    shape[try normalizedAxis(axis, rank: shape.count)] = parameter.count
    return try parameter.reshaped(shape)
}

private func quantize(_ call: Call, type: ElementType) throws -> NumericArray {
    let input = try call.input(0)
    let scales = try spread(call.input(1), over: input.shape, call.node).doubles()
    let zeros = try call.optional(2).map { try spread($0, over: input.shape, call.node).doubles() }
    let scaled = try input.doubles().enumerated().map { index, value in
        // A runtime divides in 32 bits, which decides where ties fall.
        call.precision == .float32 ? Double(Float(value / scales[index])) : value / scales[index]
    }
    if type.isFloatingPoint {
        let rounding = Rounding(to: type, saturates: try call.node.flag("saturate"))
        return try call.result(scaled.map { rounding($0) }, shape: input.shape, type: type)
    }
    let range = try integerRange(type)
    let values = scaled.enumerated().map { index, value in
        Int64(
            saturating: clamp(
                value.rounded(.toNearestOrEven) + (zeros?[index] ?? 0), range.lowerBound, range.upperBound))
    }
    return try call.result(values, shape: input.shape, type: type)
}

/// Numbers divided by a scale, rounded, shifted and cut to the type of the zero point.
private func requantize(
    _ call: Call, _ values: [Double], shape: [Int], scale: Int, zero: Int, axis: Int
) throws -> NumericArray {
    let scales = try aligned(call.input(scale), axis: axis, rank: shape.count).broadcast(to: shape).doubles()
    let point = try call.input(zero)
    let zeros = try aligned(point, axis: axis, rank: shape.count).broadcast(to: shape).doubles()
    guard !point.elementType.isFloatingPoint else {
        let rounding = Rounding(to: point.elementType)
        let rounded = values.indices.map { rounding(values[$0] / scales[$0] + zeros[$0]) }
        return try call.result(rounded, shape: shape, type: point.elementType)
    }
    let range = try integerRange(point.elementType)
    let rounded = values.indices.map { index in
        let shifted = (values[index] / scales[index]).rounded(.toNearestOrEven) + zeros[index]
        return Int64(saturating: clamp(shifted, range.lowerBound, range.upperBound))
    }
    return try call.result(rounded, shape: shape, type: point.elementType)
}

/// Integers minus their zero point, which may differ along an axis counted from the end.
private func centered(_ input: NumericArray, zero: NumericArray?, axis: Int) throws -> NumericArray {
    let values = try input.integers()
    let zeros = try zero.map { try aligned($0, axis: axis, rank: input.rank).broadcast(to: input.shape).integers() }
    let shifted = values.enumerated().map { $1 &- (zeros?[$0] ?? 0) }
    return NumericArray(unchecked: .int64, input.shape, .integers(shifted))
}

/// The convolution of integers minus their zero points, exact in 64-bit floating-point numbers.
private func integerConvolution(
    _ call: Call, _ input: NumericArray, zero: NumericArray?, _ weights: NumericArray, zero weightZero: NumericArray?
) throws -> NumericArray {
    let operands = [
        try centered(input, zero: zero, axis: 1), try centered(weights, zero: weightZero, axis: 0),
    ]
    let reals = try operands.map { try $0.asFloat64() }
    return try convolution(Call(node: call.node, inputs: reals, precision: .float64), Double.self)
}

/// Outputs: 8-bit numbers, their scale and their zero point, chosen so that 0 and all elements are in range.
private func dynamicallyQuantize(_ call: Call) throws -> [NumericArray?] {
    let input = try call.input(0)
    let values = try input.doubles()
    let (low, high) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
    // In the operand's type, step by step, as the function body says: a step of rounding is a step of the result.
    let isNarrow = input.elementType == .float32
    func kept(_ number: Double) -> Double { isNarrow ? Double(Float(number)) : number }
    let scale = high == low ? 1 : kept(kept(high - low) / 255)
    let zero = clamp(kept(-low / scale).rounded(.toNearestOrEven), 0, 255)
    let quantized = values.map {
        Int64(saturating: clamp(kept($0 / scale).rounded(.toNearestOrEven) + zero, 0, 255))
    }
    return [
        try call.result(quantized, shape: input.shape, type: .uint8),
        try call.result([scale], shape: [], type: .float32),
        try call.result([Int64(saturating: zero)], shape: [], type: .uint8),
    ]
}
