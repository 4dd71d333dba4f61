/// A place in a text in ONNX's syntax, and how to read its tokens from there.
struct TextCursor {
    private let bytes: [UInt8]
    private let file: String?
    private let firstLine: Int
    /// Index of the next byte.
    private(set) var position = 0

    init(_ text: String, file: String?, firstLine: Int) {
        bytes = Array(text.utf8)
        self.file = file
        self.firstLine = firstLine
    }

    // MARK: Errors

    /// An error at a place of the text, by default at the next token.
    func error(_ message: String, at place: Int? = nil, hint: String? = nil) -> HarrierError {
        let newlines = bytes[..<min(place ?? position, bytes.count)].count { $0 == UInt8(ascii: "\n") }
        return HarrierError(message, file: file, line: firstLine + newlines, hint: hint)
    }

    /// An error that says what should stand here and what does.
    mutating func expected(_ what: String, hint: String? = nil) -> HarrierError {
        skipSpace()
        return error("expected \(what), found \(nextToken)", hint: hint)
    }

    /// The next few characters, for messages.
    private var nextToken: String {
        guard position < bytes.count else { return "the end of the text" }
        var end = position + 1
        while end < bytes.count, end - position < 24, bytes[position].isWord, bytes[end].isWord { end += 1 }
        return "'" + String(decoding: bytes[position..<end], as: UTF8.self) + "'"
    }

    // MARK: Characters

