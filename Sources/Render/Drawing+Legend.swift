import IR
import Pricing

extension Drawing {
    /// The legend above the drawing: what is drawn, totals, the scale, and what outlines mean.
    func legend() -> String {
        var rows = ["<FONT POINT-SIZE=\"18\"><B>\(Escape.html(title, limit: 60))</B></FONT>"]
        if let framework { rows.append(Escape.html(framework, limit: 160)) }
        rows.append(totals())
        if framework != nil { rows += [swatches(), Drawing.explanation] }
        if panels.contains(where: { $0.nodes.contains { $0.change != .none } }) {
            let words = [("Blue outline", "new, with the rule"), ("dotted", "changed"), ("dashed", "lost")]
            rows.append(
                words.map { "<FONT COLOR=\"\(DOTWriter.changeColour)\"><B>\($0)</B></FONT>: \($1)" }
                    .joined(separator: ";&#160; ") + ".")
        }
        rows += notes.map { Escape.html($0, limit: 160) }
        let cells = rows.map { "<TR><TD ALIGN=\"LEFT\">\($0)</TD></TR>" }.joined()
        return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"3\">\(cells)</TABLE>"
    }

    private static let explanation =
        "Boxes: online bytes sent by all parties, rounds, share of the total. Lines: bytes that opening the operand costs,"
        + "<BR ALIGN=\"LEFT\"/>and what the operator above sends beyond its operands (before a line parts, on the common"
        + " stem). Width: 1 + 7·√share.<BR ALIGN=\"LEFT\"/>"

    private func totals() -> String {
        let columns = [
            ("online bytes", \Cost.online.bytes, true), ("rounds", \Cost.online.rounds, false),
            ("offline bytes", \Cost.offline.bytes, true), ("rounds", \Cost.offline.rounds, false),
        ]
        let costs = summaries.compactMap(\.total)
        let isPriced = costs.count == summaries.count
        func row(_ cells: [String]) -> String {
            "<TR>" + cells.map { "<TD ALIGN=\"RIGHT\">\($0)</TD>" }.joined() + "</TR>"
        }
        func bold(_ text: String) -> String { text.isEmpty ? "" : "<B>\(text)</B>" }
        func figures(_ cost: Cost) -> [String] {
            columns.map { _, path, isBytes in
                isBytes ? ByteFormat.bytes(cost[keyPath: path]) : ByteFormat.count(cost[keyPath: path])
            }
        }
        var rows = [row([""] + (["operators"] + (isPriced ? columns.map(\.0) : [])).map(bold))]
        for summary in summaries {
            let cells = [bold(summary.heading ?? "total"), ByteFormat.count(summary.operatorCount)]
            rows.append(row(cells + (isPriced ? summary.total.map(figures) ?? [] : [])))
        }
        if isPriced, costs.count == 2 {
            let shares = columns.map { _, path, _ in
                ByteFormat.share(costs[0][keyPath: path] - costs[1][keyPath: path], of: costs[0][keyPath: path]) ?? ""
            }
            rows.append(row([bold("saved"), ""] + shares.map { Escape.html($0, limit: 20) }))
        }
        return "<TABLE BORDER=\"1\" COLOR=\"#c8c8c8\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"4\">"
            + rows.joined() + "</TABLE>"
    }

    private func swatches() -> String {
        var cells = "<TD BGCOLOR=\"\(scale.areaColours(0).area)\">local</TD>"
        if scale.maximum > 0 {
            for step in 1...HeatScale.stepCount {
                let bound = scale.upperBound(ofStep: step)
                let colours = scale.areaColours(bound)
                cells +=
                    "<TD BGCOLOR=\"\(HeatScale.colours[step - 1])\"><FONT COLOR=\"\(colours.text)\">"
                    + "≤ \(ByteFormat.bytes(bound))</FONT></TD>"
            }
        }
        return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"1\" CELLPADDING=\"4\"><TR>\(cells)</TR></TABLE>"
    }
}
