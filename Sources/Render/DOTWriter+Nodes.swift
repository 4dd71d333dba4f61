import IR
import Pricing

extension DOTWriter {
    /// The statement that draws a box.
    func statement(_ node: Drawing.Node, _ panel: Drawing.Panel) -> String {
        var attributes = ["id=\"\(node.id)\"", "tooltip=\(Escape.quoted(node.tooltip))"]
        switch node.kind {
        case .operator, .module: attributes += heatAttributes(node, panel)
        case .input, .output:
            attributes += ["shape=oval", "style=filled", "fillcolor=\"#e3ecf7\"", "label=<\(terminalLabel(node))>"]
        case .junction:
            attributes += [
                "shape=point", "width=0.06", "height=0.06", "style=filled", "color=\"#606060\"", "label=\"\"",
            ]
        }
        return "\(node.id) [\(attributes.joined(separator: ", "))];"
    }

    private func terminalLabel(_ node: Drawing.Node) -> String {
        Self.pair(node.title, Escape.html(node.name, limit: 32)) + row(Escape.html(node.shape, limit: 40))
    }

    /// Bold text and plain text beside it. The space between belongs to the bold text, whose end is not painted; at
    /// the start of the plain text some painters would drop it.
    static func pair(_ bold: String, _ plain: String) -> String {
        plain.isEmpty ? "<B>\(bold)</B>" : "<B>\(bold)&#160;</B>\(plain)"
    }

    private func row(_ content: String) -> String { content.isEmpty ? "" : "<BR/>" + content }

    private func heatAttributes(_ node: Drawing.Node, _ panel: Drawing.Panel) -> [String] {
        let colours = panel.total == nil ? ("#ffffff", "#000000") : scale.areaColours(node.cost?.online.bytes ?? 0)
        var attributes = [
            "fillcolor=\"\(colours.0)\"", "fontcolor=\"\(colours.1)\"", "label=<\(label(node, panel))>",
        ]
        if case .module = node.kind { attributes.append("peripheries=2") }
        switch node.change {
        case .none: break
        case .removed, .inside(added: 0, changed: 0, _):
            attributes += ["style=\"filled,rounded,dashed\"", "color=\"\(DOTWriter.changeColour)\"", "penwidth=2.5"]
        case .changed:
            attributes += ["style=\"filled,rounded,dotted\"", "color=\"\(DOTWriter.changeColour)\"", "penwidth=3.5"]
        case .added, .inside: attributes += ["color=\"\(DOTWriter.changeColour)\"", "penwidth=3.5"]
        }
        return attributes
    }

    private func label(_ node: Drawing.Node, _ panel: Drawing.Panel) -> String {
        let name = Escape.html(node.title, limit: 40)
        let title = (node.change == .removed ? "<S>\(name)</S>" : name) + (node.copies > 1 ? " × \(node.copies)" : "")
        var result = Self.pair(title, Escape.html(node.name, limit: 40))
        if case .module(let operators) = node.kind {
            result += row("<FONT POINT-SIZE=\"9\">\(Escape.html(census(operators), limit: 60))</FONT>")
        }
        result += row(Escape.html(node.shape, limit: 48))
        result += row(price(node, panel))
        switch node.change {
        case .none: break
        case .added(let rule): result += row("<B>new\(rule.map { ": " + Escape.html($0, limit: 40) } ?? "")</B>")
        case .changed(let rule): result += row("<B>changed\(rule.map { ": " + Escape.html($0, limit: 40) } ?? "")</B>")
        case .removed: result += row("<B>lost</B>")
        case .inside(let added, let changed, let removed):
            let parts = [(added, "new"), (changed, "changed"), (removed, "lost")].filter { $0.0 > 0 }.map {
                "\($0.0) \($0.1)"
            }
            result += row("<B>\(parts.joined(separator: ", "))</B>")
        }
        return node.operands.isEmpty ? result : operandTable(node.operands, above: result)
    }

    /// The box with a patch for each operand that no line leads to, in the colour a line would have.
    private func operandTable(_ operands: [Drawing.Operand], above text: String) -> String {
        let rows = operands.map { operand in
            let colours = scale.areaColours(operand.bytes ?? 0)
            var parts = [Escape.html(operand.title, limit: 28), Escape.html(operand.shape, limit: 32)]
            if let bytes = operand.bytes, bytes > 0 { parts.append("· " + ByteFormat.bytes(bytes)) }
            let content = parts.filter { !$0.isEmpty }.joined(separator: " ")
            return "<TR><TD BORDER=\"1\" COLOR=\"#808080\" BGCOLOR=\"\(colours.area)\">"
                + "<FONT POINT-SIZE=\"9\" COLOR=\"\(colours.text)\">\(content)</FONT></TD></TR>"
        }
        return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"1\">\(rows.joined())"
            + "<TR><TD>\(text)</TD></TR></TABLE>"
    }

    private func price(_ node: Drawing.Node, _ panel: Drawing.Panel) -> String {
        guard panel.total != nil else { return "" }
        guard let cost = node.cost else { return "<I>no price</I>" }
        return cost.online == .zero ? "" : figures(cost, of: panel)
    }

    /// The commonest operators with their numbers: `3 Conv, 2 Relu, …`.
    private func census(_ operators: [String: Int]) -> String {
        let order = operators.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = order.prefix(4).map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return order.count > 4 ? shown + ", …" : shown
    }
}
