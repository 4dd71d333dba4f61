import IR
import Pricing

extension Drawing {
    /// The drawing in Graphviz's language, the same text for the same drawing.
    ///
    /// Names appear escaped and shortened in labels and whole in tooltips; nothing in it refers to a file or an
    /// address.
    ///
    /// - Parameter hasLegend: whether title, totals, scale and notes stand above the drawing; without, for pages that say
    ///   them in their own way.
    public func dot(hasLegend: Bool = true) -> String {
        var writer = DOTWriter(scale: scale, isPacked: panels.count > 1)
        let boxes = panels.reduce(0) { $0 + $1.nodes.count }
        writer.open("digraph harrier {")
        writer.line(
            "graph [bgcolor=white, fontname=\(DOTWriter.font), fontsize=11, labelloc=t, labeljust=l, margin=0,"
                + " nodesep=0.22, nslimit=1, nslimit1=1, outputorder=edgesfirst, pad=0.25, rankdir=TB,"
                // Splines of a large graph take longer than its layout.
                + " splines=\(boxes > 1000 ? "polyline" : "spline"), \(arrangement), tooltip=\(Escape.quoted(configuration)),"
                + " \(hasLegend ? "label=<\(legend())>" : "label=\"\"")];"
        )
        writer.line(
            "node [shape=box, style=\"filled,rounded\", fontname=\(DOTWriter.font), fontsize=11,"
                + " margin=\"0.10,0.05\", height=0.3, penwidth=0.8, color=\"#808080\"];")
        writer.line("edge [fontname=\(DOTWriter.font), fontsize=10, fontcolor=\"#303030\"];")
        for panel in panels { writer.write(panel) }
        writer.close()
        return writer.text
    }

    /// Each graph of a comparison is laid out by itself, and then they are put side by side in order, tops aligned.
    private var arrangement: String {
        panels.count > 1 ? "pack=24, packmode=array_ti2, ranksep=0.14" : "ranksep=0.2"
    }
}

/// Writes panels as DOT, one statement a line.
struct DOTWriter {
    /// Fonts that every reader of SVG has one of.
    static let font = "\"Helvetica,Arial,sans-serif\""
    /// The colour of what changed, far from every colour of the scale.
    static let changeColour = "#0b57d0"

    let scale: HeatScale
    /// Whether Graphviz lays out parts by themselves; it then forgets to make room for the text on lines.
    let isPacked: Bool
    private(set) var text = ""
    private var indentation = 0

    init(scale: HeatScale, isPacked: Bool) {
        self.scale = scale
        self.isPacked = isPacked
    }

    mutating func line(_ content: String) {
        text += String(repeating: "  ", count: indentation) + content + "\n"
    }

    mutating func open(_ content: String) {
        line(content)
        indentation += 1
    }

    mutating func close() {
        indentation -= 1
        line("}")
    }

    mutating func write(_ panel: Drawing.Panel) {
        var number = 0
        let prefix = panel.heading ?? "module"
        if panel.heading != nil {
            open("subgraph \"cluster_\(prefix)\" {")
            line(
                "graph [label=<\(heading(panel))>, labeljust=c, style=\"filled,rounded\", fillcolor=\"#fcfcfc\","
                    + " color=\"#606060\", margin=14, id=\"\(prefix)\", tooltip=\"\(prefix)\"];")
        }
        write(panel.root, of: panel, prefix: prefix, number: &number)
        for edge in panel.edges { line(statement(edge, panel)) }
        if panel.heading != nil { close() }
    }

    private func heading(_ panel: Drawing.Panel) -> String {
        var result = "<FONT POINT-SIZE=\"16\"><B>\(panel.heading ?? "")</B></FONT>"
        if let total = panel.total {
            result += "<BR/>\(ByteFormat.bytes(total.online.bytes)), \(ByteFormat.rounds(total.online.rounds))"
        }
        return result
    }

