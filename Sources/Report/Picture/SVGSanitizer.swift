import IR
import Render

/// Turns Graphviz' SVG into SVG that can stand in a page: only shapes and texts are left of it, with the attributes that say where
/// they are and how they look. Links, scripts, styles and references to anything outside have no way through.
///
/// Ids get a prefix, so that several drawings can stand in one page. What Graphviz writes as the title of a link, the tooltip,
/// becomes the title of the group.
struct SVGSanitizer {
    /// What ids begin with.
    let prefix: String

    /// The drawing that DOT text describes, as an `<svg>` element.
    ///
    /// - Throws: ``HarrierError`` if Graphviz fails on the text.
    static func svg(dot: String, prefix: String) throws -> String {
        let root = try SVGParser.parse(try GraphvizRenderer.render(dot: dot, format: .svg))
        guard root.name == "svg", let viewBox = root.attributes["viewBox"], isHarmless(viewBox) else {
            throw HarrierError("Graphviz wrote no SVG")
        }
        let content = SVGSanitizer(prefix: prefix).written(root.children)
        return "<svg class=\"drawing\" viewBox=\"\(viewBox)\">\(content)</svg>"
    }

    private func written(_ elements: [SVGElement]) -> String {
        elements.reduce(into: "") { $0 += written($1) }
    }

    private func written(_ element: SVGElement) -> String {
        switch element.name {
        case "g" where element.attributes["class"] == nil: written(element.children)
        case "a": written(element.children)
        case "g": group(element)
        case "text": "<text\(attributes(element))>\(ScalarHTML.escaped(element.text))</text>"
        case "path", "polygon", "polyline", "ellipse":
            isBackground(element) ? "" : "<\(element.name)\(attributes(element))/>"
        default: ""
        }
    }

    private func group(_ element: SVGElement) -> String {
        let kind = element.attributes["class"] ?? ""
        guard ["graph", "cluster", "node", "edge"].contains(kind) else { return written(element.children) }
        var start = "<g class=\"\(kind)\""
        if let id = element.attributes["id"], kind != "edge", Self.isIdentifier(id) {
            start += " id=\"\(prefix)-\(id)\""
        }
        if let transform = element.attributes["transform"], Self.isHarmless(transform) {
            start += " transform=\"\(transform)\""
        }
        let tooltip = kind == "graph" ? "" : Self.tooltip(element.children)
        let title = tooltip.isEmpty ? "" : "<title>\(ScalarHTML.escaped(tooltip))</title>"
        return start + ">" + title + written(element.children) + "</g>\n"
    }

    /// The title of the link in a group, wherever in it.
    private static func tooltip(_ elements: [SVGElement]) -> String {
        for element in elements {
            if let title = element.attributes["xlink:title"] { return title }
            if element.attributes["class"] == nil {
                let title = tooltip(element.children)
                if !title.isEmpty { return title }
            }
        }
        return ""
    }

    /// The page has a background of its own.
    private func isBackground(_ element: SVGElement) -> Bool {
        element.attributes["fill"] == "white" && element.attributes["stroke"] == "transparent"
    }

    private func attributes(_ element: SVGElement) -> String {
        Self.allowed.reduce(into: "") { text, name in
            guard let value = element.attributes[name], Self.isHarmless(value) else { return }
            text += " \(name)=\"\(value == "transparent" ? "none" : value)\""
        }
    }

    /// Attributes that are kept, in the order in which they are written.
    private static let allowed = [
        "cx", "cy", "rx", "ry", "x", "y", "d", "points", "fill", "stroke", "stroke-width", "stroke-dasharray",
        "font-size",
        "font-weight", "font-style", "text-anchor",
    ]

    /// Numbers, colours, paths and transformations consist of these; addresses and markup do not.
    private static func isHarmless(_ value: String) -> Bool {
        !value.contains("url") && value.utf8.allSatisfy { isIdentifier($0) || " ,.#()+".utf8.contains($0) }
    }

    private static func isIdentifier(_ id: String) -> Bool { !id.isEmpty && id.utf8.allSatisfy { isIdentifier($0) } }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
