/// ONNX's way to say that a tensor's data is in another file: location, offset and length as written.
public struct ExternalReference: Hashable, Sendable {
    /// File name relative to the model's folder.
    public var location: String
    /// First byte; nil if the file does not say (then 0).
    public var offset: Int?
    /// Number of bytes; nil if the file does not say (then to the end of the file).
    public var length: Int?

    /// A reference with the given parts.
    public init(location: String, offset: Int? = nil, length: Int? = nil) {
        self.location = location
        self.offset = offset
        self.length = length
    }

    /// Whether two tensors with this reference have the same data. In files whose weights were taken out, tensors of
    /// different data refer to one location without an offset.
    public var identifiesData: Bool { !location.isEmpty && offset != nil }
}

extension ExternalReference {
    /// The reference that ONNX's pairs of keys and values make; other keys than the three mean nothing here.
    ///
    /// - Throws: ``HarrierError`` if there is no location, if it leads out of the model's folder, or if a number is none.
    public init(entries: [(key: String, value: String)]) throws {
        func number(_ key: String, _ text: String) throws -> Int {
            guard let value = Int(text), value >= 0 else {
                throw HarrierError("has external data whose \(key) is '\(text)'")
            }
            return value
        }
        self.init(location: "")
        for (key, value) in entries {
            switch key {
            case "location": location = value
            case "offset": offset = try number(key, value)
            case "length": length = try number(key, value)
            default: break
            }
        }
        guard !location.isEmpty, !location.utf8.contains(0) else {
            throw HarrierError("has external data without a location")
        }
        guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
            throw HarrierError(
                "refers to external data in '\(location)'",
                hint: "the file must be in the model's folder or below it")
        }
    }
}

extension Tensor {
    /// A tensor whose data is in another file than its model.
    ///
    /// - Parameter model: the path of the model's file, which the location is relative to; nil for a model in no file, whose
    ///   external data is missing. Nothing is read.
    /// - Throws: ``HarrierError`` if the file is there and too short, or the reference does not fit the type.
    public init(_ elementType: ElementType, shape: [Int], external: ExternalReference, model: String?) throws {
        self.init(elementType, shape: shape, payload: .missing(external), external: external)
        guard let count = byteCount else {
            throw HarrierError("is a string tensor with external data, which ONNX has not")
        }
        if let length = external.length, length != count {
            throw HarrierError("has \(length) bytes of external data, which do not make a tensor of type \(type)")
        }
        guard let file = model.map({ folderPath(of: $0) + external.location }), fileExists(file) else { return }
        let size = try regularFileSize(file)
        let offset = external.offset ?? 0
        guard offset <= size, count <= size - offset else {
            throw HarrierError(
                "refers to \(count) bytes at offset \(offset) of '\(external.location)', which has \(size)",
                hint: "the file of the weights is truncated or belongs to another model")
        }
        payload = .file(FileSlice(path: file, offset: offset, count: count))
    }
}
