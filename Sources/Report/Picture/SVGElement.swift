/// An element of an SVG file: names, texts and attribute values are decoded.
struct SVGElement {
    /// What is between the tags.
    enum Content {
        case element(SVGElement)
        case text(String)
    }

    /// The name of the tag.
    var name: String
    /// The attributes.
    var attributes: [String: String] = [:]
    /// What is between the tags, in order.
    var contents: [Content] = []

    /// The elements between the tags, in order.
    var children: [SVGElement] {
        contents.compactMap { content in
            if case .element(let element) = content { element } else { nil }
        }
    }

    /// The text between the tags, without that of elements in it.
    var text: String {
        contents.reduce(into: "") { text, content in
            if case .text(let part) = content { text += part }
        }
    }
}