    private mutating func write(
        _ cluster: Drawing.Cluster, of panel: Drawing.Panel, prefix: String, number: inout Int
    ) {
        for node in cluster.nodes { line(statement(panel.nodes[node], panel)) }
        for child in cluster.children {
            number += 1
            open("subgraph \"cluster_\(prefix)_\(number)\" {")
            let name = child.scope.description
            line(
                "graph [label=<\(label(child, inside: cluster.scope, panel))>, labeljust=l, style=rounded, color=\"#b0b0b0\", margin=9,"
                    + " id=\"\(prefix)_\(number)\", tooltip=\(Escape.quoted(name))];")
            write(child, of: panel, prefix: prefix, number: &number)
            close()
        }
    }

    /// The frame's name as far as the frame around it does not say it, and what it sends.
    private func label(_ cluster: Drawing.Cluster, inside frame: Scope, _ panel: Drawing.Panel) -> String {
        let hasTraffic = (cluster.cost?.online.bytes ?? 0) > 0
        let sums = hasTraffic ? cluster.cost.map { figures($0, of: panel, withRounds: false) } : nil
        let name = DisplayName.path(cluster.scope, inside: frame)
        let title = cluster.repetition.map { "\(name)–\($0.last) × \($0.count)" } ?? name
        let lost = (cluster.lost?.online.bytes).flatMap { $0 > 0 ? "lost: \(ByteFormat.bytes($0))" : nil }
        return Self.pair(
            Escape.html(title, limit: 48), [sums, lost].compactMap { $0 }.joined(separator: " · "))
    }

    /// Bytes, rounds and share, as far as there are any.
    func figures(_ cost: Cost, of panel: Drawing.Panel, withRounds: Bool = true) -> String {
        var parts = [ByteFormat.bytes(cost.online.bytes)]
        if withRounds { parts.append(ByteFormat.rounds(cost.online.rounds)) }
        if let total = panel.total, let share = ByteFormat.share(cost.online.bytes, of: total.online.bytes) {
            parts.append(share)
        }
        return parts.map { Escape.html($0, limit: 40) }.joined(separator: " · ")
    }

    private func statement(_ edge: Drawing.Edge, _ panel: Drawing.Panel) -> String {
        let bytes = edge.bytes ?? 0
        let ends = [panel.nodes[edge.from], panel.nodes[edge.to]]
        var attributes = ["color=\"\(colour(edge))\"", "tooltip=\(Escape.quoted(edge.tooltip))"]
        if edge.change == .lost { attributes.append("style=dashed") }
        let width = scale.width(bytes)
        attributes.append("penwidth=\(decimal(width))")
        if ends[1].kind == .junction {
            attributes.append("arrowhead=none")
        } else {
            // The outline of a head is as wide as the line, so that it grows nearly by itself.
            attributes.append("arrowsize=\(decimal(0.5 + 0.04 * width))")
        }
        if ends[1].kind == .junction { attributes.append("weight=8") }
        if bytes > 0 {
            // Graphviz puts the middle of a text beside the middle of a line, however wide that is.
            let space = String(repeating: " ", count: 1 + Int(width / 2))
            attributes.append("label=\"\(space)\(ByteFormat.bytes(bytes))\(space)\"")
            if isPacked { attributes.append("minlen=2") }
        }
        return "\(ends[0].id) -> \(ends[1].id) [\(attributes.joined(separator: ", "))];"
    }

    /// The colour of the traffic; that of a change where nothing is sent.
    private func colour(_ edge: Drawing.Edge) -> String {
        let bytes = edge.bytes ?? 0
        return edge.change != .none && scale.step(bytes) == 0 ? Self.changeColour : scale.lineColour(bytes)
    }

    private func decimal(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let fraction = String(hundredths % 100)
        return "\(hundredths / 100)." + (fraction.count == 1 ? "0" : "") + fraction
    }
}
