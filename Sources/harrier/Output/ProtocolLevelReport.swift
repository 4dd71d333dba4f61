import Pricing
import Rewrite

/// What protocol-level rewrites did, apart from what any runtime can have.
struct ProtocolLevelReport {
    /// The level that was asked for.
    let level: String
    /// The rules that could be used.
    let rules: [Rule]
    /// What they did; nil if nothing.
    let result: LevelOptimizer.ProtocolLevel?

    /// One rewrite as JSON.
    struct Rewrite: Encodable {
        let rule: String
        let nodes: [String]
        let saved: TrafficDocument
        let needs: String
    }

    /// The rewrites as JSON.
    var document: [Rewrite] {
        (result?.rewrites ?? []).map {
            Rewrite(
                rule: $0.rule, nodes: $0.nodes, saved: TrafficDocument($0.saved.online + $0.saved.offline),
                needs: needs($0.rule))
        }
    }

    /// The rewrites as a table, with what each needs of a runtime; empty if there are none.
    func table(_ style: Style) -> String {
        guard let result else { return "" }
        var order: [String] = []
        var sums: [String: (count: Int, saved: Cost)] = [:]
        for rewrite in result.rewrites {
            if sums[rewrite.rule] == nil { order.append(rewrite.rule) }
            let sum = sums[rewrite.rule] ?? (0, .zero)
            sums[rewrite.rule] = (sum.count + 1, sum.saved + rewrite.saved)
        }
        var table = TextTable([
            .right("times"), .right("bytes saved"), .right("rounds saved"), .left("rule"), .left("the runtime's part"),
        ])
        for rule in order {
            guard let sum = sums[rule] else { continue }
            let traffic = sum.saved.online + sum.saved.offline
            table.add([
                "\(sum.count)", ByteFormat.bytes(traffic.bytes), ByteFormat.count(traffic.rounds), rule, needs(rule),
            ])
        }
        var text = "\nThe following needs the runtime's help (docs/PROTOCOL-LEVEL.md):\n" + table.render(style)
        if result.session != .zero {
            text += "A session opens weights once, outside the totals: "
            text += "\(ByteFormat.bytes(result.session.offline.bytes)).\n"
        }
        return text
    }

    private func needs(_ rule: String) -> String { rules.first { $0.name == rule }?.needs ?? "" }
}
