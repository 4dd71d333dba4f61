/// Makes names that come from files harmless: in labels, in tooltips, in DOT, and in the XML that Graphviz makes of it.
enum Escape {
    /// The most that a tooltip shows. Real ones are far shorter.
    static let tooltipLength = 100_000

    /// Text for an HTML-like label: cut in the middle to the given number of Unicode scalars, without anything that
    /// could be markup or that XML does not allow.
    static func html(_ text: String, limit: Int) -> String {
        shortened(text, limit: limit).reduce(into: "") { $0 += harmless($1) }
    }

    /// Text for a quoted attribute in DOT, with its quotes. Backslashes are doubled since Graphviz reads `\N` and the
    /// like as references; a line feed stays a line break.
    static func quoted(_ text: String) -> String {
        let content = shortened(text, limit: tooltipLength).reduce(into: "") { result, scalar in
            switch scalar {
            case "\n": result += "&#10;"
            case "\\": result += "\\\\"
            default: result += harmless(scalar)
            }
        }
        return "\"\(content)\""
    }

    private static func harmless(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        default: String(visible(scalar))
        }
    }

    /// Cut by scalars: one character can consist of any number of them.
    private static func shortened(_ text: String, limit: Int) -> [Unicode.Scalar] {
        let scalars = text.unicodeScalars
        let start = Array(scalars.prefix(limit + 1))
        if start.count <= limit { return start }
        let tail = limit / 2
        return start.prefix(limit - tail - 1) + ["…"] + scalars.suffix(tail)
    }

    /// A picture of a control character; the replacement character for others that XML forbids or that would turn
    /// the direction of the text around them.
    private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        case 0x80..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
        case _ where scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value): "\u{FFFD}"
        default: scalar
        }
    }
}
