/// A constant: element type, shape and data. Data can stay in its file until somebody needs it, or be missing
/// altogether (structure-only models), so that pricing a model never reads its weights.
public struct Tensor: Hashable, Sendable {
    /// Where a tensor's data is.
    public enum Payload: Hashable, Sendable {
        /// Little-endian elements, row-major, as in ONNX's `raw_data`. Sub-byte types are packed.
        case bytes([UInt8])
        /// The elements of a string tensor.
        case strings([String])
        /// Bytes of a file, read when asked for.
        case file(FileSlice)
        /// Not there: an external file that does not exist. The reference is kept so that it is written back.
        case missing(ExternalReference)
    }

    /// The type of one element.
    public var elementType: ElementType
    /// Axis lengths, outermost first. Empty for a scalar.
    public var shape: [Int]
    /// The data, or where it is.
    public var payload: Payload
    /// ONNX's reference to the external file this tensor came from, if it came from one.
    public var external: ExternalReference?

    /// A tensor of the given parts. The caller guarantees that the payload has `elementCount` elements.
    public init(_ elementType: ElementType, shape: [Int], payload: Payload, external: ExternalReference? = nil) {
        self.elementType = elementType
        self.shape = shape
        self.payload = payload
        self.external = external
    }

    /// Number of elements; `Int.max` where it does not fit.
    public var elementCount: Int { shape.saturatingProduct() }

    /// Number of bytes of the raw data; nil for strings, which have no fixed size, and where it does not fit.
    public var byteCount: Int? {
        guard let width = elementType.bitWidth else { return nil }
        let (bits, overflow) = elementCount.multipliedReportingOverflow(by: width)
        return overflow ? nil : bits / 8 + (bits % 8 == 0 ? 0 : 1)
    }

    /// The tensor's type.
    public var type: TensorType { TensorType(elementType, lengths: shape) }

    /// Whether the data can be had.
    public var isAvailable: Bool {
        if case .missing = payload { false } else { true }
    }

    /// The raw little-endian bytes, read from the file if need be.
    ///
    /// - Throws: ``HarrierError`` if the data is missing, unreadable, of another length than the type says,
    ///   or if this is a string tensor.
    public func bytes() throws -> [UInt8] {
        let data: [UInt8]
        switch payload {
        case .bytes(let bytes): data = bytes
        case .file(let slice): data = try slice.read()
        case .strings: throw HarrierError("a string tensor has no raw bytes")
        case .missing(let reference):
            throw HarrierError(
                "the data of this tensor is missing: its file '\(reference.location)' does not exist")
        }
        guard data.count == byteCount else {
            throw HarrierError("\(data.count) bytes of data do not make a tensor of type \(type)")
        }
        return data
    }
}

/// A run of bytes in a file.
public struct FileSlice: Hashable, Sendable {
    /// Path of the file.
    public var path: String
    /// First byte.
    public var offset: Int
    /// Number of bytes.
    public var count: Int

    /// The given run of bytes. Nothing is read or checked yet.
    public init(path: String, offset: Int, count: Int) {
        self.path = path
        self.offset = offset
        self.count = count
    }
}
