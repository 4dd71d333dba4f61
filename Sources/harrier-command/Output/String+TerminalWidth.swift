extension String {
    /// How many columns of a terminal the text takes: East Asian wide characters and emoji take two.
    var terminalWidth: Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return reduce(0) { $0 + ($1.isWide ? 2 : 1) }
    }
}

extension String {
    /// Characters that are shown of a text from a file. Real names are far shorter.
    private static let longest = 180

    /// The text, cut in the middle if no terminal has room for it.
    var shortened: String {
        // One character can consist of any number of scalars, so those are counted, too.
        guard utf8.count > Self.longest, unicodeScalars.count > Self.longest else { return self }
        let half = Self.longest / 2
        return String(unicodeScalars.prefix(half)) + "…" + String(unicodeScalars.suffix(half - 1))
    }
}

extension Character {
    /// Whether the character has the property East Asian Width W or F (Unicode Standard Annex 11), in its large blocks.
    fileprivate var isWide: Bool {
        guard let first = unicodeScalars.first else { return false }
        if first.properties.isEmojiPresentation { return true }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            return true
        default: return false
        }
    }
}
