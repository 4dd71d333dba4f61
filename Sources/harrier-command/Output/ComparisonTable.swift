import Harrier

/// A comparison of frameworks as people read it on a terminal.
struct ComparisonTable {
    let comparison: Comparison
    let style: Style

    /// The whole report.
    func render() -> String {
        let model = comparison.profiles.first?.model.printable ?? ""
        return style.bold("\(model) under \(comparison.profiles.count) frameworks") + "\n\n" + table + unpriced
    }

    private var table: String {
        let network = comparison.network
        let isNamed = network == .lan || network == .wan
        let networks = isNamed ? [Network.lan, .wan] : [Network.lan, .wan, network]
        var table = TextTable(
            [
                .left("framework"), .right("parties"), .right("online"), .right("rounds"), .right("batched"),
                .right("offline"), .right("rounds"),
            ] + networks.map { .right("on \($0)") } + [.right("unpriced")])
        for profile in comparison.profiles {
            let (online, offline) = (profile.total.online, profile.total.offline)
            table.add(
                [
                    profile.framework.name, "\(profile.framework.parties)", ByteFormat.bytes(online.bytes),
                    ByteFormat.count(online.rounds), ByteFormat.count(profile.criticalPathRounds),
                    ByteFormat.bytes(offline.bytes), ByteFormat.count(offline.rounds),
                ] + networks.map { DurationFormat.seconds($0.seconds(online)) }
                    + [profile.unpriced.isEmpty ? "" : ByteFormat.count(profile.unpriced.count)])
        }
        return table.render(style)
            + style.dim("Online time; 'batched' is the rounds that independent operators batched would need.") + "\n"
    }

    /// What some frameworks cannot run, with the reasons.
    private var unpriced: String {
        let incomplete = comparison.profiles.filter { !$0.unpriced.isEmpty }
        guard !incomplete.isEmpty else { return "" }
        var text = "\n" + style.yellow("Not in the totals, because it has no price:") + "\n"
        for profile in incomplete {
            text += "  \(profile.framework.name)\n"
            for (reason, count) in profile.unpricedReasons { text += "    \(count) × \(reason.printable)\n" }
        }
        return text
    }
}
