import IR

/// What the header of a NumPy array file says: a Python dictionary with three keys.
struct NPYHeader {
    /// How elements are written.
    struct ElementCode {
        let element: ElementType
        /// Bytes of one element.
        let width: Int
    }

    let type: ElementCode
    let shape: [Int]

    private static let codes: [String: ElementCode] = [
        "f4": .init(element: .float32, width: 4), "f8": .init(element: .float64, width: 8),
        "i1": .init(element: .int8, width: 1), "i2": .init(element: .int16, width: 2),
        "i4": .init(element: .int32, width: 4), "i8": .init(element: .int64, width: 8),
        "u1": .init(element: .uint8, width: 1), "u2": .init(element: .uint16, width: 2),
        "u4": .init(element: .uint32, width: 4), "u8": .init(element: .uint64, width: 8),
        "b1": .init(element: .bool, width: 1),
    ]

    /// - Throws: ``HarrierError`` if a key is missing, or the elements are of a kind that is not read.
    init(_ text: String) throws {
        guard let order = Self.text(after: "fortran_order", in: text), let shape = Self.shape(in: text),
            let code = Self.text(after: "descr", in: text)?.split(separator: "'").first
        else { throw HarrierError("has a header that is not understood: \(text.prefix(80))") }
        guard order.hasPrefix("False") else {
            throw HarrierError(
                "has its elements in Fortran's order", hint: "save numpy.ascontiguousarray(array) instead")
        }
        guard !code.hasPrefix(">"), let type = Self.codes[String(code.drop { "<|=".contains($0) })] else {
            throw HarrierError(
                "has elements of type '\(code)'", hint: "little-endian numbers are read: f4, f8, i1 to i8, u1 to u8, b1"
            )
        }
        self.type = type
        self.shape = shape
    }

    /// What stands behind `'key':`.
    private static func text(after key: String, in header: String) -> Substring? {
        guard let place = header.range(of: "'\(key)':") else { return nil }
        return header[place.upperBound...].drop { $0 == " " }
    }

    private static func shape(in header: String) -> [Int]? {
        guard let text = text(after: "shape", in: header), text.hasPrefix("("), let end = text.firstIndex(of: ")")
        else {
            return nil
        }
        let parts = text[..<end].dropFirst().split(separator: ",").map { $0.filter { $0 != " " } }.filter {
            !$0.isEmpty
        }
        let lengths = parts.compactMap { Int($0) }.filter { $0 >= 0 }
        return lengths.count == parts.count ? lengths : nil
    }
}
