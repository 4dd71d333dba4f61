import IR

/// Conversions between element types.
let castKernels: [KernelRow] = [
    KernelRow("Cast") { call in
        guard let type = ElementType(rawValue: try call.node.int("to")) else {
            throw HarrierError("attribute 'to' of Cast names no element type")
        }
        return try cast(call, to: type)
    },
    KernelRow("CastLike") { try cast($0, to: try $0.input(1).elementType) },
    KernelRow("Identity") { try $0.input(0) },
]

/// In `.float64` a conversion from one floating-point type to another keeps the number, so that the graph computes on real numbers.
private func cast(_ call: Call, to type: ElementType) throws -> NumericArray {
    let input = try call.input(0)
    if input.elementType == type { return input }
    switch (input.storage, type) {
    case (.strings(let texts), let type) where type.isFloatingPoint:
        return try call.result(try texts.map(parse), shape: input.shape, type: type)
    case (.strings(let texts), let type) where type.isInteger:
        return try call.result(try texts.map { Int64(saturating: try parse($0)) }, shape: input.shape, type: type)
    case (_, .string): throw HarrierError("the interpreter does not cast numbers to strings")
    case (.integers(let values), let type) where type.isInteger || type == .bool:
        return try call.result(values, shape: input.shape, type: type)
    case (_, .bool): return try call.result(try input.doubles().map { $0 != 0 }, shape: input.shape)
    case (_, let type) where type.isInteger:
        return try call.result(try input.doubles().map { integer($0, type) }, shape: input.shape, type: type)
    case (_, let type) where type.isFloatingPoint:
        // The attribute came after the version of the row.
        let mode = try call.node.optionalString("round_mode").flatMap(Rounding.Mode.init(rawValue:)) ?? .up
        let rounding = Rounding(to: type, saturates: try call.node.flag("saturate"), mode: mode)
        let values = try input.doubles()
        let rounded = call.precision == .float64 ? values : values.map { rounding($0) }
        return try call.result(rounded, shape: input.shape, type: type)
    default: throw HarrierError("the interpreter does not cast \(input.kindName) to \(type.onnxName)")
    }
}

private func integer(_ value: Double, _ type: ElementType) -> Int64 {
    if type == .uint64, value >= 0x1p63 {
        return Int64(bitPattern: UInt64(exactly: value.rounded(.towardZero)) ?? .max)
    }
    return Int64(saturating: value)
}

private func parse(_ text: String) throws -> Double {
    guard let number = Double(text) else { throw HarrierError("the text '\(text)' is not a number") }
    return number
}
