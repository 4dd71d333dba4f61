import IR

/// Copies a serialized `ModelProto` in a mapped file without its weights.
///
/// The data of every tensor above ``largestKept`` bytes is left in the file; the copy says where in
/// `TensorProto`'s fields `left_field`, `left_offset` and `left_count`. What remains is small and is parsed by SwiftProtobuf.
struct WeightCutter {
    /// Most bytes of a tensor's data that are copied.
    static let largestKept = 1 << 10
    /// Most graphs inside each other. A parser's own limit is 100 messages, three of which make one graph.
    static let deepestGraph = 24

    private let bytes: UnsafeRawBufferPointer
    private var output: [UInt8] = []

    /// The model in those bytes without its weights.
    ///
    /// - Throws: ``HarrierError`` if the bytes are no protobuf message, or graphs are nested too deep.
    static func skeleton(of bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        var cutter = WeightCutter(bytes)
        try cutter.copy(0..<bytes.count, as: .model, depth: 0)
        return cutter.output
    }

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private mutating func copy(_ range: Range<Int>, as message: MessageOnPath, depth: Int) throws {
        guard depth <= Self.deepestGraph else {
            throw HarrierError("has more than \(Self.deepestGraph) graphs inside each other")
        }
        var reader = WireReader(bytes, range)
        while let field = try reader.next() {
            let count = field.content.count
            if message == .model, field.number == 20 {
                continue  // Training information may hold a second set of weights, and the IR has no place for it.
            } else if !field.isLengthDelimited || count <= Self.largestKept {
                output += bytes[field.whole]
            } else if let child = message.child(field.number) {
                try copyMessage(field, as: child, depth: child == .graph ? depth + 1 : depth)
            } else if message == .tensor, [4, 9, 10].contains(field.number) {
                leave(field)
            } else {
                output += bytes[field.whole]
            }
        }
    }

    /// Copies a message whose length in the copy is known only afterwards: room for five bytes of length is left.
    private mutating func copyMessage(_ field: WireReader.Field, as message: MessageOnPath, depth: Int) throws {
        output += varintBytes(UInt64(field.number) << 3 | 2)
        let lengthStart = output.count
        output += [0x80, 0x80, 0x80, 0x80, 0]
        try copy(field.content, as: message, depth: depth)
        let length = output.count - lengthStart - 5
        guard length >> 35 == 0 else { throw HarrierError("is too large, even without its weights") }
        for index in 0..<5 { output[lengthStart + index] |= UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7f }
    }

    private mutating func leave(_ field: WireReader.Field) {
        release(bytes, field.content)
        for (number, value) in [(1, field.number), (2, field.content.lowerBound), (3, field.content.count)] {
            output += varintBytes(UInt64(100_000 + number) << 3) + varintBytes(UInt64(value))
        }
    }
}
