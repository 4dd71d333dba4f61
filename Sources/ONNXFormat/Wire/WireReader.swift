import IR

/// A walk over the fields of one message in protobuf's wire format. Never reads outside the given range.
struct WireReader {
    /// One field of a message.
    struct Field {
        /// The field's number.
        let number: Int
        /// Whether the field is bytes, a string, a message, or a packed array.
        let isLengthDelimited: Bool
        /// Its value, if it is a varint.
        let value: UInt64
        /// Where its content is: behind the tag, and behind the length if it has one.
        let content: Range<Int>
        /// Where tag and content are.
        let whole: Range<Int>
    }

    private let bytes: UnsafeRawBufferPointer
    private var position: Int
    private let end: Int

    /// A walk over a part of a buffer. The range must lie inside.
    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field, nil at the end.
    ///
    /// - Throws: ``HarrierError`` if the bytes are no message.
    mutating func next() throws -> Field? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint()
        guard let number = Int(exactly: tag >> 3), number > 0, number < 1 << 29 else { throw malformed(at: start) }
        let isLengthDelimited = tag & 7 == 2
        let contentStart: Int
        let count: Int
        var value: UInt64 = 0
        switch tag & 7 {
        case 0:
            contentStart = position
            value = try varint()
            count = position - contentStart
        case 1: (contentStart, count) = (position, 8)
        case 2:
            count = Int(clamping: try varint())
            contentStart = position
        case 5: (contentStart, count) = (position, 4)
        default: throw malformed(at: start)
        }
        guard count <= end - contentStart else {
            throw HarrierError(
                "is truncated or damaged: a field at byte \(start) is \(count) bytes long, "
                    + "but only \(end - contentStart) follow")
        }
        position = contentStart + count
        return Field(
            number: number, isLengthDelimited: isLengthDelimited, value: value, content: contentStart..<position,
            whole: start..<position)
    }

    private mutating func varint() throws -> UInt64 {
        let start = position
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw HarrierError("is truncated or damaged: it ends inside a field") }
            let byte = bytes[position]
            position += 1
            result |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return result }
        }
        throw malformed(at: start)
    }

    private func malformed(at position: Int) -> HarrierError {
        HarrierError("is not an ONNX model, or damaged: byte \(position) starts no field of a protobuf message")
    }
}

/// A number as protobuf's varint.
func varintBytes(_ value: UInt64) -> [UInt8] {
    var result: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
        result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
    }
    return result + [UInt8(rest)]
}
