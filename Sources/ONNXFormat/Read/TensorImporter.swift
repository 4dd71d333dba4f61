import IR

/// Turns `TensorProto` messages into tensors.
struct TensorImporter {
    /// The model's path.
    let path: String
    /// The model's size in bytes; data that was left in the file lies inside.
    let fileSize: Int

    /// The tensor in a message.
    ///
    /// - Parameter name: what errors of its type call it.
    /// - Throws: ``HarrierError`` if its type is unknown, its shape impossible, or its data not what the shape says.
    func tensor(_ proto: TensorProto, name: String) throws -> Tensor {
        guard let elementType = ElementType(rawValue: Int(proto.dataType)) else {
            throw HarrierError("has the element type number \(proto.dataType), which Harrier does not know")
        }
        guard !proto.hasSegment else { throw HarrierError("is split into segments, which nothing reads") }
        let shape = proto.dims.map(Int.init)
        try TensorType(elementType, lengths: shape).verify(of: name)
        if proto.dataLocation == .external { return try externalTensor(proto, elementType, shape: shape) }
        let tensor = Tensor(elementType, shape: shape, payload: try payload(proto, elementType))
        try checkLength(of: tensor)
        return tensor
    }

    // MARK: Data in the file

    private func payload(_ proto: TensorProto, _ elementType: ElementType) throws -> Tensor.Payload {
        if proto.hasLeftField { return .file(try leftSlice(proto, elementType)) }
        if elementType == .string {
            return .strings(
                try proto.stringData.map { data in
                    guard let text = String(validating: data, as: UTF8.self) else {
                        throw HarrierError("has a string that is not UTF-8")
                    }
                    return text
                })
        }
        if proto.hasRawData { return .bytes([UInt8](proto.rawData)) }
        return .bytes(typedData(proto, elementType))
    }

    private func leftSlice(_ proto: TensorProto, _ elementType: ElementType) throws -> FileSlice {
        let fits: Bool
        switch proto.leftField {
        case 9: fits = elementType != .string
        case 4: fits = elementType == .float32 || elementType == .complex64
        case 10: fits = elementType == .float64 || elementType == .complex128
        default: fits = false
        }
        let others = proto.hasRawData || !proto.floatData.isEmpty || !proto.doubleData.isEmpty
        guard fits, !others else { throw HarrierError("has data in a field that is not for its element type") }
        let (offset, count) = (Int(proto.leftOffset), Int(proto.leftCount))
        guard offset >= 0, count >= 0, offset <= fileSize, count <= fileSize - offset else {
            throw HarrierError("has its data outside the file")
        }
        return FileSlice(path: path, offset: offset, count: count)
    }

    /// Elements written one by one, as raw data.
    private func typedData(_ proto: TensorProto, _ elementType: ElementType) -> [UInt8] {
        switch elementType {
        case .float32, .complex64: littleEndianBytes(proto.floatData.map(\.bitPattern))
        case .float64, .complex128: littleEndianBytes(proto.doubleData.map(\.bitPattern))
        case .int64: littleEndianBytes(proto.int64Data)
        case .uint64: littleEndianBytes(proto.uint64Data)
        case .uint32: littleEndianBytes(proto.uint64Data.map { UInt32(truncatingIfNeeded: $0) })
        case .int32: littleEndianBytes(proto.int32Data)
        case .int16, .uint16, .float16, .bfloat16:
            littleEndianBytes(proto.int32Data.map { UInt16(truncatingIfNeeded: $0) })
        // Sub-byte types are packed in bytes here, too, and each element of the field is one byte.
        default: proto.int32Data.map { UInt8(truncatingIfNeeded: $0) }
        }
    }

    private func checkLength(of tensor: Tensor) throws {
        switch tensor.payload {
        case .strings(let texts):
            guard texts.count == tensor.elementCount else {
                throw HarrierError("has \(texts.count) strings, which do not make a tensor of type \(tensor.type)")
            }
        case .bytes(let bytes): try checkLength(bytes.count, of: tensor)
        case .file(let slice): try checkLength(slice.count, of: tensor)
        case .missing: break
        }
    }

    private func checkLength(_ count: Int, of tensor: Tensor) throws {
        guard count == tensor.byteCount else {
            throw HarrierError("has \(count) bytes of data, which do not make a tensor of type \(tensor.type)")
        }
    }

    // MARK: Data in another file

    private func externalTensor(_ proto: TensorProto, _ elementType: ElementType, shape: [Int]) throws -> Tensor {
        let reference = try ExternalReference(entries: proto.externalData.map { ($0.key, $0.value) })
        return try Tensor(elementType, shape: shape, external: reference, model: path)
    }
}
