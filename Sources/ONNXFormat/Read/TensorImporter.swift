import Graph

/// Turns `TensorProto` messages into tensors.
struct TensorImporter {
    /// The model's path.
    let path: String
    /// The model's size in bytes; data that was left in the file lies inside.
    let fileSize: Int

    /// The tensor in a message.
    ///
    /// - Throws: ``HarrierError`` if its type is unknown, its shape impossible, or its data not what the shape says.
    func tensor(_ proto: TensorProto) throws -> Tensor {
        guard let elementType = ElementType(rawValue: Int(proto.dataType)) else {
            throw HarrierError("has the element type number \(proto.dataType), which Harrier does not know")
        }
        guard !proto.hasSegment else { throw HarrierError("is split into segments, which nothing reads") }
        let type = try TensorType(elementType, lengths: proto.dims.map(Int.init)).checked()
        var tensor = Tensor(elementType, shape: type.lengths ?? [], payload: .bytes([]))
        if proto.dataLocation == .external {
            try useExternalData(proto, of: &tensor)
        } else {
            tensor.payload = try payload(proto, elementType)
        }
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

    private func useExternalData(_ proto: TensorProto, of tensor: inout Tensor) throws {
        guard let count = tensor.byteCount else {
            throw HarrierError("is a string tensor with external data, which ONNX has not")
        }
        let reference = try externalReference(proto)
        tensor.external = reference
        if let length = reference.length, length != count {
            throw HarrierError(
                "has \(length) bytes of external data, which do not make a tensor of type \(tensor.type)")
        }
        let file = folder(of: path) + reference.location
        guard let size = try existingFileSize(file) else {
            tensor.payload = .missing(reference)
            return
        }
        let offset = reference.offset ?? 0
        guard offset <= size, count <= size - offset else {
            throw HarrierError(
                "refers to \(count) bytes at offset \(offset) of '\(reference.location)', which has \(size)",
                hint: "the file of the weights is truncated or belongs to another model")
        }
        tensor.payload = .file(FileSlice(path: file, offset: offset, count: count))
    }

    private func externalReference(_ proto: TensorProto) throws -> ExternalReference {
        var reference = ExternalReference(location: "")
        for entry in proto.externalData {
            switch entry.key {
            case "location": reference.location = entry.value
            case "offset": reference.offset = try number(entry)
            case "length": reference.length = try number(entry)
            default: break
            }
        }
        let components = reference.location.split(separator: "/", omittingEmptySubsequences: false)
        guard !reference.location.isEmpty, !reference.location.utf8.contains(0) else {
            throw HarrierError("has external data without a location")
        }
        guard !reference.location.hasPrefix("/"), !components.contains("..") else {
            throw HarrierError(
                "refers to external data in '\(reference.location)'",
                hint: "the file must be in the model's folder or below it")
        }
        return reference
    }

    private func number(_ entry: StringStringEntryProto) throws -> Int {
        guard let value = Int(entry.value), value >= 0 else {
            throw HarrierError("has external data whose \(entry.key) is '\(entry.value)'")
        }
        return value
    }

    private func existingFileSize(_ file: String) throws -> Int? {
        guard fileExists(file) else { return nil }
        return try regularFileSize(file)
    }
}

/// The folder that a file is in, ending in "/"; "" for the current one.
func folder(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)])
}

extension TensorType {
    /// This type, if all its lengths are possible.
    ///
    /// - Throws: ``HarrierError`` if one is negative or the tensor is larger than ``maximumElementCount``.
    func checked() throws -> TensorType {
        for case .known(let length) in shape ?? [] where length < 0 {
            throw HarrierError("has a negative dimension: \(self)")
        }
        if let elementCount, elementCount > Self.maximumElementCount {
            throw HarrierError(
                "is too large: \(self)", hint: "Harrier takes at most \(Self.maximumElementCount) elements")
        }
        return self
    }
}
