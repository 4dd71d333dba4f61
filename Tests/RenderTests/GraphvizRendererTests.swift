import Foundation
import IR
import Pricing
import Render
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// One after another, so that times are those of the drawing.
@Suite(.serialized) struct GraphvizRendererTests {
    /// Counts elements and keeps their texts and titles; says why a document is not well-formed.
    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var attributes: Set<String> = []
        var text = ""
        var titles: [String] = []
        var paths = 0
        /// Lines of more than one Bézier segment.
        var curved = 0

        func parser(
            _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            elements[element, default: 0] += 1
            self.attributes.formUnion(attributes.keys)
            if let path = attributes["d"], attributes["fill"] == "none", attributes["stroke"] != "#b0b0b0" {
                paths += 1
                if path.split(separator: " ").count > 4 { curved += 1 }
            }
            if let title = attributes["xlink:title"] { titles.append(title) }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }

    private func read(_ svg: [UInt8]) throws -> Reader {
        let reader = Reader()
        let parser = XMLParser(data: Data(svg))
        parser.delegate = reader
        if !parser.parse() { throw try #require(parser.parserError) }
        return reader
    }

    private func comparison() -> String {
        Drawing.comparison(before: Samples.residual(), after: Samples.rewritten()).dot()
    }

    @Test(arguments: [
        (GraphvizRenderer.Format.svg, Array("<?xml".utf8)), (.png, [0x89, 0x50, 0x4E, 0x47]),
        (.pdf, Array("%PDF".utf8)),
    ])
    func paintsEachFormat(format: GraphvizRenderer.Format, start: [UInt8]) throws {
        let bytes = try GraphvizRenderer.render(dot: comparison(), format: format)
        #expect(bytes.starts(with: start))
        #expect(bytes.count > 5000)
    }

    @Test func svgSaysWhatTheDrawingSays() throws {
        let reader = try read(GraphvizRenderer.render(dot: comparison(), format: .svg))
        for text in [
            "before", "after", "Sample 1.0, 2 parties, provider=TFP", "59.4 kB", "lost", "new: drop-relu", "block",
        ] {
            #expect(reader.text.contains(text))
        }
        // What opening the operand of conv2 costs stands on a line of either side only.
        #expect(reader.text.split(separator: "4.10 kB", omittingEmptySubsequences: false).count == 3)
        #expect(reader.titles.contains { $0.contains("online 59,392 bytes, 9 rounds") })
    }

    @Test func hostileNamesStayText() throws {
        let names = Hostile.names
        for group in [names] + names.map({ [$0] }) {
            let model = Hostile.model(names: group)
            for drawing in [
                Drawing(graph: model.graph, profile: model.profile),
                Drawing(graph: model.graph, profile: model.profile, options: .init(depth: 1)),
                .comparison(before: model, after: model),
                .difference(before: model, after: Samples.residual()),
            ] {
                let reader = try read(GraphvizRenderer.render(dot: drawing.dot(), format: .svg))
                #expect(
                    Set(reader.elements.keys).isSubset(of: [
                        "svg", "g", "title", "a", "polygon", "path", "text", "ellipse", "polyline",
                    ]))
                #expect(!reader.attributes.contains { $0.hasSuffix("href") || $0.hasPrefix("on") })
            }
        }
    }

    @Test func longNamesAreWholeInTooltipsOnly() throws {
        let name = "start" + String(repeating: "x", count: 10_000) + "end"
        let model = Hostile.model(names: [name])
        let dot = Drawing(graph: model.graph, profile: model.profile).dot()
        let reader = try read(GraphvizRenderer.render(dot: dot, format: .svg))
        #expect(reader.titles.contains { $0.contains(name) })
        #expect(!reader.text.contains(String(repeating: "x", count: 100)))
        #expect(reader.text.contains("startx"))
    }

    @Test(arguments: ["", "digraph {", "graph", "no graph at all"])
    func refusesWhatIsNoDrawing(dot: String) {
        #expect(throws: HarrierError.self) { try GraphvizRenderer.render(dot: dot, format: .svg) }
    }

    @Test func bitmapsOfLargeDrawingsAreLimited() throws {
        let model = Samples.chain(modules: 125, length: 12)
        let dot = Drawing(graph: model.graph, profile: model.profile, options: .init(depth: 9)).dot()
        let bytes = try GraphvizRenderer.render(dot: dot, format: .png)
        // Width and height follow the signature and the chunk header, four bytes each.
        let sides = [16, 20].map { start in bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        #expect(sides[0] > 0 && sides[0] <= 16_100)
        #expect(sides[1] > 0 && sides[1] <= 16_100)
        #expect(sides[0] * sides[1] <= 41_000_000)
    }

    @Test func equalTextGivesEqualPictures() throws {
        let pictures = try (0..<4).map { _ in try GraphvizRenderer.render(dot: comparison(), format: .svg) }
        #expect(Set(pictures).count == 1)
    }

    @Test func theGraphBeforeStandsLeft() throws {
        for (first, second) in [(3, 9), (9, 3)] {
            let drawing = Drawing.comparison(
                before: Samples.chain(modules: 2, length: first), after: Samples.chain(modules: 2, length: second))
            let svg = String(decoding: try GraphvizRenderer.render(dot: drawing.dot(), format: .svg), as: UTF8.self)
            let places = try ["before", "after"].map { heading in
                let line = try #require(
                    svg.split(separator: "\n").first { $0.contains("16.00") && $0.contains(">\(heading)<") })
                let place = try #require(line.firstMatch(of: /x="([0-9.]+)"/))
                return try #require(Double(place.1))
            }
            #expect(places[0] < places[1])
        }
    }

    @Test func whatTakesTooLongIsDrawnWithStraightLines() throws {
        let model = Samples.tangle(nodes: 200)
        let dot = Drawing(graph: model.graph, profile: model.profile).dot()
        let fine = try read(GraphvizRenderer.render(dot: dot, format: .svg))
        let coarse = try read(GraphvizRenderer.render(dot: dot, format: .svg, fineLayoutLimit: .zero))
        #expect(fine.curved > 200)
        // Lines between neighbours of one height stay curved.
        #expect(coarse.curved < 40)
        #expect(coarse.paths == fine.paths)
    }

    @Test(arguments: [(7, 25), (125, 12)])
    func largeGraphsAreDrawnUnfolded(modules: Int, length: Int) throws {
        let model = Samples.chain(modules: modules, length: length)
        let dot = Drawing(graph: model.graph, profile: model.profile, options: .init(depth: 9)).dot()
        let svg = try GraphvizRenderer.render(dot: dot, format: .svg)
        #expect(try read(svg).elements["ellipse", default: 0] >= 3)
    }

    /// With modules to fold, and without.
    @Test(arguments: [true, false])
    func largerGraphsAreFoldedWithAWordAboutIt(scoped: Bool) throws {
        let model = Samples.chain(modules: 1000, length: 20, scoped: scoped)
        let drawing = Drawing(graph: model.graph, profile: model.profile)
        let svg = try GraphvizRenderer.render(dot: drawing.dot(), format: .svg)
        #expect(try read(svg).text.contains("The graph has 20000 operators, more than 400: "))
    }
}
