extension String {
    /// The text with control characters, line breaks and characters that turn the direction of writing as escapes
    /// (`\n`, `\u{001B}`).
    ///
    /// Names come from files: they must neither steer a terminal, nor break a line, nor show something else than they say.
    ///
    /// - Complexity: linear; a text without such characters is returned as it is.
    public var printable: String {
        guard unicodeScalars.contains(where: \.isUnprintable) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            result += scalar.isUnprintable ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character, a line or paragraph separator, or one that turns the direction of writing.
    public var isUnprintable: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
