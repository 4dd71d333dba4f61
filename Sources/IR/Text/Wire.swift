/// Writes protobuf's wire format: as little of it as `TypeProto` and the attributes that hold one need.
enum Wire {
    /// A field with an integer.
    static func field(_ number: Int, _ value: Int) -> [UInt8] { tag(number, 0) + variableLength(value) }

    /// A field with a message or string.
    static func field(_ number: Int, _ content: [UInt8]) -> [UInt8] {
        tag(number, 2) + variableLength(content.count) + content
    }

    private static func tag(_ number: Int, _ kind: Int) -> [UInt8] { variableLength(number << 3 | kind) }

    private static func variableLength(_ value: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(value))
        var bytes: [UInt8] = []
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

/// The fields of one serialized protobuf message of integers, strings and messages.
struct WireFields {
    private var numbers: [Int: Int] = [:]
    private var messages: [Int: [ArraySlice<UInt8>]] = [:]

    /// Nil if the bytes are no such message.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        func variableLength() -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard let byte = rest.popFirst() else { return nil }
                value |= UInt64(byte & 0x7f) << shift
                if byte < 0x80 { return value }
            }
            return nil
        }
        while !rest.isEmpty {
            guard let tag = variableLength(), let value = variableLength(), let number = Int(exactly: tag >> 3)
            else { return nil }
            switch tag & 7 {
            case 0: numbers[number] = Int(truncatingIfNeeded: value)
            case 2:
                guard let count = Int(exactly: value), count <= rest.count else { return nil }
                messages[number, default: []].append(rest.prefix(count))
                rest = rest.dropFirst(count)
            default: return nil
            }
        }
    }

    /// The integer in a field; of several, the last.
    func number(_ field: Int) -> Int? { numbers[field] }

    /// The strings or messages in a field.
    func contents(_ field: Int) -> [ArraySlice<UInt8>] { messages[field] ?? [] }

    /// The text in a field; of several, the last.
    func text(_ field: Int) -> String? { messages[field]?.last.map { String(decoding: $0, as: UTF8.self) } }
}
