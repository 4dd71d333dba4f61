import Foundation
import IR
import Pricing
import Render
import Report
import Testing

@Suite("names that try to break out of a page")
struct HostileNamesTests {
    static let names = [
        "<script>window.broken = true</script>", "</script><script>window.broken = true</script>", "<!--<script>",
        "-->", "]]>",
        "<img src=x onerror=\"window.broken = true\">", "\" onmouseover=\"window.broken = true", "' onload='x",
        "javascript:alert(1)", "a&b&lt;&#0;&amp", "line\nfeed\r\ttab", "nul\0nul", "\u{1}\u{1B}[31m\u{7F}\u{85}",
        "\"\u{301} onfocus=\"x", "<\u{301}script>", "{{title}}", "{{{data}}}", "\u{2028}\u{2029}", "\u{202E}gnp.exe",
        "שלום עולם", "日本語 — é 🦅", "", " ", "same", "same", "__proto__", "constructor", "toString",
        String(repeating: "long/", count: 2000), "e" + String(repeating: "\u{301}", count: 500),
    ]

    /// A chain of operators with those names everywhere that a file can put one, in a page of every part.
    static func page() -> ReportPage {
        var graph = Graph(name: names.joined(separator: " "))
        var last = graph.addInput(names[0], TensorType(.float32, [.symbol(names[0]), .unknown]))
        var entries: [Profile.Entry] = []
        for (index, name) in names.enumerated() {
            let output = graph.add(Value(name: name, type: TensorType(.float32, [.symbol(name)])))
            let scope = Scope([names[index / 4 * 4], name])
            let node = Node(
                name: name, op: OperatorName(name, domain: name), inputs: [last], outputs: [output], scope: scope,
                rule: name)
            graph.append(node)
            let traffic = Traffic(bytes: 1000 + index, rounds: 1)
            let call = Call(name, [Call(name, count: 2, [Call(name, cost: Cost(online: traffic))])])
            entries.append(.init(index: index, name: name, op: node.op, scope: scope, price: OperatorPrice(call)))
            last = output
        }
        graph.outputs = [last]
        let profile = Profile(
            model: names.joined(separator: " "), framework: framework, entries: entries,
            unpriced: names.map { .init(index: 0, name: $0, op: OperatorName($0), reason: $0) }, inputOutput: .zero,
            criticalPathRounds: 0)
        var page = ReportPage(
            model: profile.model, subject: .optimization(objective: names[0]), network: .wan,
            runs: [PricedRun(profile, title: names[0]), PricedRun(profile, title: names[5])])
        let model = Drawing.Model(graph, profile)
        page.pictures = Picture.comparison(before: model, after: model)
        page.rewrites = names.map {
            RewriteRow(rule: $0, summary: $0, exactness: $0, nodes: [$0], saved: profile.total)
        }
        page.variants = names.map { name in
            var variant = Variant(name: name, total: profile.total, divergence: nil, category: name)
            (variant.changes, variant.warnings, variant.file, variant.command) = ([name], [name], name, name)
            (variant.whyUnknown, variant.published) = (name, [name])
            return variant
        }
        page.variants[0].picture = Picture(model, title: names[0], run: nil)
        page.sites = names.map {
            RankedSite(place: $0, rule: $0, category: $0, saving: 1, divergence: nil)
        }
        page.alternatives = names.map {
            AlternativeRow(name: $0, remark: $0, total: profile.total, unpriced: 1)
        }
        page.notes = names
        page.command = names.joined(separator: " ")
        return page
    }

    /// The page, made once.
    private static let html = Result { try page().html() }

    private static let framework = FrameworkInfo(
        name: names[0], title: names[1], version: names[5], threatModel: names[6], parties: 2, supportedParties: 2...2,
        configuration: Dictionary(zip(names, names)) { first, _ in first }, configurationKeys: [], offline: names[2])

    /// A tag as a browser finds it outside of scripts.
    private struct Tag: Hashable {
        var name: String
        var attributes: [String]
    }

    /// The tags of a page, and what stands in its scripts taken out.
    private func tags(_ html: String) throws -> [Tag] {
        let inside = /(?s)(<script[^>]*>|<style>).*?(<\/script>|<\/style>)/
        let markup = html.replacing(inside) { "\($0.output.1)\($0.output.2)" }
        return markup.matches(of: /<([a-zA-Z\/!][^\s>]*)((?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*\/?>/).map { match in
            let attributes = match.output.2.matches(of: /\s([^\s=>"]+)(?:="[^"]*")?/).map { String($0.output.1) }
            return Tag(name: match.output.1.lowercased(), attributes: attributes)
        }
    }

    @Test("make no tag and no attribute that the page does not have without them")
    func markup() throws {
        let html = try Self.html.get()
        let found = try tags(html)
        let known: Set<String> = [
            "!doctype", "html", "head", "meta", "title", "style", "body", "a", "header", "main", "section", "p", "h1",
            "h2",
            "strong", "span", "dl", "div", "dt", "dd", "em", "noscript", "details", "summary", "ul", "li", "code",
            "template",
            "script", "svg", "g", "path", "polygon", "polyline", "ellipse", "text",
        ]
        for tag in Set(found) {
            #expect(known.contains(tag.name.replacing("/", with: "")), "\(tag)")
            #expect(!tag.attributes.contains { $0.lowercased().hasPrefix("on") || $0.contains("src") }, "\(tag)")
        }
        #expect(found.filter { $0.name == "script" }.count == 2)
        #expect(found.filter { $0.name == "a" }.count == 1)
        #expect(found.filter { $0.name == "div" }.count == found.filter { $0.name == "/div" }.count)
    }

    @Test("come out of the page's data as they went in")
    func data() throws {
        let data = try PageData(html: try Self.html.get())
        #expect(data.names(0) == Self.names)
        #expect(data.rewrites.map(\.rule) == Self.names)
        #expect(data.variants.map(\.name) == Self.names)
        #expect(data.variants.flatMap(\.warnings) == Self.names)
        #expect(data.runs[0].missing.map(\.reason) == Self.names)
        #expect(data.scopes[data.runs[0].items.scope[3]] == [Self.names[0], Self.names[3]])
    }

    @Test("leave no character in the data that could end a script or a line of one")
    func script() throws {
        let html = try Self.html.get()
        let start = try #require(html.range(of: "id=\"data\">"))
        let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
        let forbidden: Set<Unicode.Scalar> = ["<", ">", "&", "\u{2028}", "\u{2029}"]
        #expect(!html[start.upperBound..<end.lowerBound].unicodeScalars.contains { forbidden.contains($0) })
        #expect(!html.unicodeScalars.contains("\0"))
    }

    @Test("ids are unique in the page")
    func identifiers() throws {
        let html = try Self.html.get()
        let ids = html.matches(of: /<[a-z]+(?:\s[a-z-]+="[^"]*")*?\sid="([^"]*)"/).map { String($0.output.1) }
        #expect(ids.count > 100)
        #expect(Set(ids).count == ids.count)
    }
}