    /// Moves past white space and comments.
    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), 9...13: position += 1
            case UInt8(ascii: "#"):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            default: return
            }
        }
    }

    /// The next byte that is neither white space nor comment; nil at the end.
    mutating func peek() -> UInt8? {
        skipSpace()
        return position < bytes.count ? bytes[position] : nil
    }

    /// Where the next token starts.
    mutating func place() -> Int {
        skipSpace()
        return position
    }

    /// Whether the next token starts with that character.
    mutating func isNext(_ character: Unicode.Scalar) -> Bool { peek() == UInt8(ascii: character) }

    /// Moves past the text if it comes next, and says whether it did.
    mutating func take(_ token: StaticString) -> Bool {
        skipSpace()
        let count = token.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for offset in 0..<count where bytes[position + offset] != token.utf8Start[offset] { return false }
        position += count
        return true
    }

    /// Moves past the text, which must come next.
    mutating func expect(_ token: StaticString, _ purpose: String) throws {
        if !take(token) { throw expected("'\(token)' \(purpose)") }
    }

    /// Reads elements between commas, up to the closing token, which is read, too.
    mutating func list(until close: StaticString, of what: String, _ element: (inout TextCursor) throws -> Void) throws
    {
        if take(close) { return }
        repeat { try element(&self) } while take(",")
        if !take(close) { throw expected("',' or '\(close)' in \(what)") }
    }

    // MARK: Words and strings

    /// Reads an identifier if one comes next.
    mutating func identifier() -> String? {
        guard let first = peek(), first.isWord, !first.isDigit else { return nil }
        let start = position
        while position < bytes.count, bytes[position].isWord { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Reads an identifier, which must come next.
    mutating func identifier(_ what: String) throws -> String {
        guard let word = identifier() else { throw expected(what) }
        return word
    }

    /// The identifier that comes next, without moving.
    mutating func peekIdentifier() -> String? {
        let start = place()
        defer { position = start }
        return identifier()
    }

    /// Reads an identifier or a quoted name if one comes next.
    mutating func name() throws -> String? {
        isNext("\"") ? try string("a name") : identifier()
    }

    /// Reads an identifier or a quoted name, which must come next.
    mutating func name(_ what: String) throws -> String {
        guard let name = try name() else { throw expected(what) }
        return name
    }

    /// Reads a string in double quotes. A backslash makes the character after it stand for itself.
    mutating func string(_ what: String) throws -> String {
        guard isNext("\"") else { throw expected("\(what) in double quotes") }
        let start = position
        position += 1
        var content: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
            content.append(bytes[position])
            position += 1
        }
        guard position < bytes.count else {
            position = start
            throw error("a string without its closing quote", at: start)
        }
        position += 1
        return String(decoding: content, as: UTF8.self)
    }

    // MARK: Numbers

    /// A number as it is written.
    struct Number {
        /// Its first byte.
        let start: Int
        /// The byte after its last.
        let end: Int
        /// Whether it has a point or exponent, or is an infinity or not a number.
        let isFloat: Bool
    }

    /// Reads a number if one comes next.
    mutating func number() -> Number? {
        let start = place()
        var end = start
        func byte() -> UInt8 { end < bytes.count ? bytes[end] : 0 }
        if byte() == UInt8(ascii: "-") { end += 1 }
        if byte().isLetter {
            let word = end
            while byte().isWord { end += 1 }
            guard String(decoding: bytes[word..<end], as: UTF8.self).isFloatKeyword else { return nil }
            position = end
            return Number(start: start, end: end, isFloat: true)
        }
        var digits = 0
        var isFloat = false
        while byte().isDigit || (byte() == UInt8(ascii: ".") && !isFloat) {
            if byte().isDigit { digits += 1 } else { isFloat = true }
            end += 1
        }
        guard digits > 0 else { return nil }
        if byte() | 0x20 == UInt8(ascii: "e") {
            isFloat = true
            end += 1
            if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { end += 1 }
            while byte().isDigit { end += 1 }
        }
        position = end
        return Number(start: start, end: end, isFloat: isFloat)
    }

    /// Reads an integer of the given type, which must come next.
    mutating func integer<Value: FixedWidthInteger>(_ what: String, as type: Value.Type = Int.self) throws -> Value {
        let start = place()
        guard let number = number(), !number.isFloat else {
            position = start
            throw expected(what)
        }
        return try integer(number, as: type)
    }

    /// The value of an integer.
    func integer<Value: FixedWidthInteger>(_ number: Number, as type: Value.Type = Int.self) throws -> Value {
        var value: Value = 0
        let isNegative = bytes[number.start] == UInt8(ascii: "-")
        for index in (number.start + (isNegative ? 1 : 0))..<number.end {
            let digit = Value(bytes[index] & 15)
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !tooLarge, !overflow else {
                throw error("\(spelling(number)) is out of range", at: number.start)
            }
            value = sum
        }
        return value
    }

    /// Reads a floating-point number of the given type, which must come next.
    mutating func real<Value: BinaryFloatingPoint & LosslessStringConvertible>(
        _ what: String, as type: Value.Type
    ) throws -> Value {
        guard let number = number() else { throw expected(what) }
        return try real(number, as: type)
    }

    /// The value of a number as floating point.
    func real<Value: BinaryFloatingPoint & LosslessStringConvertible>(
        _ number: Number, as type: Value.Type
    ) throws -> Value {
        let text = spelling(number)
        guard let value = Value(text), value.isFinite || !bytes[number.end - 1].isDigit else {
            throw error("\(text) is out of range", at: number.start)
        }
        return value
    }

    private func spelling(_ number: Number) -> String {
        String(decoding: bytes[number.start..<number.end], as: UTF8.self)
    }

    /// Moves back to a place read before.
    mutating func rewind(to place: Int) { position = min(place, position) }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    fileprivate var isLetter: Bool { self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") }
    /// Letters, digits and the underscore.
    fileprivate var isWord: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }
}

extension String {
    /// Whether the syntax reads this word as a floating-point number.
    var isFloatKeyword: Bool {
        let word = lowercased()
        return word == "inf" || word == "infinity" || word == "nan"
    }

    /// Whether the syntax reads this as one identifier.
    var isIdentifier: Bool {
        guard let first = utf8.first, !first.isDigit else { return false }
        return utf8.allSatisfy(\.isWord)
    }
}
