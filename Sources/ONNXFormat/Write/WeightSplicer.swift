import IR

/// Writes a serialized `ModelProto` with the data that ``GraphExporter`` left out: the counterpart of ``WeightCutter``.
struct WeightSplicer {
    private let bytes: UnsafeRawBufferPointer
    private let payloads: [Tensor.Payload]
    /// Lengths of the messages that lead to tensors, with their data, in the order in which they begin.
    private var lengths: [Int] = []
    private var next = 0

    /// Writes a model to a file.
    static func write(_ skeleton: [UInt8], payloads: [Tensor.Payload], to file: inout WholeFile) throws {
        try skeleton.withUnsafeBytes { bytes in
            var splicer = WeightSplicer(bytes: bytes, payloads: payloads)
            _ = try splicer.measure(0..<bytes.count, as: .model)
            try splicer.write(0..<bytes.count, as: .model, to: &file)
        }
    }

    private init(bytes: UnsafeRawBufferPointer, payloads: [Tensor.Payload]) {
        self.bytes = bytes
        self.payloads = payloads
    }

    /// The length of a message with its data.
    private mutating func measure(_ range: Range<Int>, as message: MessageOnPath) throws -> Int {
        var total = 0
        var reader = WireReader(bytes, range)
        while let field = try reader.next() {
            if message == .tensor, isLeft(field) {
                guard let payload = payload(field) else { continue }
                total += header(9, payload.byteCount).count + payload.byteCount
            } else if field.isLengthDelimited, let child = message.child(field.number) {
                let place = lengths.count
                lengths.append(0)
                let length = try measure(field.content, as: child)
                lengths[place] = length
                total += header(field.number, length).count + length
            } else {
                total += field.whole.count
            }
        }
        return total
    }

    private mutating func write(_ range: Range<Int>, as message: MessageOnPath, to file: inout WholeFile) throws {
        var reader = WireReader(bytes, range)
        while let field = try reader.next() {
            if message == .tensor, isLeft(field) {
                guard let payload = payload(field) else { continue }
                try file.append(header(9, payload.byteCount))
                try file.append(payload)
            } else if field.isLengthDelimited, let child = message.child(field.number) {
                try file.append(header(field.number, lengths[next]))
                next += 1
                try write(field.content, as: child, to: &file)
            } else {
                try file.append(bytes[field.whole])
            }
        }
    }

    /// Whether a field of a tensor is one of Harrier's own.
    private func isLeft(_ field: WireReader.Field) -> Bool { (100_001...100_003).contains(field.number) }

    /// The data that `left_offset` stands for.
    private func payload(_ field: WireReader.Field) -> Tensor.Payload? {
        guard field.number == 100_002, let index = Int(exactly: field.value), payloads.indices.contains(index)
        else { return nil }
        return payloads[index]
    }

    private func header(_ number: Int, _ length: Int) -> [UInt8] {
        varintBytes(UInt64(number) << 3 | 2) + varintBytes(UInt64(length))
    }
}

extension Tensor.Payload {
    /// Number of bytes that can be written; 0 for strings and for data that is missing.
    var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(let slice): slice.count
        case .strings, .missing: 0
        }
    }
}

extension WholeFile {
    private static let partSize = 1 << 20

    /// Appends a tensor's data, copied in parts if it is in a file.
    mutating func append(_ payload: Tensor.Payload) throws {
        switch payload {
        case .bytes(let bytes): try append(bytes)
        case .file(let slice):
            for start in stride(from: 0, to: slice.count, by: Self.partSize) {
                let count = min(Self.partSize, slice.count - start)
                try append(try FileSlice(path: slice.path, offset: slice.offset + start, count: count).read())
            }
        case .strings, .missing: break
        }
    }
}
