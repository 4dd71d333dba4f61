import Testing

@testable import Render

@Suite("names in drawings")
struct EscapeTests {
    @Test(
        "long names are cut in the middle to their limit",
        arguments: [("abcdefgh", 8, "abcdefgh"), ("abcdefghi", 8, "abc…fghi"), ("abcdefghi", 5, "ab…hi")])
    func limit(name: String, limit: Int, expected: String) {
        let text = Escape.html(name, limit: limit)
        #expect(text == expected)
        #expect(text.unicodeScalars.count <= limit)
    }

    @Test("markup, control characters and turned text are harmless")
    func harmless() {
        #expect(
            Escape.html("<b>&\"'\u{1}\u{7F}\u{202E}", limit: 80) == "&lt;b&gt;&amp;&quot;&#39;\u{2401}\u{2421}\u{FFFD}")
        #expect(Escape.quoted("a\\N\n\"") == "\"a\\\\N&#10;&quot;\"")
    }
}
