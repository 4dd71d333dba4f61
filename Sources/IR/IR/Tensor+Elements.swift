extension Tensor {
    /// A tensor of 64-bit integers.
    public init(int64 values: [Int], shape: [Int]? = nil) {
        self.init(.int64, shape: shape ?? [values.count], payload: .bytes(littleEndianBytes(values.map(Int64.init))))
    }

    /// A tensor of 32-bit floating-point numbers.
    public init(float32 values: [Float], shape: [Int]? = nil) {
        self.init(
            .float32, shape: shape ?? [values.count], payload: .bytes(littleEndianBytes(values.map(\.bitPattern))))
    }

    /// A tensor of 64-bit floating-point numbers.
    public init(float64 values: [Double], shape: [Int]? = nil) {
        self.init(
            .float64, shape: shape ?? [values.count], payload: .bytes(littleEndianBytes(values.map(\.bitPattern))))
    }

    /// A tensor of booleans.
    public init(bool values: [Bool], shape: [Int]? = nil) {
        self.init(.bool, shape: shape ?? [values.count], payload: .bytes(values.map { $0 ? 1 : 0 }))
    }

    /// The elements of an integer or boolean tensor. Unsigned 64-bit elements keep their bit pattern.
    ///
    /// - Throws: ``HarrierError`` if the data is missing or of another type.
    public func integers() throws -> [Int] {
        let data = try bytes()
        switch elementType {
        case .int64, .uint64: return elements(data, UInt64.self).map { Int(truncatingIfNeeded: $0) }
        case .int32: return elements(data, UInt32.self).map { Int(Int32(bitPattern: $0)) }
        case .uint32: return elements(data, UInt32.self).map { Int($0) }
        case .int16: return elements(data, UInt16.self).map { Int(Int16(bitPattern: $0)) }
        case .uint16: return elements(data, UInt16.self).map { Int($0) }
        case .int8: return data.map { Int(Int8(bitPattern: $0)) }
        case .uint8: return data.map { Int($0) }
        case .bool: return data.map { $0 == 0 ? 0 : 1 }
        case .int4, .uint4: return unpack(data, width: 4, signed: elementType == .int4)
        case .int2, .uint2: return unpack(data, width: 2, signed: elementType == .int2)
        default: throw HarrierError("elements of type \(elementType.onnxName) are not integers")
        }
    }

    /// The elements of a numeric tensor as 64-bit floating-point numbers.
    ///
    /// - Throws: ``HarrierError`` if the data is missing or not of a numeric type that Harrier computes with.
    public func doubles() throws -> [Double] {
        switch elementType {
        case .float64: return elements(try bytes(), UInt64.self).map { Double(bitPattern: $0) }
        case .float32: return elements(try bytes(), UInt32.self).map { Double(Float(bitPattern: $0)) }
        case .float16: return elements(try bytes(), UInt16.self).map { Double(Float(halfBits: $0)) }
        case .bfloat16:
            return elements(try bytes(), UInt16.self).map { Double(Float(bitPattern: UInt32($0) << 16)) }
        case _ where elementType.isInteger || elementType == .bool: return try integers().map(Double.init)
        default: throw HarrierError("elements of type \(elementType.onnxName) are not numbers Harrier computes with")
        }
    }

    /// The only element of a one-element numeric tensor; nil if there are more, or it cannot be read.
    public var scalar: Double? {
        guard elementCount == 1, let values = try? doubles() else { return nil }
        return values.first
    }

    private func elements<Bits: FixedWidthInteger>(_ data: [UInt8], _ type: Bits.Type) -> [Bits] {
        data.withUnsafeBytes { buffer in
            (0..<data.count / MemoryLayout<Bits>.size).map {
                Bits(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Bits>.size, as: Bits.self))
            }
        }
    }

    private func unpack(_ data: [UInt8], width: Int, signed: Bool) -> [Int] {
        let perByte = 8 / width
        return (0..<elementCount).map { index in
            let bits = Int(data[index / perByte] >> UInt8(index % perByte * width)) & (1 << width - 1)
            return signed && bits >= 1 << (width - 1) ? bits - 1 << width : bits
        }
    }
}

/// The little-endian bytes of integers, in order.
package func littleEndianBytes<Bits: FixedWidthInteger>(_ values: [Bits]) -> [UInt8] {
    values.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
}

extension Float {
    /// The number that IEEE 754's 16-bit format writes with these bits.
    public init(halfBits bits: UInt16) {
        let sign: Float = bits >> 15 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Float(bits & 0x3ff)
        switch exponent {
        case 0: self = sign * fraction * 0x1p-24
        case 31: self = fraction == 0 ? sign * .infinity : .nan
        default: self = sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }
}
