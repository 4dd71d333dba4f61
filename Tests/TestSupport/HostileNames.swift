/// Names that try to break out of labels, DOT, XML, tables, spreadsheets, stacks, or the terminal. Some are there twice.
public enum HostileNames {
    /// The names.
    public static let all: [String] = [
        "\"]; x [URL=\"javascript:alert(1)\"", "<script>alert(1)</script>", "a&b&lt;&#0;&amp", "line\nfeed\r\ttab",
        "nul\0nul", "\u{1}\u{1B}[31m\u{7F}\u{85}\u{9B}2J", "\\N \\G \\", ">>]>", "<IMG SRC=\"/etc/passwd\"/>",
        "日本語 — é 🦅", "\u{202E}gnp.exe", String(String.UnicodeScalarView(nonCharacters)),
        "e" + String(repeating: "\u{301}", count: 500), "' onload='x", "", " ", "/", "//", "/a//b/Relu", "same", "same",
        "-->", "]]>", "%n%s", "${HOME}", "{a|b}", "=HYPERLINK(\"x\";\"y\")", "+1", "-2+3", "@SUM(A1)", "a;b;c 12",
        "| cell |", "`code` *bold* [link](x)", "a,b\"c", String(repeating: "long/", count: 2000),
    ]

    private static let nonCharacters = [0xFFFE, 0xFFFF, 0xFDD0].compactMap(Unicode.Scalar.init)
}
