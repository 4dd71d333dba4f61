import IR

/// Reads the XML that Graphviz writes. Whatever it does not write (CDATA, entities of its own) is an error.
struct SVGParser {
    private let bytes: [UInt8]
    private var position = 0

    /// The root element of a file.
    ///
    /// - Throws: ``HarrierError`` if the text is not XML as Graphviz writes it.
    static func parse(_ bytes: [UInt8]) throws -> SVGElement {
        var parser = SVGParser(bytes: bytes)
        // The elements that are open, the outermost first; the first one stands for the file.
        var open = [SVGElement(name: "")]
        while parser.position < bytes.count {
            if !parser.isAt("<") {
                let text = try parser.decoded(upTo: "<")
                open[open.count - 1].contents.append(.text(text))
            } else if parser.skip("<?") {
                try parser.skipPast("?>")
            } else if parser.skip("<!--") {
                try parser.skipPast("-->")
            } else if parser.skip("<!") {
                try parser.skipPast(">")
            } else if parser.skip("</") {
                let name = try parser.word()
                guard open.count > 1, let element = open.popLast(), element.name == name else {
                    throw parser.failure("'</\(name)>' closes nothing")
                }
                try parser.skipPast(">")
                open[open.count - 1].contents.append(.element(element))
            } else {
                let (element, isClosed) = try parser.startTag()
                if isClosed {
                    open[open.count - 1].contents.append(.element(element))
                } else {
                    open.append(element)
                }
            }
        }
        guard open.count == 1, let root = open[0].children.first else { throw parser.failure("it ends too early") }
        return root
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func startTag() throws -> (SVGElement, isClosed: Bool) {
        position += 1
        var element = SVGElement(name: try word())
        while true {
            skipSpace()
            if skip("/>") { return (element, true) }
            if skip(">") { return (element, false) }
            let name = try word()
            guard skip("=\"") else { throw failure("attribute '\(name)' has no value") }
            element.attributes[name] = try decoded(upTo: "\"")
            position += 1
        }
    }

    /// Text up to a character that ends it, with references replaced.
    private mutating func decoded(upTo end: Character) throws -> String {
        let stop = end.asciiValue ?? 0
        var result: [UInt8] = []
        while position < bytes.count, bytes[position] != stop {
            if bytes[position] == UInt8(ascii: "&") {
                result += Array(String(try reference()).utf8)
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The character that a reference such as `&amp;` or `&#45;` stands for.
    private mutating func reference() throws -> Unicode.Scalar {
        let start = position + 1
        guard let end = bytes[start...].prefix(10).firstIndex(of: UInt8(ascii: ";")) else {
            throw failure("a reference does not end")
        }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        position = end + 1
        if let scalar = Self.named[name] { return scalar }
        let number =
            name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst(1))
        guard name.hasPrefix("#"), let number, let scalar = Unicode.Scalar(number) else {
            throw failure("'&\(name);' is not known")
        }
        return scalar
    }

    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    ]

    /// A name of a tag or an attribute.
    private mutating func word() throws -> String {
        let start = position
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        guard position > start else { throw failure("a name is missing") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private func isAt(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        guard isAt(text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func skipPast(_ text: StaticString) throws {
        while position < bytes.count {
            if skip(text) { return }
            position += 1
        }
        throw failure("'\(text)' is missing")
    }

    private func failure(_ problem: String) -> HarrierError {
        HarrierError("Graphviz wrote a drawing that cannot be read: at byte \(position), \(problem)")
    }
}
