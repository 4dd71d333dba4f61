import Mustache

/// Escapes text for HTML, in texts and in quoted attributes.
///
/// The template library's own escaping goes by characters as Swift has them, so that a quote with a combining accent after it, which
/// is another character to Swift but still a quote to a browser, would pass. This one goes by Unicode scalars.
struct ScalarHTML: MustacheContentType {
    /// The name by which a template asks for it.
    static let name = "HTML_BY_SCALARS"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    /// The text with everything replaced that means something in HTML, that HTML forbids, or that would turn the direction of the
    /// text around it.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(isFit(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return result
    }

    private static func isFit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: true
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFDD0...0xFDEF: false
        default: scalar.value & 0xFFFE != 0xFFFE
        }
    }
}
