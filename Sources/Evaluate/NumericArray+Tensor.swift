import IR

extension NumericArray {
    /// The array of a constant's elements. Floating-point elements of every width are stored as the precision says.
    ///
    /// - Throws: ``HarrierError`` if the data is missing, or of a type that Harrier does not compute with.
    public init(_ tensor: Tensor, precision: Interpreter.Precision = .float64) throws {
        let storage: Storage
        _ = try checkedCount(tensor.shape)
        switch tensor.elementType {
        case .string:
            guard case .strings(let values) = tensor.payload, values.count == tensor.elementCount else {
                throw HarrierError("a string tensor without its \(tensor.elementCount) strings")
            }
            storage = .strings(values)
        case .float32:
            let data = try tensor.bytes()
            storage =
                precision == .float64
                ? .doubles(decode(data, UInt32.self) { Double(Float(bitPattern: $0)) })
                : .floats(decode(data, UInt32.self) { Float(bitPattern: $0) })
        case .float64: storage = .doubles(decode(try tensor.bytes(), UInt64.self) { Double(bitPattern: $0) })
        case let type where type.isFloatingPoint:
            let values = try decodeNarrow(try tensor.bytes(), type, count: tensor.elementCount)
            storage = precision == .float64 ? .doubles(values.map { Double($0) }) : .floats(values)
        case let type where type.isInteger || type == .bool:
            storage = .integers(try tensor.integers().map { Int64($0) })
        case let type: throw HarrierError("Harrier does not compute with elements of type \(type.onnxName)")
        }
        self.init(unchecked: tensor.elementType, tensor.shape, storage)
    }

    /// The constant with these elements, rounded to the element type.
    ///
    /// - Throws: ``HarrierError`` for sequences.
    public func tensor() throws -> Tensor {
        let bytes: [UInt8]
        switch storage {
        case .strings(let values): return Tensor(.string, shape: shape, payload: .strings(values))
        case .sequence: throw HarrierError("a sequence is not a tensor")
        case .integers(let values): bytes = encode(values, elementType)
        case .floats(let values) where elementType == .float32: bytes = littleEndianBytes(values.map(\.bitPattern))
        case .doubles, .floats: bytes = encode(try doubles(), elementType)
        }
        return Tensor(elementType, shape: shape, payload: .bytes(bytes))
    }

    /// The same array in the storage that a precision asks for, its elements rounded to their type in `.float32`.
    func stored(for precision: Interpreter.Precision) throws -> NumericArray {
        guard elementType.isFloatingPoint else { return self }
        switch (precision, storage) {
        case (_, .sequence(let elements)):
            return NumericArray(
                unchecked: elementType, shape, .sequence(try elements.map { try $0.stored(for: precision) }))
        case (.float64, .doubles): return self
        case (.float64, _): return NumericArray(unchecked: elementType, shape, .doubles(try doubles()))
        case (.float32, .doubles) where elementType == .float64: return self
        case (.float32, .floats(let values)) where elementType == .float32 || elementType == .float64:
            return elementType == .float32
                ? self : NumericArray(unchecked: elementType, shape, .doubles(values.map { Double($0) }))
        case (.float32, _):
            let round = Rounding(to: elementType)
            return NumericArray(unchecked: elementType, shape, .floats(try doubles().map { Float(round($0)) }))
        }
    }
}

private func decode<Bits: FixedWidthInteger, Element>(
    _ data: [UInt8], _ type: Bits.Type, _ convert: (Bits) -> Element
) -> [Element] {
    let count = data.count / MemoryLayout<Bits>.size
    return data.withUnsafeBytes { source in
        [Element](unsafeUninitializedCapacity: count) { result, filled in
            for index in 0..<count {
                let bits = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
                result.initializeElement(at: index, to: convert(Bits(littleEndian: bits)))
            }
            filled = count
        }
    }
}

private func decodeNarrow(_ data: [UInt8], _ type: ElementType, count: Int) throws -> [Float] {
    switch type {
    case .float16: return decode(data, UInt16.self) { Float(halfBits: $0) }
    case .bfloat16: return decode(data, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    default: break
    }
    guard let format = MiniFloat(type) else {
        throw HarrierError("Harrier does not compute with elements of type \(type.onnxName)")
    }
    if type.bitWidth == 8 { return data.map { Float(format.values[Int($0)]) } }
    return (0..<count).map { Float(format.values[Int(data[$0 / 2] >> UInt8($0 % 2 * 4)) & 15]) }
}

private func encode(_ values: [Int64], _ type: ElementType) -> [UInt8] {
    let width = type.bitWidth ?? 64
    switch width {
    case 64: return littleEndianBytes(values)
    case 32: return littleEndianBytes(values.map { UInt32(truncatingIfNeeded: $0) })
    case 16: return littleEndianBytes(values.map { UInt16(truncatingIfNeeded: $0) })
    case 8: return values.map { UInt8(truncatingIfNeeded: $0) }
    default: return pack(values.map { UInt8(truncatingIfNeeded: $0) }, width: width)
    }
}

private func encode(_ values: [Double], _ type: ElementType) -> [UInt8] {
    switch type {
    case .float64: return littleEndianBytes(values.map(\.bitPattern))
    case .float32: return littleEndianBytes(values.map { Float($0).bitPattern })
    case .float16: return littleEndianBytes(values.map { halfBits($0) })
    case .bfloat16: return littleEndianBytes(values.map { brainBits($0) })
    default:
        guard let format = MiniFloat(type) else { return [] }
        let codes = values.map { UInt8(format.code(of: $0, saturates: true)) }
        return type.bitWidth == 8 ? codes : pack(codes, width: 4)
    }
}

private func pack(_ codes: [UInt8], width: Int) -> [UInt8] {
    let perByte = 8 / width
    var result = [UInt8](repeating: 0, count: (codes.count + perByte - 1) / perByte)
    for (index, code) in codes.enumerated() {
        result[index / perByte] |= (code & UInt8(1 << width - 1)) << UInt8(index % perByte * width)
    }
    return result
}
