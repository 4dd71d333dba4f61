import Foundation
import Harrier

/// A calibration as people read it on a terminal.
struct CalibrationTable {
    let calibration: CalibrationResult
    /// The most rows of a table; nil for all of them.
    let limit: Int?
    let style: Style

    /// The whole report.
    func render() -> String {
        var text = heading + "\n" + totals
        text += section("by operator", calibration.operators, first: "operator", count: "nodes")
        text += section("by layer", calibration.nodes, first: "layer", count: nil)
        text += section("by kernel", calibration.kernels, first: "kernel", count: "calls")
        text += list("measured, but not in the model", calibration.unknown)
        text += list("not measured", calibration.unmeasured)
        return text
    }

    private var heading: String {
        let info = calibration.framework
        let title = calibration.model.isEmpty ? "measured layers" : calibration.model.printable
        return style.bold("\(title) under \(info.title) \(info.version)") + ", \(info.parties) parties: "
            + "predicted and measured online\n"
    }

    private var totals: String {
        var table = TextTable([.left(""), .right("predicted"), .right("measured"), .right("measured / predicted")])
        let total = calibration.total
        let predicted = total.predicted ?? .zero
        table.add([
            "bytes", ByteFormat.count(predicted.bytes), total.measured.bytes.map(ByteFormat.count) ?? "?",
            ratio(total.measured.bytes, predicted.bytes),
        ])
        table.add([
            "rounds", ByteFormat.count(predicted.rounds), total.measured.rounds.map(ByteFormat.count) ?? "?",
            ratio(total.measured.rounds, predicted.rounds),
        ])
        return table.render(style)
    }

    /// A quotient with as many digits as tell it from 1.
    private func ratio(_ measured: Int?, _ predicted: Int) -> String {
        guard let measured else { return "?" }
        if measured == predicted { return "equal" }
        guard predicted != 0 else { return "∞" }
        let quotient = Double(measured) / Double(predicted)
        for digits in 3..<9 {
            let text = String(format: "%.\(digits)f", quotient)
            if Double(text) != 1 { return text }
        }
        return "1"
    }

    /// Those rows of a table that part, worst first, and how many agree.
    private func section(_ title: String, _ rows: [CalibrationResult.Row], first: String, count: String?) -> String {
        guard !rows.isEmpty else { return "" }
        let parting = rows.filter { !$0.agrees }
        let agreeing = rows.count - parting.count
        var text = "\n" + style.bold(title) + ": "
        if parting.isEmpty { return text + style.green("all \(rows.count) agree") + "\n" }
        text += "\(agreeing) of \(rows.count) agree\n"
        let shown = limit == nil ? rows[...] : parting.prefix(limit ?? 0)
        var columns: [TextTable.Column] = [
            .right("predicted"), .right("measured"), .right("ratio"), .right("rounds"), .right("measured"),
        ]
        if let count { columns.append(.right(count)) }
        var table = TextTable(columns + [.left(first)])
        for row in shown {
            var cells = [
                row.predicted.map { ByteFormat.count($0.bytes) } ?? "no price",
                row.measured.bytes.map(ByteFormat.count) ?? "?",
                row.predicted.map { ratio(row.measured.bytes, $0.bytes) } ?? "",
                row.predicted.map { ByteFormat.count($0.rounds) } ?? "",
                row.measured.rounds.map(ByteFormat.count) ?? "?",
            ]
            if count != nil { cells.append(ByteFormat.count(row.nodes)) }
            table.add(cells + [label(row)])
        }
        text += table.render(style)
        if limit != nil, shown.count < parting.count {
            text += style.dim("The worst \(shown.count) of \(parting.count); --all shows them all.") + "\n"
        }
        return text
    }

    private func label(_ row: CalibrationResult.Row) -> String {
        let op = row.op.isEmpty || row.op == row.name ? "" : " (\(row.op))"
        return row.name + op + (row.reason.map { ": \($0)" } ?? "")
    }

    private func list(_ title: String, _ rows: [CalibrationResult.Row]) -> String {
        guard !rows.isEmpty else { return "" }
        let count = ByteFormat.count(rows.count)
        var text = "\n" + style.yellow("\(count) \(rows.count == 1 ? "layer" : "layers") \(title)") + "\n"
        for row in rows.prefix(limit ?? rows.count) {
            let bytes = (row.measured.bytes ?? row.predicted?.bytes).map { ByteFormat.bytes($0) } ?? "no price"
            text += "  \(row.name.printable)\(row.op.isEmpty ? "" : " (\(row.op.printable))"): \(bytes)\n"
        }
        if let limit, rows.count > limit {
            text += style.dim("  and \(rows.count - limit) more; --all names them all") + "\n"
        }
        return text
    }
}
