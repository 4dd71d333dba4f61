extension TextParser {
    /// Reads a tensor's data: numbers in braces, a reference to a file in brackets, or the `...` that onnx prints where
    /// it has no text.
    mutating func tensor(_ type: TensorType) throws -> Tensor {
        guard let shape = type.lengths else {
            throw cursor.error("a tensor of type \(type) needs a number for every dimension")
        }
        guard shape.allSatisfy({ $0 >= 0 }) else { throw cursor.error("a negative dimension in \(type)") }
        if cursor.take("[") { return try externalTensor(type.elementType, shape) }
        if cursor.take("...") { return nowhere(type.elementType, shape) }
        let start = cursor.place()
        let isEmpty = shape.contains(0)
        if !(isEmpty && cursor.isNext("}")) {
            try cursor.expect("{", "or '[' before the data of the tensor")
        }
        if type.elementType == .string { return try stringTensor(shape, start: start) }
        var data = TensorData(type.elementType, count: type.elementCount ?? 0)
        try cursor.list(until: "}", of: "the data of the tensor") { try data.append(&$0) }
        guard let bytes = data.finished() else { throw wrongCount(data.elementCount, of: type, at: start) }
        return Tensor(type.elementType, shape: shape, payload: .bytes(bytes))
    }

    private mutating func stringTensor(_ shape: [Int], start: Int) throws -> Tensor {
        var strings: [String] = []
        try cursor.list(until: "}", of: "the data of the tensor") { strings.append(try $0.string("a string")) }
        guard strings.count == shape.saturatingProduct() else {
            throw wrongCount(strings.count, of: TensorType(.string, lengths: shape), at: start)
        }
        return Tensor(.string, shape: shape, payload: .strings(strings))
    }

    private func wrongCount(_ count: Int, of type: TensorType, at place: Int) -> HarrierError {
        cursor.error("\(count) elements do not make a tensor of type \(type)", at: place)
    }

    private func nowhere(_ element: ElementType, _ shape: [Int]) -> Tensor {
        Tensor(element, shape: shape, payload: .missing(ExternalReference(location: "")))
    }

    private mutating func externalTensor(_ element: ElementType, _ shape: [Int]) throws -> Tensor {
        let start = cursor.place()
        var entries: [(key: String, value: String)] = []
        try cursor.list(until: "]", of: "a reference to external data") { cursor in
            let key = try cursor.string("a key such as \"location\"")
            try cursor.expect(":", "after the key")
            entries.append((key, try cursor.string("a value")))
        }
        // Data that is nowhere is written with an empty location, which onnx reads, too.
        if entries.count == 1, entries[0] == ("location", "") { return nowhere(element, shape) }
        do {
            let reference = try ExternalReference(entries: entries)
            return try Tensor(element, shape: shape, external: reference, model: file)
        } catch let error as HarrierError {
            throw cursor.error("a tensor " + error.message, at: start, hint: error.hint)
        }
    }
}

/// Collects the numbers in a tensor's braces as the bytes of ONNX's raw data.
///
/// Integers and real numbers are written as they are, complex ones as two, the other floating-point types as the integers
/// that their bits make. Types of less than a byte are written as packed bytes, the way ONNX keeps them outside raw data; one
/// number an element is understood, too.
private struct TensorData {
    private let element: ElementType
    private let count: Int
    private var bytes: [UInt8] = []
    private var numbers = 0

    init(_ element: ElementType, count: Int) {
        self.element = element
        self.count = count
    }

    /// The elements read so far.
    var elementCount: Int {
        switch element {
        case .complex64, .complex128: numbers / 2
        default: numbers
        }
    }

    mutating func append(_ cursor: inout TextCursor) throws {
        numbers += 1
        switch element {
        case .float32, .complex64: store(try cursor.real("a number", as: Float.self).bitPattern)
        case .float64, .complex128: store(try cursor.real("a number", as: Double.self).bitPattern)
        case .int64: store(try cursor.integer("an integer", as: Int64.self))
        case .int32: store(try cursor.integer("an integer", as: Int32.self))
        case .int16: store(try cursor.integer("an integer", as: Int16.self))
        case .int8: store(try cursor.integer("an integer", as: Int8.self))
        case .uint64: store(try cursor.integer("an integer", as: UInt64.self))
        case .uint32: store(try cursor.integer("an integer", as: UInt32.self))
        case .uint16: store(try cursor.integer("an integer", as: UInt16.self))
        case .bool: bytes.append(try cursor.integer("0 or 1", as: UInt8.self) == 0 ? 0 : 1)
        case .float16, .bfloat16: store(try cursor.integer("the bits of a \(element.onnxName)", as: UInt16.self))
        case .int4, .int2: store(Int8(truncatingIfNeeded: try cursor.integer("an integer", as: Int16.self)))
        default: bytes.append(try cursor.integer("the bits of a \(element.onnxName)", as: UInt8.self))
        }
    }

    private mutating func store<Bits: FixedWidthInteger>(_ value: Bits) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The raw data, or nil if there are too few or too many numbers.
    func finished() -> [UInt8]? {
        guard let width = element.bitWidth, width < 8 else {
            let isComplex = element == .complex64 || element == .complex128
            return elementCount == count && !(isComplex && numbers % 2 == 1) ? bytes : nil
        }
        let perByte = 8 / width
        if bytes.count == count / perByte + (count % perByte == 0 ? 0 : 1) { return bytes }
        guard bytes.count == count else { return nil }
        return stride(from: 0, to: count, by: perByte).map { start in
            (start..<min(start + perByte, count)).reduce(0) { packed, index in
                packed | (bytes[index] & (1 << width - 1)) << UInt8((index - start) * width)
            }
        }
    }
}
