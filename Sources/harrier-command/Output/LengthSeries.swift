import Foundation
import Harrier

/// What a model costs at several lengths of its open dimensions.
struct LengthSeries {
    /// One choice of lengths.
    struct Row {
        /// The lengths by the dimensions' names.
        let dimensions: [String: Int]
        /// What the model costs then.
        let profile: Profile
    }

    /// The choices, in order; at least one.
    let rows: [Row]
    /// The network that times are for.
    let network: Network

    /// A row a choice.
    func table(_ style: Style) -> String {
        let names = rows[0].dimensions.keys.sorted()
        var table = TextTable(
            names.map { .right($0) } + [
                .right("online"), .right("rounds"), .right("offline"), .right("rounds"), .right("time on \(network)"),
                .right("unpriced"),
            ])
        for row in rows {
            let total = row.profile.total
            table.add(
                names.map { "\(row.dimensions[$0] ?? 0)" } + [
                    ByteFormat.bytes(total.online.bytes), ByteFormat.count(total.online.rounds),
                    ByteFormat.bytes(total.offline.bytes), ByteFormat.count(total.offline.rounds),
                    DurationFormat.seconds(network.seconds(total.online)),
                    row.profile.unpriced.isEmpty ? "" : ByteFormat.count(row.profile.unpriced.count),
                ])
        }
        let info = rows[0].profile.framework
        return style.bold("\(rows[0].profile.model.printable) under \(info.title) \(info.version)")
            + ", \(info.parties) parties\n\n" + table.render(style)
    }

    /// The rows as JSON: `model`, `framework`, and under `lengths` of each choice its `dimensions`, `totals`, `seconds` on the network
    /// and the number of nodes that are `unpriced`.
    func json() throws -> Data {
        try JSONOutput.encode(
            Document(
                model: rows[0].profile.model, framework: rows[0].profile.framework.name, network: "\(network)",
                lengths: rows.map { row in
                    Document.Row(
                        dimensions: row.dimensions, totals: CostDocument(row.profile.total),
                        seconds: network.seconds(row.profile.total.online), unpriced: row.profile.unpriced.count)
                }))
    }

    private struct Document: Encodable {
        struct Row: Encodable {
            var dimensions: [String: Int]
            var totals: CostDocument
            var seconds: Double
            var unpriced: Int
        }
        var model: String
        var framework: String
        var network: String
        var lengths: [Row]
    }
}
