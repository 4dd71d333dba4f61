import IR

/// What a drawing is written as.
package enum DrawingFormat {
    /// Graphviz' text, for other programs.
    case dot
    /// A picture.
    case painted(GraphvizRenderer.Format)

    /// The format that a file name's extension names; nil if there is none.
    package init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        let suffix = fileName[fileName.index(after: dot)...].lowercased()
        if suffix == "dot" {
            self = .dot
        } else if let format = GraphvizRenderer.Format(rawValue: suffix) {
            self = .painted(format)
        } else {
            return nil
        }
    }
}

extension Drawing {
    /// Writes the drawing to a file whose extension says the format: `.svg`, `.png`, `.pdf`, or `.dot` for Graphviz' text.
    ///
    /// - Throws: ``HarrierError`` if the extension is another one, the drawing cannot be painted, or the file not be written.
    public func write(to path: String) throws {
        switch DrawingFormat(fileName: path) {
        case .dot: try WholeFile.write(dot().utf8, to: path)
        case .painted(let format):
            try WholeFile.write(try GraphvizRenderer.render(dot: dot(), format: format), to: path)
        case nil: throw HarrierError("must end in .svg, .png, .pdf or .dot", file: path)
        }
    }
}
