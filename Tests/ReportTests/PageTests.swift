import Foundation
import IR
import Pricing
import Rewrite
import Testing

@testable import Report

@Suite("parts of a page")
struct PageTests {
    @Test(
        "escaping goes by Unicode scalars",
        arguments: [
            ("a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;"), ("\"\u{301}x", "&quot;\u{301}x"),
            ("<\u{FE0F}", "&lt;\u{FE0F}"),
            ("a\0b\u{202E}c\u{85}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}"), ("tab\tline\n", "tab\tline\n"),
            ("é 🦅 日本", "é 🦅 日本"),
        ])
    func escaping(text: String, expected: String) { #expect(ScalarHTML.escaped(text) == expected) }

    @Test("what is no character, which HTML forbids, is replaced")
    func nonCharacters() {
        let forbidden = [0xFFFE, 0x1FFFF, 0xFDD0].compactMap(Unicode.Scalar.init).map { String(Character($0)) }
        #expect(forbidden.map(ScalarHTML.escaped) == ["\u{FFFD}", "\u{FFFD}", "\u{FFFD}"])
    }

    @Test(
        "SHA-256 of the examples of FIPS 180-4 and of lengths around a block",
        arguments: [
            ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE="
            ),
        ])
    func hash(text: String, expected: String) { #expect(SHA256.base64(text.utf8) == expected) }

    @Test("Graphviz' XML is read with its references and comments")
    func parsing() throws {
        let root = try SVGParser.parse(
            Array(
                """
                <?xml version="1.0"?><!DOCTYPE svg PUBLIC "x"><!-- a > b -->
                <svg viewBox="0 0 1 1"><g id="n1"><text x="1">a &lt;&#45;&#x41;&amp; b</text><path d="M0,0"/></g></svg>
                """.utf8))
        #expect(root.name == "svg")
        let group = try #require(root.children.first)
        #expect(group.attributes["id"] == "n1")
        #expect(group.children.map(\.name) == ["text", "path"])
        #expect(group.children[0].text == "a <-A& b")
    }

    @Test(
        "what is no XML is an error, and never a crash",
        arguments: [
            "", "<svg>", "<svg></g>", "<svg a>", "<svg a=\"b", "<svg>&unknown;</svg>", "<svg>&#x110000;</svg>", "<",
            "</svg>", "<!--",
            "<svg>&#;</svg>", "&",
        ])
    func brokenXML(text: String) {
        #expect(throws: HarrierError.self) { _ = try SVGParser.parse(Array(text.utf8)) }
    }

    @Test("nothing but shapes and texts is left of a drawing")
    func sanitizing() throws {
        let svg = try SVGSanitizer.svg(
            dot: """
                digraph { graph [URL="https://example.org/", tooltip="t"];
                  a [id="a", URL="javascript:alert(1)", tooltip="<b>tip</b>", label=<<B>x</B>>, fillcolor="red:blue", style=filled];
                  b [id="b\\"><script>", target="_blank", href="file:///etc/passwd", image="/etc/passwd"]; a -> b; }
                """, prefix: "p")
        #expect(svg.hasPrefix("<svg class=\"drawing\" viewBox=\""))
        #expect(svg.contains("id=\"p-a\"") && svg.contains("&lt;b&gt;tip&lt;/b&gt;"))
        for part in ["href", "script>", "javascript", "url(", "image", "passwd", "xlink", "<a", "linearGradient"] {
            #expect(!svg.contains(part), "\(part)")
        }
    }

    @Test("an empty model makes a page")
    func empty() throws {
        let framework = FrameworkInfo(
            name: "f", title: "F", version: "1", threatModel: "", parties: 2, supportedParties: 2...2,
            configuration: [:],
            configurationKeys: [], offline: "")
        let profile = Profile(
            model: "", framework: framework, entries: [], unpriced: [], inputOutput: .zero, criticalPathRounds: 0)
        for subject in [
            ReportPage.Subject.profile, .optimization(objective: "time"), .comparison, .suggestion(objective: "time"),
        ] {
            let page = ReportPage(model: "", subject: subject, network: .wan, runs: [PricedRun(profile, title: "")])
            let html = try page.html()
            #expect(html.hasSuffix("</html>\n"))
        }
    }
}
